"""What the steps of a cycle work with, for one term as master; what it remembers ends with the term."""

from collections.abc import Callable
from dataclasses import dataclass, field

from services.dialer_sync.backoff import Backoff
from services.dialer_sync.batches import Actor, Checkpoint
from services.dialer_sync.grace import GracePeriods
from services.dialer_sync.mastership import HandOverCount
from services.dialer_sync.refusals import Refusals
from services.dialer_sync.settings import WorkerSettings
from services.dialer_sync.ucce.client import UcceClient
from services.dialer_sync.ucce.errors import UcceError
from shared.callbacks.catalogue_cache import CatalogueCache
from shared.clock import Clock, SteadyClock, boottime
from shared.db.session import Database

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds of backing off from UCCE


def no_checkpoint(_name: str) -> None:
    """Where tests break the worker; nothing happens here otherwise."""


def no_observer(_error: UcceError) -> None:
    """Nobody is told."""


@dataclass
class Term:
    """One term as master.

    `grace` is of attempts that are unsettled; `handed_over` says how many callbacks went to a campaign since
    `pace_since`; `again` asks for another cycle at once. `behind` is set while the database is known to have lost
    transactions (steps/lost_transactions.py): `found_again` of its callbacks were found in UCCE since. `problem` says
    what an operator must do about it.
    """

    database: Database
    catalogues: CatalogueCache
    client: UcceClient
    settings: WorkerSettings
    actor: Actor
    now: Clock
    clock: SteadyClock = boottime
    checkpoint: Checkpoint = no_checkpoint
    hand_overs: HandOverCount = field(default_factory=HandOverCount)
    behind: bool = False
    found_again: int = 0
    problem: str | None = None
    backoffs: dict[tuple[str, int | None], Backoff] = field(default_factory=dict)
    grace: GracePeriods = field(init=False)
    refusals: Refusals = field(default_factory=Refusals)
    on_error: Callable[[UcceError], None] = no_observer
    again: bool = False
    handed_over: dict[int, int] = field(default_factory=dict)
    pace_since: float = float("-inf")
    drift_checked: float = float("-inf")
    slots_checked: float = float("-inf")
    purge_at: float = float("-inf")

    def __post_init__(self) -> None:
        self.grace = GracePeriods(self.settings.settle_grace, self.clock)

    def backoff(self, step: str, campaign_id: int | None = None) -> Backoff:
        """A step's backing off from UCCE as a whole, or from one campaign."""
        return self.backoffs.setdefault((step, campaign_id), Backoff(FIRST_PAUSE, LONGEST_PAUSE, self.clock))

    def failed(self, step: str, error: UcceError, campaign_id: int) -> None:
        """Back off from the campaign. Raises the error again when it concerns UCCE as a whole."""
        if not error.by_ucce:
            self.grace.begin_anew()
        if error.concerns_all:
            raise error
        self.on_error(error)
        self.backoff(step, campaign_id).failed(error.message)

    def next_try(self) -> float | None:
        """Seconds until something that failed may be tried again, or is to be looked for again; None: nothing waits."""
        if self.again:
            return 0.0
        waits = [left for backoff in self.backoffs.values() if (left := backoff.remaining()) > 0]
        look = self.grace.next_look()
        return min(waits if look is None else [*waits, look], default=None)
