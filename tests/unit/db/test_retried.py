"""Running a use case again: when, how often, and for how long."""

import itertools

import pyodbc
import pytest
from sqlalchemy.exc import DBAPIError

from shared.db import session
from shared.db.error_classes import ErrorClass
from shared.db.session import BUDGET_SECONDS, MAX_ATTEMPTS, retried
from shared.errors import Code, DomainError, Unavailable

DEADLOCK = DBAPIError("", None, pyodbc.Error("40001", "[40001] Rerun the transaction. (1205) (SQLExecDirectW)"))
GONE = DBAPIError("", None, pyodbc.Error("08S01", "[08S01] Communication link failure (0) (SQLExecDirectW)"))
DEFECT = DBAPIError("", None, pyodbc.Error("42000", "[42000] Incorrect syntax near 'slott'. (102) (SQLExecDirectW)"))
REFUSED = DBAPIError("", None, pyodbc.Error("28000", "[28000] Login failed for user 'x'. (18456) (SQLDriverConnect)"))
FORBIDDEN = DBAPIError("", None, pyodbc.Error("42000", "[42000] The INSERT permission was denied. (229) (SQLExecute)"))


class Clock:
    """A clock that moves only by sleeps and by the use case's own duration."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(session, "time", clock)
    return clock


class UseCase:
    """Fails with each of `errors` in turn, then succeeds; each run takes `seconds`."""

    def __init__(self, clock: Clock, *errors: Exception, seconds: float = 0.0) -> None:
        self.clock, self.errors, self.seconds, self.runs = clock, iter(errors), seconds, 0

    def __call__(self, answer: str = "done") -> str:
        self.runs += 1
        self.clock.now += self.seconds
        for error in self.errors:
            raise error
        return answer

    __name__ = "use_case"


def test_what_succeeds_is_run_once_and_its_answer_given(clock: Clock) -> None:
    use_case = UseCase(clock)
    assert retried(use_case)(answer="yes") == "yes"
    assert (use_case.runs, clock.slept) == (1, [])


@pytest.mark.parametrize("error", [DEADLOCK, GONE])
def test_what_passes_by_itself_is_run_again(clock: Clock, error: Exception) -> None:
    use_case = UseCase(clock, error, error)
    assert retried(use_case)() == "done"
    assert use_case.runs == 3


@pytest.mark.parametrize("error", [DEFECT, ValueError("no"), DomainError(Code.SLOT_FULL, "full"), Unavailable("down")])
def test_what_does_not_pass_is_raised_as_it_is(clock: Clock, error: Exception) -> None:
    use_case = UseCase(clock, error)
    with pytest.raises(type(error)) as raised:
        retried(use_case)()
    assert raised.value is error
    assert use_case.runs == 1


@pytest.mark.parametrize(("error", "cure"), [(REFUSED, "check user and password"), (FORBIDDEN, "cm_app_role")])
def test_what_an_operator_must_mend_is_told_with_its_cure_and_not_tried_again(
    clock: Clock, error: Exception, cure: str, capsys: pytest.CaptureFixture[str]
) -> None:
    use_case = UseCase(clock, error)
    with pytest.raises(Unavailable):
        retried(use_case)()
    assert (use_case.runs, clock.slept) == (1, [])
    assert cure in capsys.readouterr().out


@pytest.mark.parametrize("error", [DEADLOCK, GONE])
def test_after_the_last_attempt_the_database_is_unavailable(clock: Clock, error: Exception) -> None:
    use_case = UseCase(clock, *itertools.repeat(error, 100))
    with pytest.raises(Unavailable) as raised:
        retried(use_case)()
    assert raised.value.extra["retryAfter"] > 0
    assert raised.value.__cause__ is error
    assert use_case.runs <= MAX_ATTEMPTS
    assert clock.now <= BUDGET_SECONDS


def test_no_attempt_begins_after_the_budget(clock: Clock) -> None:
    use_case = UseCase(clock, *itertools.repeat(GONE, 100), seconds=1.0)
    with pytest.raises(Unavailable):
        retried(use_case)()
    assert use_case.runs == 2
    assert clock.now < BUDGET_SECONDS + 1.0


def test_one_attempt_that_took_its_whole_timeout_is_the_last(clock: Clock) -> None:
    use_case = UseCase(clock, GONE, seconds=3.0)
    with pytest.raises(Unavailable):
        retried(use_case)()
    assert (use_case.runs, clock.slept) == (1, [])


def test_the_pauses_grow_and_two_that_collided_do_not_wait_equally_long() -> None:
    pauses = [{session._pause(ErrorClass.CONFLICT, attempt) for _ in range(50)} for attempt in (1, 2, 3)]
    assert all(len(each) > 1 for each in pauses)
    assert max(pauses[0]) <= 0.02
    assert max(pauses[2]) > max(pauses[0])


def test_a_conflict_is_run_again_sooner_than_a_lost_connection(clock: Clock) -> None:
    retried(UseCase(clock, DEADLOCK))()
    retried(UseCase(clock, GONE))()
    assert clock.slept[0] < clock.slept[1]


def test_an_interrupt_is_never_caught(clock: Clock) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        retried(interrupted)()
