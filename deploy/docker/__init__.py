"""Images and compose file: two nodes of everything on one Docker engine, for trials."""
