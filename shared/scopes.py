"""The scopes of API keys (standard library only: `make up` reads them before anything is installed)."""

# Requests a second by scope, where the client has no rate of its own. Of a key with several scopes the first one named
# here is the source of its callbacks.
DEFAULT_RATES = {"ivr": 50, "gadget": 5, "ops": 20}

SCOPES = tuple(DEFAULT_RATES)
