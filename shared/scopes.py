"""The scopes of API keys (standard library only: `make up` reads them before anything is installed)."""

# Of a key with several scopes the first one named here is the source of its callbacks.
SCOPES = ("ivr", "gadget", "ops")

# Sees the callbacks of all clients: whichever IVR node an answered call comes to fetches the callback's data. Clients
# of other channels see those they booked.
SEES_ALL = "ivr"
