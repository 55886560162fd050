"""Check: is this host's clock synchronised?"""

import shutil
import subprocess
from collections.abc import Iterator

from deploy.doctor.finding import Finding, ok, skipped, warning


def check() -> Iterator[Finding]:
    """Ask systemd whether the clock is synchronised."""
    if not shutil.which("timedatectl"):
        yield skipped("clock", "no timedatectl here: see yourself that NTP runs")
        return
    command = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
    synchronized = subprocess.run(command, capture_output=True, text=True, check=False, timeout=5).stdout.strip()
    if synchronized == "yes":
        yield ok("clock", "synchronised")
    elif synchronized == "no":
        yield warning("clock", "not synchronised", "start chrony or systemd-timesyncd with your NTP servers")
    else:
        yield skipped("clock", "systemd does not tell (a container?): see yourself that NTP runs on the host")
