"""What the assistant does: fetches facts and hands them to the templates."""
