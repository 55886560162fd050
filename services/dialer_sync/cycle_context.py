"""What the steps of a cycle work with, for one term as master; what it remembers ends with the term."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from services.dialer_sync import metrics
from services.dialer_sync.backoff import Backoff
from services.dialer_sync.election.fencing import HandOverCount
from services.dialer_sync.handover.batch_store import Checkpoint, FencedActor
from services.dialer_sync.handover.grace import GracePeriods
from services.dialer_sync.handover.refusals import Refusals
from services.dialer_sync.settings import WorkerSettings
from services.dialer_sync.ucce.client import UcceClient
from services.dialer_sync.ucce.contact_list import Place
from services.dialer_sync.ucce.errors import UcceError
from shared.callbacks.config_cache import ConfigCache
from shared.callbacks.config_snapshot import Week
from shared.callbacks.dialing_window import DialingWindow
from shared.clock import Clock, SteadyClock, boottime
from shared.db.session import Database

_log = structlog.get_logger(__name__)

# UCCE purges at night what was imported a day ago or more, as it is configured (ucce/REFERENCE.md 1.5.3).
EARLIEST_PURGE = timedelta(hours=20)
PROBLEM_SHOWN_SECONDS = 3600.0  # seconds for which a problem of UCCE's lists is shown
MIN_PAUSE_SECONDS, MAX_PAUSE_SECONDS = 1.0, 60.0  # seconds of backing off from UCCE


def no_lock_to_verify() -> None:
    """For tests and tools that hold no lock."""


def no_checkpoint(_name: str) -> None:
    """Where tests break the worker; nothing happens here otherwise."""


def no_heartbeat() -> None:
    """The default of `heartbeat`."""


def no_observer(_error: UcceError) -> None:
    """The default of `on_error`."""


def read_at_once() -> None:
    """The default of `before_reading`, outside of a cycle."""


@dataclass(frozen=True, slots=True)
class WantedSlots:
    """What the slots of a pool follow from, to the `last` date of the horizon, by a version of the configuration."""

    version: int
    zone: ZoneInfo
    assignments: tuple[tuple[date, Week | None], ...]
    window: DialingWindow
    last: date

    def same_slots(self, other: "WantedSlots") -> bool:
        return self == replace(other, version=self.version)


@dataclass
class CycleContext:
    """One term as master. `verify_lock()` confirms on ZooKeeper that the lock is still held, and raises NotMaster.

    `grace` is of attempts that are unsettled, `missed` of those that UCCE accepted and does not list; `removals` says
    when something was seen to be gone from a campaign in UCCE, `twice` when a key was seen to stand there twice;
    `handed_over` how many callbacks went to a campaign since `pace_since`; `again` asks for another cycle at once.
    `before_reading()` is called before each page of a list: what is due goes first. `places` say how far the reading of
    results has come in each campaign in UCCE, `read_last` which campaign was read last.
    `slots_in_step` holds by pool what its slots' rows were last brought in step with (steps/slots.py).
    `heartbeat()` is called between steps and batches of a long cycle. `step_began`: by `clock`.
    `behind` is set while the database is known to have lost transactions (steps/lost_transactions.py): `found_again`
    of its callbacks were found in UCCE since. `problem` says what an operator must do about it.
    """

    database: Database
    config_cache: ConfigCache
    client: UcceClient
    settings: WorkerSettings
    actor: FencedActor
    now: Clock
    clock: SteadyClock = boottime
    checkpoint: Checkpoint = no_checkpoint
    verify_lock: Callable[[], None] = no_lock_to_verify
    hand_overs: HandOverCount = field(default_factory=HandOverCount)
    behind: bool = False
    found_again: int = 0
    problem: str | None = None
    backoffs: dict[tuple[str, int | None], Backoff] = field(default_factory=dict)
    grace: GracePeriods = field(init=False)
    missed: GracePeriods = field(init=False)
    removals: dict[int, datetime] = field(default_factory=dict)
    twice: dict[str, float] = field(default_factory=dict)
    refusals: Refusals = field(default_factory=Refusals)
    on_error: Callable[[UcceError], None] = no_observer
    again: bool = False
    before_reading: Callable[[], None] = read_at_once
    places: dict[int, Place] = field(default_factory=dict)
    read_last: tuple[int, int] = (0, 0)
    due_looked_at: float = float("-inf")
    heartbeat: Callable[[], None] = no_heartbeat
    step_began: float = float("-inf")
    handed_over: dict[int, int] = field(default_factory=dict)
    pace_since: float = float("-inf")
    drift_checked: float = float("-inf")
    slots_checked: float = float("-inf")
    slots_in_step: dict[int, WantedSlots] = field(default_factory=dict)
    purge_at: float = float("-inf")

    def __post_init__(self) -> None:
        self.grace = GracePeriods(self.settings.settle_grace, self.clock)
        self.missed = GracePeriods(self.settings.settle_grace, self.clock)

    def backoff(self, step: str, campaign_id: int | None = None) -> Backoff:
        """A step's backing off from UCCE as a whole, or from one campaign."""
        return self.backoffs.setdefault((step, campaign_id), Backoff(MIN_PAUSE_SECONDS, MAX_PAUSE_SECONDS, self.clock))

    def failed(self, step: str, error: UcceError, campaign_id: int) -> None:
        """Back off from the campaign. Raises the error again when it concerns UCCE as a whole."""
        self.note_silence(error)
        if error.concerns_all:
            raise error
        self.on_error(error)
        self.backoff(step, campaign_id).failed(error.message)

    def note_silence(self, error: UcceError) -> None:
        """After an answer that was not UCCE's own, it is not known for how long its list lacks a contact."""
        if not error.by_ucce:
            self.begin_grace_anew()

    def begin_grace_anew(self) -> None:
        """Begin all grace periods anew: what was sent before may still be executed."""
        self.grace.begin_anew()
        self.missed.begin_anew()

    def may_have_been_removed(self, ucce_id: int, sent_at: datetime) -> bool:
        """Whether a contact that a campaign's list never showed may have been in it, and be purged or deleted since.

        Then nobody knows whether it was dialled, and it is not sent again.
        """
        removal = self.removals.get(ucce_id)
        return self.now() - sent_at >= EARLIEST_PURGE or (removal is not None and sent_at <= removal)

    def note_twice(self, campaign: str, keys: Collection[str]) -> None:
        """Two contacts in a campaign's list have the same key: UCCE dials both."""
        for key in keys:
            if key not in self.twice:
                metrics.LISTED_TWICE.labels(campaign).inc()
                _log.error("contact_listed_twice", contact=key, campaign=campaign)
                self.on_error(UcceError(f"contact {key} stands twice in UCCE's list of {campaign}", 200))
            self.twice[key] = self.clock()

    def list_problem(self) -> str | None:
        """What was wrong with UCCE's lists in the last hour, in words for an operator."""
        recent = [key for key, seen in self.twice.items() if self.clock() - seen < PROBLEM_SHOWN_SECONDS]
        if not recent:
            return None
        more = f" and {len(recent) - 1} more" if len(recent) > 1 else ""
        return f"contact {recent[0]}{more} stands twice in UCCE's list: the customer may be called twice"

    def begin_step(self) -> None:
        self.heartbeat()
        self.step_began = self.clock()

    def has_time(self) -> bool:
        """Whether a step with much to write may go on; after a lease's time the other steps come first."""
        in_time = self.clock() - self.step_began < self.settings.timing.lease
        self.again = self.again or not in_time
        return in_time

    def next_try(self) -> float | None:
        """Seconds until something that failed may be tried again, or is to be looked for again; None: nothing waits."""
        if self.again:
            return 0.0
        waits = [left for backoff in self.backoffs.values() if (left := backoff.remaining()) > 0]
        looks = [look for look in (self.grace.next_look(), self.missed.next_look()) if look is not None]
        return min([*waits, *looks], default=None)
