"""`make bench`: speed, scale and failover as ratios of one run (README.md)."""
