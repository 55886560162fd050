"""Probe: when nothing had to be asked of UCCE for a while, is it still there?"""

from services.dialer_sync.context import Term
from services.dialer_sync.ucce.client import BASE

IDLE_SECONDS = 30.0  # without any call


def run(term: Term) -> str | None:
    """Read a list of one campaign. Raises UcceError, NotMaster."""
    if term.client.idle() >= IDLE_SECONDS:
        term.client.get("probe", f"{BASE}/campaign", {"resultsPerPage": 1}, root="results")
    return None
