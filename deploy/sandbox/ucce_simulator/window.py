"""When a campaign may dial: enabled, its mode, its dates, and the window in the customer's own time (1.3)."""

from datetime import datetime
from typing import Any

from deploy.sandbox.ucce_simulator.zones import all_zones


def may_dial(campaign: dict[str, Any], now: datetime) -> bool:
    """Whether it is enabled, in a mode other than INBOUND (no mode: off), reserves agents, and is within its dates."""
    if campaign["enabled"] != "true" or campaign.get("dialingMode", "INBOUND") == "INBOUND":
        return False
    if campaign["reservationPercentage"] == "0":
        return False
    today = now.astimezone(all_zones()[campaign["timeZone"]].zone).strftime("%Y-%m-%d")
    return bool(campaign.get("startDate", today) <= today <= campaign.get("endDate", today))


def condition(campaign: dict[str, Any], now: datetime) -> tuple[str, list[int]]:
    """An SQL condition that is true for contacts whose local time is inside the window.

    Assumptions: without startTime and endTime the whole day is open; a contact that observes daylight saving time
    is an hour on while the campaign's own zone is; without a bias the campaign's zone counts.
    """
    start, end = campaign.get("startTime"), campaign.get("endTime")
    if not start and not end:
        return "1", []
    zone = all_zones()[campaign["timeZone"]]
    local = now.astimezone(zone.zone)
    summer = -60 if local.dst() else 0
    utc_minute = now.hour * 60 + now.minute
    minute = "CASE WHEN bias IS NULL THEN ? ELSE (? - bias - dst * ? + 2880) % 1440 END"
    limits = [_minute(start or "00:00"), _minute(end or "23:59") - 1]
    return f"({minute}) BETWEEN ? AND ?", [local.hour * 60 + local.minute, utc_minute, summer, *limits]


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])
