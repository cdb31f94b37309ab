"""Anything that has a page of its own."""
