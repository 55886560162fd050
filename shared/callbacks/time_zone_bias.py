"""The zone of a contact as an import can carry it: a bias in minutes, in the Windows sense (ucce/REFERENCE.md 1.5.2).

UCCE takes a contact's local time to be UTC - bias, and an hour more if the contact has `DstObserved` and daylight
saving time is in force. By which zone's rules it decides that is not documented; a bias names no zone. So the bias we
send is the whole offset at the instant the callback is due, daylight saving time included, and `DstObserved` is false:
nothing is left to add, whatever the rules (half an hour in Lord Howe, two in Troll, another season in Sydney than in
the campaign's zone). The local time is an hour off only for a contact that UCCE still holds after its zone's clocks
changed.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

MIN_BIAS_MINUTES, MAX_BIAS_MINUTES = -780, 720  # minutes: UTC+14, and Chatham's summer (UTC+13:45), cannot be said


def utc_bias(zone: ZoneInfo, at: datetime) -> int | None:
    """Minutes to add to the local time of `zone` at the instant `at` for UTC.

    None, so that the campaign's own zone counts, where Cisco's range cannot express it.
    """
    offset = at.astimezone(zone).utcoffset()
    bias = -round(offset.total_seconds() / 60) if offset is not None else 0
    return bias if MIN_BIAS_MINUTES <= bias <= MAX_BIAS_MINUTES else None
