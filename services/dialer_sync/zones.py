"""A customer's zone as an import can carry it: a bias in minutes in the Windows sense (ucce-reference 1.5.2)."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

LEAST_BIAS, LARGEST_BIAS = -780, 720  # UTC+14 cannot be said


@lru_cache(maxsize=1024)
def bias_of(zone: ZoneInfo, year: int) -> tuple[int | None, bool]:
    """(minutes to add to local standard time for UTC, whether there is daylight saving time) in `year`.

    The bias is None, so that the campaign's own zone counts, where Cisco's range cannot express it.
    """
    offsets = {_offset(datetime(year, month, 15, 12, tzinfo=zone)) for month in (1, 7)}
    bias = -min(offsets)
    return (bias if LEAST_BIAS <= bias <= LARGEST_BIAS else None), len(offsets) > 1


def _offset(moment: datetime) -> int:
    offset = moment.utcoffset()
    return int(offset.total_seconds() // 60) if offset is not None else 0
