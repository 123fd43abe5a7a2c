"""The commands of `python -m knowledge`: one module each, with `add_arguments` and `run`."""
