"""Erasing people by their number, and what became of it."""
