"""Looking callbacks up: by account number as UCCE hands it over, and by phone number."""

from collections.abc import Callable

import pytest

from shared.callbacks.lookup import find_by_account_number, find_by_phone, plain_account_number
from shared.callbacks.states import Status
from shared.db.models import Skill
from shared.db.session import Database
from shared.errors import Code, DomainError
from tests.support.configured_database import World

PHONE = "+13125550142"


@pytest.mark.parametrize("form", ["{}", "{}-01", "{}-99"])
def test_a_callback_is_found_with_and_without_its_attempt(world: World, form: str) -> None:
    callback = world.book(call_data={"customerId": "A-77"}, agent_id="1042").callback
    for number in (callback.account_number, callback.account_number.lower()):
        assert find_by_account_number(world.database, world.config_cache, form.format(number)) == callback


@pytest.mark.parametrize(
    "text",
    ["", "-01", "01ARZ3NDEKTSV4RRFFQ69G5FA", "01ARZ3NDEKTSV4RRFFQ69G5FAVX", "01ARZ3NDEKTSV4RRFFQ69G5FAV-",
     "01ARZ3NDEKTSV4RRFFQ69G5FAV-001", "01ARZ3NDEKTSV4RRFFQ69G5FAV\n", "81ARZ3NDEKTSV4RRFFQ69G5FAV",
     "01ARZ3NDEKTSV4RRFFQ69G5FAU", "01ARZ3NDEKTSV4RRFFQ69G5FA\u017f", "01ARZ3NDEKTSV4RRFFQ69G5FAV-\u0661\u0661"],
)  # fmt: skip
def test_what_is_no_account_number_is_unknown_without_asking_the_database(text: str) -> None:
    with pytest.raises(DomainError) as refused:
        plain_account_number(text)
    assert refused.value.code is Code.UNKNOWN_CALLBACK


def test_an_account_number_of_nobody_is_unknown(world: World) -> None:
    with pytest.raises(DomainError) as refused:
        find_by_account_number(world.database, world.config_cache, "01ARZ3NDEKTSV4RRFFQ69G5FAV")
    assert refused.value.code is Code.UNKNOWN_CALLBACK


def test_a_callback_that_another_node_booked_by_a_newer_configuration_is_shown(
    world: World, connect: Callable[..., Database]
) -> None:
    world.config_cache.current()
    other = world.on(connect())
    other.another_campaign("Evening")
    number = other.book(campaign="Evening").callback.account_number
    assert find_by_account_number(world.database, world.config_cache, number).campaign == "Evening"


def test_a_renamed_skill_is_shown_by_its_new_name(world: World) -> None:
    number = world.book().callback.account_number
    world.configure(Skill, {"name": "Invoices"})
    world.config_cache.reload()
    assert find_by_account_number(world.database, world.config_cache, number).skill == "Invoices"


def test_the_callbacks_of_a_number_are_shown_newest_first_in_the_state_asked_for(world: World) -> None:
    world.settings(open_callbacks_per_number=20)
    for hour in range(9, 23):
        world.book(phone=PHONE, start=f"2026-11-23T{hour:02}:10")
    found = find_by_phone(world.database, world.config_cache, PHONE, [Status.SCHEDULED])
    assert len(found) == 14
    assert found == sorted(found, key=lambda callback: callback.account_number, reverse=True)
    assert find_by_phone(world.database, world.config_cache, PHONE, [Status.COMPLETED]) == []
