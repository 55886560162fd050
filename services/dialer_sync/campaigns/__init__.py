"""What the master knows of its campaigns in UCCE, and what keeps it from one until a person decides."""
