"""Drift: now and then, is a campaign in UCCE still what we made it? Others may edit it there."""

import structlog

from services.dialer_sync.campaigns.holds import hold_of, record_hold
from services.dialer_sync.campaigns.store import desired_campaigns
from services.dialer_sync.cycle_context import CycleContext
from services.dialer_sync.steps import campaigns
from services.dialer_sync.ucce import campaigns as ucce
from services.dialer_sync.ucce.errors import UcceError
from shared.db.models import Campaign

_log = structlog.get_logger(__name__)

INTERVAL = 300.0  # seconds between two looks


def run(term: CycleContext) -> str | None:
    """Compare the campaigns that are in sync with UCCE; the next cycle mends what differs.

    Raises UcceError, NotMaster, Unavailable.
    """
    if term.clock() - term.drift_checked < INTERVAL:
        return None
    term.drift_checked = term.clock()
    drifted = held = 0
    for wish in desired_campaigns(term.database, Campaign.sync_state == "in_sync"):
        if wish.ucce_id is None:
            continue
        term.before_reading()
        try:
            found = ucce.get(term.client, wish.ucce_id)
        except UcceError as error:
            if campaigns.forget_if_gone(term, wish.id, wish.ucce_id, error):
                drifted += 1
            else:
                term.failed("drift", error, wish.id)
            continue
        hold = hold_of(wish, found)
        if hold is not None:
            record_hold(term, wish, hold)
            held += 1
            continue
        drift = ucce.difference(wish.fields, found.fields)
        if drift:
            campaigns.note_drift(term, wish, found, drift)
            _log.warning("campaign_drifted", campaign=wish.fields["name"], fields=sorted(drift))
            drifted += 1
        else:
            campaigns.note_window(term, wish, found)
    said = [f"{drifted} campaigns drifted"] if drifted else []
    return ", ".join([*said, *([f"{held} campaigns held"] if held else [])]) or None
