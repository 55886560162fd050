import pytest

from services.dialer_sync.election.timing import Timing, checked
from shared.config import BadSetting


@pytest.mark.parametrize("session_timeout", [0.5, 4, 30, 40])
def test_the_lease_ends_well_before_the_session_and_has_room_for_two_tries(session_timeout: float) -> None:
    timing = Timing.of(session_timeout)
    assert timing.lease <= session_timeout * 2 / 3
    assert timing.confirm_interval + 2 * timing.operation_timeout <= timing.lease


def test_the_defaults_fit_together() -> None:
    assert checked(session_timeout=30, ucce_timeout=10).lease == 20


def test_a_ucce_call_that_could_outlive_the_lease_is_refused_naming_both_settings() -> None:
    with pytest.raises(
        BadSetting, match=r"16 s \(the longer of CM_UCCE_TIMEOUT and.*CM_ZOOKEEPER_SESSION_TIMEOUT.*15 s"
    ):
        checked(session_timeout=30, ucce_timeout=16)


def test_the_longest_call_that_fits_is_accepted() -> None:
    assert checked(session_timeout=4, ucce_timeout=2).session_timeout == 4
