"""The steps of a cycle, one module each. A step takes the Term, and gives what it did in a few words or nothing."""
