"""The admin API: what the portal works on. It never calls UCCE."""
