"""Drift: at intervals, compare the campaigns in UCCE with their desired state. Others may edit them there."""

import structlog

from services.dialer_sync.campaigns.holds import hold_of, record_hold
from services.dialer_sync.campaigns.store import desired_campaigns
from services.dialer_sync.cycle_context import CycleContext
from services.dialer_sync.steps import campaigns
from services.dialer_sync.ucce import campaigns as ucce
from services.dialer_sync.ucce.errors import UcceError
from shared.db.models import Campaign

_log = structlog.get_logger(__name__)

INTERVAL_SECONDS = 300.0  # seconds between two looks


def run(context: CycleContext) -> str | None:
    """Compare the campaigns that are in sync with UCCE; the next cycle mends what differs.

    Raises UcceError, NotMaster, Unavailable.
    """
    if context.clock() - context.drift_checked < INTERVAL_SECONDS:
        return None
    context.drift_checked = context.clock()
    drifted = held = 0
    for desired in desired_campaigns(context.database, Campaign.sync_state == "in_sync"):
        if desired.ucce_id is None:
            continue
        context.before_reading()
        try:
            observed = ucce.get(context.client, desired.ucce_id)
        except UcceError as error:
            if campaigns.forget_if_gone(context, desired.id, desired.ucce_id, error):
                drifted += 1
            else:
                context.failed("drift", error, desired.id)
            continue
        hold = hold_of(desired, observed)
        if hold is not None:
            record_hold(context, desired, hold)
            held += 1
            continue
        drift = ucce.difference(desired.fields, observed.fields)
        if drift:
            campaigns.record_drift(context, desired, observed, drift)
            _log.warning("campaign_drifted", campaign=desired.fields["name"], fields=sorted(drift))
            drifted += 1
        else:
            campaigns.record_window(context, desired, observed)
    parts = [f"{drifted} campaigns drifted"] if drifted else []
    return ", ".join([*parts, *([f"{held} campaigns held"] if held else [])]) or None
