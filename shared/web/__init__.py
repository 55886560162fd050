"""What the HTTP services share: the app factory, problem bodies, authentication, limits, health, metrics."""
