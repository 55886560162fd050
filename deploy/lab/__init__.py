"""Measures what a real UCCE does where Cisco's public material does not say, with a throw-away campaign."""
