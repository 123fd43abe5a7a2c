"""Checks of the data files: every fault at once, told to the person who edits them."""
