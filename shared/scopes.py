"""The scopes of API keys (standard library only: `make up` reads them before anything is installed)."""

# Of a key with several scopes the first one named here is the source of its callbacks.
SCOPES = ("ivr", "ops")
