import re

import pytest

from services.dialer_sync.ucce.call_results import OUTCOME_BY_CODE, is_final, outcome_of
from shared.callbacks.outcomes import OTHER, OUTCOMES


def test_every_code_that_cisco_lists_has_an_outcome() -> None:
    assert set(OUTCOME_BY_CODE) == set(range(2, 34))  # 0 is "not attempted yet", 1 is unused


@pytest.mark.parametrize("code", [10, 14])
def test_a_call_that_an_agent_had_completes_the_callback(code: int) -> None:
    assert outcome_of(code).success


@pytest.mark.parametrize("code", [3, 5, 7, 11, 19, 23, 26])
def test_what_will_not_change_is_never_retried(code: int) -> None:
    outcome = outcome_of(code)
    assert not outcome.retryable
    assert not outcome.success


@pytest.mark.parametrize(("code", "name"), [(8, "no_answer"), (9, "busy"), (12, "machine"), (2, "technical")])
def test_common_codes_have_the_fields_own_names_and_may_be_tried_again(code: int, name: str) -> None:
    assert (outcome_of(code).name, outcome_of(code).retryable) == (name, True)


@pytest.mark.parametrize("code", [None, 0, 1, 34, 999, -1])
def test_an_unknown_code_is_other_and_not_retried(code: int | None) -> None:
    assert outcome_of(code) is OTHER


def test_outcome_names_fit_their_column_and_are_lower_case_words() -> None:
    for outcome in OUTCOMES:
        assert re.fullmatch(r"[a-z_]{1,32}", outcome.name)


@pytest.mark.parametrize("status", ["closed", "maxAttemptsReached", "agentRejected", "fax"])
def test_closed_contacts_are_final(status: str) -> None:
    assert is_final(status)


@pytest.mark.parametrize("status", ["pending", "active", "retry", "callbackRequested", "unknown", "brandNew", None])
def test_what_ucce_may_still_dial_is_not_final(status: str | None) -> None:
    assert not is_final(status)
