"""One module a change, in order; written once, never altered."""
