"""What the app keeps: replies by message id, and what each conversation was told."""
