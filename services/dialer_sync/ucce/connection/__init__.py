"""The way to UCCE: transport, workstations, when logins pause, and whether UCCE is up."""
