"""Campaigns with their UCCE parameters and skills, and what people decide of campaigns that are held."""
