"""Finesse as an agent of the gadget may ask it: for their own user and calls, with their own credentials."""
