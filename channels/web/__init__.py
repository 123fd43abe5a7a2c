"""The assistant on the web: the portal widget and the portal's pages."""
