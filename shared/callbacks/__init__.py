"""The core: what a booking is, when it may be made, and that no slot is ever booked beyond its capacity."""
