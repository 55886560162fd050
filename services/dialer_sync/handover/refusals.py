"""What UCCE's refusals (400) mean: about a contact, about a campaign, or nothing yet.

Of a batch. Cisco does not document whether the good rows of a refused batch are kept, nor whether that depends on
where the bad row stands, and UCCE's list may show late what it kept. So a 400 to more than one row proves of none of
them that it was not taken. All of them stay `importing` until readings of the list for its whole lag
(CM_UCCE_LIST_LAG) have not shown them; the request was answered, so nothing of it waits in UCCE's queue any more.
Those that are listed were taken. The others are sent again in parts of a twentieth, and at last one by one: no contact
is sent while UCCE may have it, and after three rounds (four of a batch above 500) each is taken or refused by itself.

Of a contact. A 400 to a single row proves that it was not taken. The contact is to blame, and fails with UCCE's words,
when the campaign took others since the contact was first refused, or when only a few are refused.

Of no row, when the answer says nothing (500, none at all): the batch is unknown, and sent again when the settle grace
proved that UCCE took none of it. What was never taken twice may hold a row that UCCE fails on: from then on it is sent
in smaller parts, too, and behind what is not suspected; at last alone, so that the others go.

Of a campaign. When more than a few are refused, or a batch, and none is taken, contacts from elsewhere in the queue
are tried one by one. Only if those are refused, too, the campaign is to blame: nothing fails, and it is backed off
from. Each further try is again such a sample, of other places in the queue, so that what can be taken does not wait
behind what cannot.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")

MAX_REJECTED = 10  # more contacts than this refused, and none taken: then it is perhaps not the contacts that are wrong
SAMPLE_SIZE = 5  # contacts from elsewhere in the queue
SUSPECT_ROUNDS = 2  # so often a contact is sent with others and never taken before it is sent with fewer
SMALLEST_BATCH = 25  # rows; of a refused batch no larger than this, each contact is sent by itself
_MAX_REMEMBERED = 100_000  # contacts, also of callbacks that have long been cancelled or expired


@dataclass
class Refusals:
    """Of one term as master. Contacts are named by their keys, instants are of the term's clock."""

    doubtful: set[str] = field(default_factory=set)  # in a refused batch, and not proven absent yet
    blamed: dict[int, int] = field(default_factory=dict)  # campaign → how many samples of it were refused in a row
    _sizes: dict[str, int] = field(default_factory=dict)  # contact → with how many rows at most it is sent
    _first: dict[str, float] = field(default_factory=dict)  # contact → when it was first refused
    _unanswered: dict[str, "_Unanswered"] = field(default_factory=dict)
    _took: dict[int, float] = field(default_factory=dict)  # campaign → when it last took a contact

    def batch_refused(self, keys: Collection[str], now: float) -> None:
        self.doubtful.update(keys)
        self._sizes.update(dict.fromkeys(keys, _smaller(len(keys))))
        self._note(keys, now)

    def unanswered(self, keys: Collection[str], message: str) -> None:
        """These were sent together, and the answer does not tell whether they were taken."""
        if len(self._unanswered) > _MAX_REMEMBERED:
            self._unanswered.clear()
        for key in keys:
            rounds = self._unanswered[key].rounds if key in self._unanswered else 0
            self._unanswered[key] = _Unanswered(rounds, len(keys), message)

    def never_taken(self, keys: Iterable[str], now: float) -> None:
        """The grace has proven it of these, whose answer said nothing."""
        for key in keys:
            if (one := self._unanswered.get(key)) is None:
                continue
            one.rounds += 1
            if one.rounds >= SUSPECT_ROUNDS:
                self._sizes[key] = _smaller(one.size)
                self._note([key], now)

    def is_suspect(self, key: str) -> bool:
        """Whether UCCE may fail on this contact."""
        return key in self._unanswered and self._unanswered[key].rounds >= SUSPECT_ROUNDS

    def message(self, key: str) -> str | None:
        """What UCCE said, or what happened, the last time that it did not tell whether it took the contact."""
        return self._unanswered[key].message if key in self._unanswered else None

    def contact_refused(self, key: str, now: float) -> None:
        self._sizes[key] = 1
        self._note([key], now)

    def took(self, campaign_id: int, keys: Iterable[str], now: float) -> None:
        self._took[campaign_id] = now
        self.blamed.pop(campaign_id, None)
        self.settled(keys)

    def settled(self, keys: Iterable[str]) -> None:
        """These will not be sent again."""
        for key in keys:
            self.doubtful.discard(key)
            self._sizes.pop(key, None)
            self._first.pop(key, None)
            self._unanswered.pop(key, None)

    def claimed(self, keys: Iterable[str]) -> None:
        """These are about to be sent: from now on the answer to that counts."""
        self.doubtful.difference_update(keys)

    def is_known(self, key: str) -> bool:
        """Whether the contact was refused before, alone or with others."""
        return key in self._first

    def is_to_blame(self, campaign_id: int, key: str) -> bool:
        """Whether the campaign took others since the contact was first refused."""
        return self._took.get(campaign_id, float("-inf")) >= self._first.get(key, float("inf"))

    def in_parts(self, rows: Sequence[T], keys: Sequence[str]) -> list[list[T]]:
        """The rows as they are to be sent: those of refused batches first, in smaller parts; the others together; and
        those that UCCE may fail on last.
        """
        alike: dict[tuple[bool, int], list[T]] = {}
        for row, key in zip(rows, keys, strict=True):
            alike.setdefault((self.is_suspect(key), self._sizes.get(key, len(rows))), []).append(row)
        return [
            same[start : start + size]
            for (_, size), same in sorted(alike.items(), key=lambda item: item[0])
            for start in range(0, len(same), size)
        ]

    def _note(self, keys: Iterable[str], now: float) -> None:
        if len(self._first) > _MAX_REMEMBERED:
            self._first.clear()
            self._sizes.clear()
        for key in keys:
            self._first.setdefault(key, now)


@dataclass(slots=True)
class _Unanswered:
    """A contact whose batch of `size` had no answer that tells; `rounds` times it was never taken."""

    rounds: int
    size: int
    message: str


def _smaller(size: int) -> int:
    """In parts of how many rows a batch of `size` is sent again."""
    return 1 if size <= SMALLEST_BATCH else -(-size // 20)


def spread(items: Sequence[T], count: int, turn: int) -> list[T]:
    """`count` items from evenly spread places; each turn begins elsewhere, so that every item has its turn."""
    if len(items) <= count:
        return list(items)
    offset = turn * 0.618034 % 1  # the golden ratio fills the gaps of the earlier turns evenly
    return [items[int((index + offset) * len(items) / count)] for index in range(count)]
