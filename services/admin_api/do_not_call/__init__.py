"""The do-not-call list and its import."""
