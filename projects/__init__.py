"""Renovation: whom must we take into account, and who agrees."""
