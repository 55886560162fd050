"""Reconcile campaigns: bring the state that administrators want to UCCE, and write back what UCCE has."""

from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy import or_

from services.dialer_sync.campaigns.holds import (
    MAX_MESSAGE_LENGTH,
    hold_of,
    is_ours,
    of_same_name,
    record_hold,
    sent_to,
    switched_off,
    taken_ids,
)
from services.dialer_sync.campaigns.store import (
    UNKNOWN_IN_UCCE,
    DesiredCampaign,
    desired_campaigns,
    record_observed,
    window_differs,
    write,
)
from services.dialer_sync.cycle_context import CycleContext
from services.dialer_sync.ucce import campaigns as ucce
from services.dialer_sync.ucce.errors import NotFound, UcceError
from shared.db.columns import truncate_utf16
from shared.db.models import Campaign

_log = structlog.get_logger(__name__)


def run(context: CycleContext) -> str | None:
    """Create and update the campaigns whose desired state UCCE does not have.

    Raises UcceError, NotMaster, Unavailable.
    """
    applied = Campaign.applied_version
    pending = or_(Campaign.sync_state != "in_sync", applied.is_(None), applied != Campaign.version)
    done = failed = 0
    for desired in desired_campaigns(context.database, pending):
        backoff = context.backoff("campaigns", desired.id)
        if backoff.remaining() > 0:
            continue
        try:
            message = _reconcile(context, desired)
        except UcceError as error:
            # While it is not UCCE that answers, or not to anyone, nothing is known to be wrong with this campaign.
            state = "pending" if error.concerns_all or not error.by_ucce else "error"
            if desired.hold is None:
                _record_state(
                    context,
                    desired,
                    {"sync_state": state, "sync_message": truncate_utf16(error.message, MAX_MESSAGE_LENGTH)},
                )
            context.failed("campaigns", error, desired.id)
            failed += 1
            continue
        if message is None:
            backoff.succeeded()
            done += 1
        else:
            backoff.failed(message)
            failed += 1
    parts = [f"{done} campaigns in sync"] if done else []
    return ", ".join(parts + ([f"{failed} campaigns not in sync"] if failed else [])) or None


def is_gone(context: CycleContext, ucce_id: int, error: UcceError) -> bool:
    """Whether `error` and UCCE's list of campaigns together prove that UCCE has this campaign no more.

    An Admin Workstation that was just switched to may not have it yet: its database is a copy.
    """
    if not isinstance(error, NotFound) or context.client.workstations.unchanged_for() < context.settings.settle_grace:
        return False
    try:
        return ucce.is_gone(context.client, ucce_id)
    except UcceError as unproven:
        context.note_silence(unproven)
        _log.warning("campaign_list_not_read", ucce_id=ucce_id, problem=unproven.message)
        return False


def forget_if_gone(context: CycleContext, campaign_id: int, ucce_id: int, error: UcceError) -> bool:
    """When UCCE has the campaign no more: have the next cycle create it again, and give True."""
    if not is_gone(context, ucce_id, error):
        return False
    _log.warning("campaign_gone", campaign_id=campaign_id, ucce_id=ucce_id)
    write(context, campaign_id, {**UNKNOWN_IN_UCCE, "sync_state": "pending"}, None, Campaign.ucce_id == ucce_id)
    return True


def record_drift(
    context: CycleContext, desired: DesiredCampaign, observed: ucce.ObservedCampaign, drift: dict[str, Any]
) -> None:
    """Somebody changed the campaign in UCCE: record the difference, and have the desired state brought there again."""
    message = f"UCCE had it otherwise: {', '.join(drift)}"
    _record_state(
        context,
        desired,
        {"drift": drift, "sync_state": "pending", "sync_message": truncate_utf16(message, MAX_MESSAGE_LENGTH)},
        observed,
    )


def record_window(context: CycleContext, desired: DesiredCampaign, observed: ucce.ObservedCampaign) -> None:
    """Keep what UCCE has if somebody changed the window there, which we leave to UCCE: bookings keep to it."""
    if window_differs(context, desired.id, observed):
        record_observed(context, desired.id, observed, context.now())


def _reconcile(context: CycleContext, desired: DesiredCampaign) -> str | None:
    """Bring one campaign to UCCE and write back what is there now; why it is not in sync, or None."""
    if desired.problem and desired.hold is None:
        _record_state(context, desired, {"sync_state": "error", "sync_message": desired.problem})
        return desired.problem
    observed = _found_by_id(context, desired)
    if observed is None:
        desired = replace(desired, ucce_id=None, ucce_names=desired.ucce_names if desired.ucce_id is None else ())
        same_name = _found_by_name(context, desired)
        ours = sent_to(context, desired.id, same_name) if same_name else set()
        observed = next((one for one in same_name if is_ours(desired, one) or one.id in ours), None)
        hold = of_same_name(desired, same_name) if same_name and observed is None else None
    else:
        hold = hold_of(desired, observed)
    if hold is not None:
        candidates = {one.id for one in hold.candidates}
        others = [one for one in _found_by_name(context, desired) if one.id not in candidates] if observed else []
        record_hold(context, desired, replace(hold, candidates=(*hold.candidates, *others)))
        return hold.message
    return _write(context, desired, observed)


def _found_by_id(context: CycleContext, desired: DesiredCampaign) -> ucce.ObservedCampaign | None:
    if desired.ucce_id is None:
        return None
    try:
        return ucce.get(context.client, desired.ucce_id)
    except NotFound as error:
        if not forget_if_gone(context, desired.id, desired.ucce_id, error):
            raise
        return None


def _found_by_name(context: CycleContext, desired: DesiredCampaign) -> list[ucce.ObservedCampaign]:
    """The campaigns of a name that ours is to have or was given in a call whose answer was lost; none of our others."""
    names = dict.fromkeys([desired.name, *desired.ucce_names])
    same_name = [one for name in names if (one := ucce.find_by_name(context.client, name)) is not None]
    taken = taken_ids(context, desired.id) if same_name else set()
    return [one for one in same_name if one.id not in taken]


def _write(context: CycleContext, desired: DesiredCampaign, observed: ucce.ObservedCampaign | None) -> str | None:
    """Create or update a campaign of ours; why it is not in sync then, or None."""
    if observed is None:
        observed = _create(context, desired)
    elif ucce.difference(desired.fields, observed.fields) or observed.name != desired.name:
        # Known before it is written: the answer may be lost, and then either name or state is ours.
        names = [*dict.fromkeys([*desired.ucce_names, desired.name])]
        _announce(context, desired, names, enabled=desired.enabled_in_ucce and desired.enabled)
        ucce.update(context.client, observed, desired.fields)
        observed = ucce.get(context.client, observed.id)
    if desired.enabled and observed.is_switched_off:
        record_observed(context, desired.id, observed, context.now())
        hold = switched_off(observed)
        record_hold(context, desired, hold)
        return hold.message
    left = ucce.difference(desired.fields, observed.fields)
    message = truncate_utf16(f"UCCE keeps otherwise: {', '.join(left)}", MAX_MESSAGE_LENGTH) if left else None
    state = {"drift": left or None, "sync_state": "error" if left else "in_sync", "sync_message": message}
    released = {"hold": None, "held_at": None, "hold_candidates": None}
    _record_state(context, desired, state | released | {"applied_version": desired.version}, observed)
    return message


def _create(context: CycleContext, desired: DesiredCampaign) -> ucce.ObservedCampaign:
    _announce(context, desired, [*dict.fromkeys([*desired.ucce_names, desired.name])], enabled=False)
    try:
        number = ucce.create(context.client, desired.fields)
    except UcceError as error:
        if error.taken == "no" and not desired.ucce_names:
            _announce(context, desired, None, enabled=False)  # a campaign of this name is a stranger's
        raise
    observed = ucce.get(context.client, number)
    _log.info("campaign_created", campaign=desired.name, ucce_id=observed.id)
    return observed


def _announce(context: CycleContext, desired: DesiredCampaign, names: list[str] | None, *, enabled: bool) -> None:
    if (names or []) != list(desired.ucce_names) or enabled != desired.enabled_in_ucce or names is None:
        write(context, desired.id, {"ucce_names": names, "enabled_in_ucce": enabled})


def _record_state(
    context: CycleContext,
    desired: DesiredCampaign,
    state: dict[str, Any],
    observed: ucce.ObservedCampaign | None = None,
) -> None:
    """Write back what UCCE has; the state only if nobody changed the desired one meanwhile."""
    now = context.now()
    if observed is not None:
        record_observed(context, desired.id, observed, now)
    write(context, desired.id, state, now, Campaign.version == desired.version)
