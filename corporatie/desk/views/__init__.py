"""Pages over all rooms."""
