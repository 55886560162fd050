"""The hand-over protocol holds in every state that can be reached, and each of its rules is needed for that."""

from dataclasses import fields
from functools import cache

import pytest

from tests.model import state
from tests.model.explorer import Explored, explore
from tests.model.protocol import WORKER
from tests.model.runs import ASSUMPTIONS, BREAKS, EITHER_HOLDS, HOLDS, Run
from tests.model.switches import Product


@cache
def _explored(run: Run) -> Explored:
    return explore(run.model)


def by_name(run: Run) -> str:
    return f"{run.name} ({', '.join(run.off)})" if run.off else run.name


@pytest.mark.parametrize("run", HOLDS, ids=by_name)
def test_the_protocol_holds_over_the_complete_state_space(run: Run) -> None:
    explored = _explored(run)
    assert explored.broken is None, "\n".join(explored.trace)
    # Another number is no fault by itself: write it down when the model says more than before.
    assert explored.states == run.states


@pytest.mark.parametrize("run", BREAKS, ids=by_name)
def test_without_a_rule_a_property_breaks(run: Run) -> None:
    explored = explore(run.model)
    assert explored.broken == run.breaks
    assert explored.trace


@pytest.mark.parametrize("run", EITHER_HOLDS, ids=by_name)
def test_either_of_two_lines_of_defence_holds_alone(run: Run) -> None:
    explored = explore(run.model)
    assert explored.broken is None, "\n".join(explored.trace)


@pytest.mark.parametrize("run", ASSUMPTIONS, ids=by_name)
def test_without_an_assumption_a_property_breaks(run: Run) -> None:
    assert explore(run.model).broken == run.breaks


def test_every_rule_has_a_run_without_it() -> None:
    assert {rule for run in BREAKS for rule in run.off} == {field.name for field in fields(Product)}


def test_every_step_of_a_worker_is_reached_where_the_protocol_holds() -> None:
    reached = frozenset[str]().union(*(_explored(run).steps for run in HOLDS))
    assert reached == {*WORKER, state.OUT, state.SENT}
