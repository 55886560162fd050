"""Where the dialer transfers a call to (ucce/REFERENCE.md 1.3)."""

from typing import Any

VOICE, MACHINES, ABANDONED = 10, (12, 22), (16, 20)  # CallResult


def after(result: int, campaign: dict[str, Any]) -> str | None:
    """The route point that gets a call with this result; None: an agent, or nobody.

    Assumption: of several skill groups the first one that has a route point counts.
    """
    if result == VOICE and campaign["campaignPurposeType"] == "ivrCampaign":
        return _first(campaign, "ivrRoutePoint")
    if result in MACHINES and campaign["amdTreatmentMode"] == "transferToIVRRoutePoint":
        return _first(campaign, "ivrRoutePoint")
    return _first(campaign, "abandonedRoutePoint") if result in ABANDONED else None


def _first(campaign: dict[str, Any], name: str) -> str | None:
    return next((str(info[name]) for info in campaign["skillGroupInfos"] if info.get(name)), None)
