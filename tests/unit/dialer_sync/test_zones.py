import zoneinfo
from zoneinfo import ZoneInfo

import pytest

from services.dialer_sync.zones import LARGEST_BIAS, LEAST_BIAS, bias_of


@pytest.mark.parametrize(
    ("zone", "bias", "dst"),
    [
        ("UTC", 0, False),
        ("America/Chicago", 360, True),
        ("America/Phoenix", 420, False),
        ("Europe/London", 0, True),
        ("Europe/Moscow", -180, False),
        ("Asia/Kolkata", -330, False),
        ("Australia/Sydney", -600, True),  # summer in January
        ("Pacific/Honolulu", 600, False),
    ],
)
def test_the_bias_is_what_windows_calls_it(zone: str, bias: int, dst: bool) -> None:
    assert bias_of(ZoneInfo(zone), 2026) == (bias, dst)


def test_a_zone_that_ciscos_range_cannot_express_is_left_to_the_campaign() -> None:
    assert bias_of(ZoneInfo("Pacific/Kiritimati"), 2026)[0] is None


def test_every_zone_is_within_the_range_or_left_out() -> None:
    for name in sorted(zoneinfo.available_timezones()):
        bias, _ = bias_of(ZoneInfo(name), 2026)
        assert bias is None or LEAST_BIAS <= bias <= LARGEST_BIAS
