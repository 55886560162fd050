"""The UCCE simulator keeps what ucce-reference says: a real process, spoken to over HTTPS."""
