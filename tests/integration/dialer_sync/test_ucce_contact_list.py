"""Contacts read back from UCCE's list: found, absent, or not to be known."""

from services.dialer_sync.ucce import contacts
from services.dialer_sync.ucce.client import UcceClient
from services.dialer_sync.ucce.contacts import import_batch
from tests.fakes.ucce.handle import UcceSimulator
from tests.integration.dialer_sync.conftest import settings_for
from tests.integration.dialer_sync.samples import batch, key
from tests.support.until import until


def test_every_key_is_found_in_a_list_of_several_pages(client: UcceClient, campaign: int) -> None:
    import_batch(client, campaign, batch(*range(250)))
    lookup = contacts.find(client, campaign, [key(number) for number in range(300)])
    assert (len(lookup.found), len(lookup.absent)) == (250, 50)


def test_a_few_keys_in_a_long_list_are_searched_for_one_by_one(
    client: UcceClient, campaign: int, ucce: UcceSimulator
) -> None:
    import_batch(client, campaign, batch(*range(1000)))
    before = len(ucce.control.received(limit=10_000))
    lookup = contacts.find(client, campaign, [key(7), key(5000)])
    assert (set(lookup.found), lookup.absent) == ({key(7)}, {key(5000)})
    assert len(ucce.control.received(limit=10_000)) - before == 3


def test_the_search_is_by_substring_but_the_comparison_exact(client: UcceClient, campaign: int) -> None:
    import_batch(client, campaign, batch(*range(700)))
    lookup = contacts.find(client, campaign, [key(7)[:-1], "x" * 29])
    assert (lookup.found, lookup.absent) == ({}, {key(7)[:-1], "x" * 29})


def test_a_list_that_changes_while_it_is_read_proves_nothing(campaign: int, ucce: UcceSimulator) -> None:
    own = UcceClient(settings_for(ucce))
    import_batch(own, campaign, batch(*range(250)))
    calls: list[float] = []

    def import_one_more(seconds: float) -> None:
        calls.append(seconds)
        if len(calls) == 2:
            import_batch(own, campaign, batch(900))

    reader = UcceClient(settings_for(ucce), guard=import_one_more)
    lookup = contacts.find(reader, campaign, [key(number) for number in range(300)])
    assert lookup.absent == frozenset()


def test_an_empty_list_proves_that_nothing_is_there(client: UcceClient, campaign: int) -> None:
    assert contacts.find(client, campaign, [key(1)]) == contacts.Lookup({}, frozenset([key(1)]))


def test_the_newest_are_read_without_walking_the_whole_list(
    client: UcceClient, campaign: int, ucce: UcceSimulator
) -> None:
    import_batch(client, campaign, batch(*range(1000)))
    before = len(ucce.control.received(limit=10_000))
    lookup = contacts.newest(client, campaign, [key(number) for number in range(850, 1000)], lambda _: True)
    assert len(lookup.found) == len(lookup.listed) == 150
    assert len(ucce.control.received(limit=10_000)) - before == 2
    assert contacts.newest(client, campaign, [], lambda _: True).found == {}


def test_an_old_open_contact_does_not_make_us_read_the_whole_list(
    client: UcceClient, campaign: int, ucce: UcceSimulator
) -> None:
    import_batch(client, campaign, batch(*range(1000)))
    before = len(ucce.control.received(limit=10_000))
    gone = f"{key(450)[:-2]}02"
    lookup = contacts.newest(client, campaign, [key(3), gone, key(999)], lambda contact: contact.key != key(999))
    assert (set(lookup.found), lookup.absent) == ({key(3)}, {gone})
    assert len(ucce.control.received(limit=10_000)) - before == 3


def test_a_result_is_read_with_its_status(client: UcceClient, campaign: int, ucce: UcceSimulator) -> None:
    ucce.control.results(accounts={key(1): 9})
    import_batch(client, campaign, batch(1))
    ucce.control.dialer(advance=30, paused=False)
    found = until(lambda: (one := contacts.find(client, campaign, [key(1)]).found[key(1)]).call_result == 9 and one)
    assert (found.call_status, found.calls_made) == ("maxAttemptsReached", 1)


def test_a_steady_reading_proves_all_at_once_that_lie_above_where_it_ended(
    client: UcceClient, campaign: int, ucce: UcceSimulator
) -> None:
    """250 of 300 are gone, and 600 newer ones stand before them: five searches a time would take fifty readings."""
    import_batch(client, campaign, batch(*range(900)))
    ucce.control.purge(*(key(number)[:26] for number in range(50, 300)), any=True)
    wanted = [key(number) for number in range(300)]
    before = len(ucce.control.received(limit=10_000))
    lookup = contacts.newest(client, campaign, wanted, lambda _: True)
    assert lookup.absent == set(wanted[50:])
    assert lookup.listed == set(wanted[:50])
    assert len(ucce.control.received(limit=10_000)) - before <= 8


def test_a_list_that_changes_while_the_newest_are_read_proves_nothing(campaign: int, ucce: UcceSimulator) -> None:
    own = UcceClient(settings_for(ucce))
    import_batch(own, campaign, batch(*range(250)))
    calls: list[float] = []

    def purge_one_more(seconds: float) -> None:
        calls.append(seconds)
        if len(calls) == 2:
            ucce.control.purge(key(249)[:26], any=True)

    reader = UcceClient(settings_for(ucce), guard=purge_one_more)
    lookup = contacts.newest(reader, campaign, [f"{key(number)[:-2]}02" for number in range(250)], lambda _: True)
    assert len(lookup.absent) <= contacts.FEW


def test_a_contact_that_stands_twice_is_told_by_every_way_of_looking(
    client: UcceClient, campaign: int, ucce: UcceSimulator
) -> None:
    import_batch(client, campaign, batch(*range(500)))
    ucce.control.copy(key(3)[:26], key(499)[:26])
    wanted = [key(number) for number in range(500)]
    assert contacts.find(client, campaign, wanted).twice == {key(3), key(499)}
    assert contacts.newest(client, campaign, wanted, lambda _: False).twice == {key(3), key(499)}
    assert key(3) in contacts.find(client, campaign, [key(3)]).twice


def test_of_two_contacts_with_one_key_the_result_of_either_counts(
    client: UcceClient, campaign: int, ucce: UcceSimulator
) -> None:
    ucce.control.results(accounts={key(1): 10})
    import_batch(client, campaign, batch(1))
    ucce.control.dialer(advance=30, paused=False)
    until(lambda: contacts.find(client, campaign, [key(1)]).found[key(1)].call_result == 10)
    ucce.control.dialer(paused=True)
    ucce.control.copy(key(1)[:26])
    found = contacts.newest(client, campaign, [key(1)], lambda contact: contact.call_status == "closed").found
    assert set(found) == {key(1)}
