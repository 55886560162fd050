"""The portal in a real browser, through HAProxy, on the running system."""
