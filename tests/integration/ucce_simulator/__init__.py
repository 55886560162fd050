"""The UCCE simulator keeps what ucce/REFERENCE.md says: a real process, spoken to over HTTPS."""
