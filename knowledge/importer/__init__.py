"""From an official export to facts: reads it, keeps what the project added, and says what changed."""
