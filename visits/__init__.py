"""What was said at the kitchen table."""
