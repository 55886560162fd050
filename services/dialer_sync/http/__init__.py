"""The worker's routes: health, metrics, and the operators' own (`/ops`)."""
