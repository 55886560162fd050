"""This worker as others see it: its status, heartbeat, clock and statistics."""
