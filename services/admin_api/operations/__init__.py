"""Today's view, the state of every part, settings, brakes, the audit log."""
