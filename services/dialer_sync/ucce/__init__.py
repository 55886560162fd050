"""The UCCE REST client (ucce-reference 1.1–1.5): campaigns, contacts, results."""
