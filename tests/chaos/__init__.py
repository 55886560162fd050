"""The whole system broken on purpose under load, and what it promised checked afterwards (README.md)."""
