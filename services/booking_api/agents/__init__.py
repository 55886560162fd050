"""Agents of the Finesse gadget: their sessions, what wrong logins cost them, and the skills of their calls."""
