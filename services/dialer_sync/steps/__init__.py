"""The steps of a cycle, one module each. A step takes the CycleContext and returns a summary of what it did."""
