"""The kit of an IVR developer: what CVP needs to offer, book and fetch callbacks. README.md is its front door."""
