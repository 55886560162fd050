"""Batches: claimed, sent to UCCE, and settled where it is unknown what UCCE took."""
