"""Booked callbacks: search, one, bulk cancel."""
