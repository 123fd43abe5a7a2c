"""Recomputes the catalogue's numbers from an export and lists where file and source disagree."""
