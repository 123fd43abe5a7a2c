"""Where citizens are: each channel carries messages to the assistant and replies back."""
