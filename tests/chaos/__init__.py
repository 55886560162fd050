"""Fault injection: the whole system under load with faults; the promises are checked afterwards (README.md)."""
