"""What we know: the catalogue of procedures (thủ tục hành chính) and the search over it."""
