"""Deterministic simulation: the real worker, core and booking code under one seeded scheduler with virtual time."""
