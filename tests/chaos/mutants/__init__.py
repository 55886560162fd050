"""Mutants: the product with one line wrong. Each must be noticed by a named check, the unchanged product by none."""
