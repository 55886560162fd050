"""The dialer-sync worker: of all nodes only the elected master talks to UCCE."""
