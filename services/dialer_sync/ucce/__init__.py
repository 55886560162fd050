"""The UCCE REST client (ucce/REFERENCE.md 1.1–1.5): campaigns, contacts, results."""
