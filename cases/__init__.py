"""What may be wrong, what we do about it, and who helps."""
