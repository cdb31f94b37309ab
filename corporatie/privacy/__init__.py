"""What we keep, and who looked."""
