"""The components of the language pipeline that config.yml names."""
