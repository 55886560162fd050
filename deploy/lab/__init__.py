"""What a real UCCE does where Cisco's public material is silent, found out with a throw-away campaign."""
