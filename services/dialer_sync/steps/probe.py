"""Probe: call UCCE when nothing else did for a while, and the first Admin Workstation while the second is in use."""

from services.dialer_sync.cycle_context import CycleContext
from services.dialer_sync.ucce.client import BASE

IDLE_SECONDS = 30.0  # without any call


def run(context: CycleContext) -> str | None:
    """Read a list of one campaign. Raises UcceError, NotMaster."""
    client = context.client
    if client.workstations.is_try_due() and client.workstations.first_tried(client.first_answers()):
        context.begin_grace_anew()
    if client.idle() >= IDLE_SECONDS:
        client.get("probe", f"{BASE}/campaign", {"resultsPerPage": 1}, root="results")
    return None
