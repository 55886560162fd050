"""Contacts looked up in UCCE's list: found, absent, or unknown."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import DataObject, data, integers, sampled_from, sets, tuples

from deploy.sandbox.ucce_simulator.handle import UcceSimulator
from services.dialer_sync.ucce import campaigns
from services.dialer_sync.ucce import contact_list as contacts
from services.dialer_sync.ucce.client import UcceClient
from services.dialer_sync.ucce.contacts import import_batch
from tests.integration.dialer_sync.conftest import settings_for
from tests.integration.dialer_sync.samples import DESIRED, batch, key
from tests.support.until import until


class OnlySome:
    """Allows a number of calls."""

    def __init__(self, calls: int) -> None:
        self.calls = calls

    def take(self) -> bool:
        self.calls -= 1
        return self.calls >= 0


def test_every_key_is_found_in_a_list_of_several_pages(ucce_client: UcceClient, campaign: int) -> None:
    import_batch(ucce_client, campaign, batch(*range(250)))
    lookup = contacts.find(ucce_client, campaign, [key(number) for number in range(300)])
    assert (len(lookup.found), len(lookup.absent)) == (250, 50)


def test_a_few_keys_in_a_long_list_are_searched_for_one_by_one(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator
) -> None:
    import_batch(ucce_client, campaign, batch(*range(1000)))
    before = len(ucce_simulator.control.received(limit=10_000))
    lookup = contacts.find(ucce_client, campaign, [key(7), key(5000)])
    assert (set(lookup.found), lookup.absent) == ({key(7)}, frozenset({key(5000)}))
    assert len(ucce_simulator.control.received(limit=10_000)) - before == 3


def test_the_search_is_by_substring_but_the_comparison_exact(ucce_client: UcceClient, campaign: int) -> None:
    import_batch(ucce_client, campaign, batch(*range(700)))
    lookup = contacts.find(ucce_client, campaign, [key(7)[:-1], "x" * 29])
    assert (lookup.found, lookup.absent) == ({}, frozenset({key(7)[:-1], "x" * 29}))


def test_imports_while_a_list_is_read_leave_what_its_pages_prove(campaign: int, ucce_simulator: UcceSimulator) -> None:
    own = UcceClient(settings_for(ucce_simulator))
    import_batch(own, campaign, batch(*range(0, 500, 2)))
    calls: list[float] = []

    def import_more(seconds: float) -> None:
        calls.append(seconds)
        if len(calls) > 1:
            import_batch(own, campaign, batch(900 + len(calls)))

    reader = UcceClient(settings_for(ucce_simulator), guard=import_more)
    lookup = contacts.find(reader, campaign, [key(number) for number in range(600)])
    assert lookup.absent == {key(number) for number in (*range(1, 500, 2), *range(500, 600))}
    assert lookup.found.keys() == {key(number) for number in range(0, 500, 2)}


@pytest.mark.parametrize("look_up", ["find", "newest"])
@given(data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_listed_all_the_time_is_never_called_absent(
    ucce_simulator: UcceSimulator, look_up: str, drawn: DataObject
) -> None:
    """Contacts come and go between any two pages; two of each five keys of a long list are there at first."""
    ucce_simulator.control.reset()
    own = UcceClient(settings_for(ucce_simulator, timeout=5.0))
    campaign = campaigns.create(own, DESIRED)
    there = {number for number in range(800) if number % 5 < 2}
    import_batch(own, campaign, batch(*sorted(there)))
    always, never, calls = set(there), set(range(800)) - there, itertools.count()

    def change(_seconds: float) -> None:
        if next(calls) == 0:
            return
        change = drawn.draw(tuples(sampled_from(["come", "go"]), sets(integers(0, 799), max_size=40)))
        new = change[1] - there if change[0] == "come" else set()
        old = change[1] & there if change[0] == "go" else set()
        if new:
            import_batch(own, campaign, batch(*sorted(new)))
        if old:
            ucce_simulator.control.purge(*(key(number)[:26] for number in old), any=True)
        there.update(new)
        there.difference_update(old)
        always.intersection_update(there)
        never.difference_update(new)

    reader = UcceClient(settings_for(ucce_simulator, timeout=5.0), guard=change)
    wanted = [key(number) for number in range(800)]
    lookup = contacts.find(reader, campaign, wanted) if look_up == "find" else contacts.newest(
        reader, campaign, wanted, lambda _: True
    )  # fmt: skip
    assert not {key(number) for number in always} & lookup.absent
    assert not lookup.listed & lookup.absent
    gaps = next(calls) * 42  # what deletions move out of sight between two pages
    assert len({key(number) for number in never} - lookup.absent) <= gaps
    own.close()
    reader.close()


def test_an_empty_list_proves_that_nothing_is_there(ucce_client: UcceClient, campaign: int) -> None:
    assert contacts.find(ucce_client, campaign, [key(1)]) == contacts.Lookup({}, frozenset([key(1)]))


def test_the_newest_are_read_without_walking_the_whole_list(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator
) -> None:
    import_batch(ucce_client, campaign, batch(*range(1000)))
    before = len(ucce_simulator.control.received(limit=10_000))
    lookup = contacts.newest(ucce_client, campaign, [key(number) for number in range(850, 1000)], lambda _: True)
    assert len(lookup.found) == len(lookup.listed) == 150
    assert len(ucce_simulator.control.received(limit=10_000)) - before == 2
    assert contacts.newest(ucce_client, campaign, [], lambda _: True).found == {}


def test_an_old_open_contact_does_not_make_us_read_the_whole_list(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator
) -> None:
    import_batch(ucce_client, campaign, batch(*range(1000)))
    before = len(ucce_simulator.control.received(limit=10_000))
    gone = f"{key(450)[:-2]}02"
    lookup = contacts.newest(ucce_client, campaign, [key(3), gone, key(999)], lambda contact: contact.key != key(999))
    assert (set(lookup.found), lookup.absent) == ({key(3)}, frozenset({gone}))
    assert len(ucce_simulator.control.received(limit=10_000)) - before == 3


def test_a_result_is_read_with_its_status(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator
) -> None:
    ucce_simulator.control.results(accounts={key(1): 9})
    import_batch(ucce_client, campaign, batch(1))
    ucce_simulator.control.dialer(advance=30, paused=False)
    found = until(
        lambda: (one := contacts.find(ucce_client, campaign, [key(1)]).found[key(1)]).call_result == 9 and one
    )
    assert (found.call_status, found.calls_made) == ("maxAttemptsReached", 1)


def test_a_steady_reading_proves_all_at_once_that_lie_above_where_it_ended(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator
) -> None:
    """250 of 300 are gone, and 600 newer ones stand before them: five searches a time would take fifty readings."""
    import_batch(ucce_client, campaign, batch(*range(900)))
    ucce_simulator.control.purge(*(key(number)[:26] for number in range(50, 300)), any=True)
    wanted = [key(number) for number in range(300)]
    before = len(ucce_simulator.control.received(limit=10_000))
    lookup = contacts.newest(ucce_client, campaign, wanted, lambda _: True)
    assert lookup.absent == set(wanted[50:])
    assert lookup.listed == set(wanted[:50])
    assert len(ucce_simulator.control.received(limit=10_000)) - before <= 8


def test_what_a_deletion_moves_out_of_sight_is_not_called_absent(campaign: int, ucce_simulator: UcceSimulator) -> None:
    own = UcceClient(settings_for(ucce_simulator))
    import_batch(own, campaign, batch(*range(250)))
    calls: list[float] = []

    def purge_five(seconds: float) -> None:
        calls.append(seconds)
        if len(calls) == 2:
            ucce_simulator.control.purge(*(key(number)[:26] for number in range(245, 250)), any=True)

    reader = UcceClient(settings_for(ucce_simulator), guard=purge_five)
    lookup = contacts.newest(reader, campaign, [key(number) for number in range(250)], lambda _: True)
    assert lookup.absent == frozenset()
    assert lookup.listed == {key(number) for number in range(250)}


def test_a_long_reading_goes_on_in_the_next_cycle_behind_the_newest_pages(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator
) -> None:
    import_batch(ucce_client, campaign, batch(*range(2000)))
    wanted = [key(number) for number in range(2000)]
    place, seen = contacts.Place(), set[str]()
    for cycle in range(1, 6):
        before = len(ucce_simulator.control.received(limit=10_000))
        lookup = contacts.newest(ucce_client, campaign, wanted, lambda _: False, place=place, allowance=OnlySome(9))
        assert len(ucce_simulator.control.received(limit=10_000)) - before <= 9
        seen |= lookup.listed
        assert {key(number) for number in range(1700, 2000)} <= lookup.listed, "the newest are read each time"
        assert len(seen) == min(2000, 4 * 99 + 5 * 99 * cycle + 1)
        if len(seen) == 2000:
            break
    assert (cycle, place.row) == (4, 0)


def test_few_old_ones_are_searched_for_in_turn(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator
) -> None:
    import_batch(ucce_client, campaign, batch(*range(3000)))
    wanted, place = [key(number) for number in range(7)], contacts.Place()
    before = len(ucce_simulator.control.received(limit=10_000))
    first = contacts.newest(ucce_client, campaign, wanted, lambda _: True, place=place)
    second = contacts.newest(ucce_client, campaign, wanted, lambda _: True, place=place)
    assert (len(first.listed), len(second.listed), first.listed | second.listed) == (5, 5, frozenset(wanted))
    assert len(ucce_simulator.control.received(limit=10_000)) - before == 12


def test_a_contact_that_stands_twice_is_told_by_every_way_of_looking(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator
) -> None:
    import_batch(ucce_client, campaign, batch(*range(500)))
    ucce_simulator.control.copy(key(3)[:26], key(499)[:26])
    wanted = [key(number) for number in range(500)]
    assert contacts.find(ucce_client, campaign, wanted).twice == {key(3), key(499)}
    assert contacts.newest(ucce_client, campaign, wanted, lambda _: False).twice == {key(3), key(499)}
    assert key(3) in contacts.find(ucce_client, campaign, [key(3)]).twice


def test_of_two_contacts_with_one_key_the_result_of_either_counts(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator
) -> None:
    ucce_simulator.control.results(accounts={key(1): 10})
    import_batch(ucce_client, campaign, batch(1))
    ucce_simulator.control.dialer(advance=30, paused=False)
    until(lambda: contacts.find(ucce_client, campaign, [key(1)]).found[key(1)].call_result == 10)
    ucce_simulator.control.dialer(paused=True)
    ucce_simulator.control.copy(key(1)[:26])
    found = contacts.newest(ucce_client, campaign, [key(1)], lambda contact: contact.call_status == "closed").found
    assert set(found) == {key(1)}
