"""What systemd is told: that the worker started, that its loop still runs, that it stops (sd_notify(3)).

With `Type=notify` and `WatchdogSec` a worker whose loop hangs is restarted, while one that only waits is left alone.
Without systemd nothing happens.
"""

import os
import socket

READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"


def notify(state: str) -> bool:
    """Tell the service manager; whether there is one that took it."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    if address.startswith("@"):  # a name in the kernel's abstract space
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.sendto(state.encode(), address)
    except OSError:
        return False
    return True
