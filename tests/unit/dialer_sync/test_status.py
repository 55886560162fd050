"""The worker's status: the part about its database."""

import pytest

from services.dialer_sync.node.status import WorkerState


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.29])
def test_a_database_that_answers_in_time_is_no_problem(seconds: float) -> None:
    state = WorkerState()
    state.database_answers = seconds
    assert state.slow_database() is None


@pytest.mark.parametrize("seconds", [0.3, 0.41, 2.0])
def test_a_database_that_answers_slowly_is_said_with_its_seconds(seconds: float) -> None:
    state = WorkerState()
    state.database_answers = seconds
    assert f"each answer takes {seconds:.1f} s" in str(state.slow_database())
