"""The hand-over protocol as an explicit-state model, and an explorer that visits every state of it (see README.md)."""
