"""What the steps of a cycle work with, for one term as master; what it remembers ends with the term."""

from dataclasses import dataclass, field

from services.dialer_sync.backoff import Backoff
from services.dialer_sync.batches import Actor, Checkpoint
from services.dialer_sync.settings import WorkerSettings
from services.dialer_sync.ucce.client import UcceClient
from services.dialer_sync.ucce.errors import UcceError
from shared.callbacks.catalogue_cache import CatalogueCache
from shared.clock import Clock, SteadyClock, boottime
from shared.db.session import Database

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds of backing off from UCCE


def no_checkpoint(_name: str) -> None:
    """Where tests break the worker; nothing happens here otherwise."""


@dataclass
class Term:
    """One term as master.

    `first_seen` says when (by `clock`) this master first saw an attempt unsettled, by contact key; `handed_over` how
    many callbacks went to a campaign since `pace_since`.
    """

    database: Database
    catalogues: CatalogueCache
    client: UcceClient
    settings: WorkerSettings
    actor: Actor
    now: Clock
    clock: SteadyClock = boottime
    checkpoint: Checkpoint = no_checkpoint
    backoffs: dict[tuple[str, int | None], Backoff] = field(default_factory=dict)
    first_seen: dict[str, float] = field(default_factory=dict)
    handed_over: dict[int, int] = field(default_factory=dict)
    pace_since: float = float("-inf")
    drift_checked: float = float("-inf")
    slots_checked: float = float("-inf")
    purge_at: float = float("-inf")

    def backoff(self, step: str, campaign_id: int | None = None) -> Backoff:
        """A step's backing off from UCCE as a whole, or from one campaign."""
        return self.backoffs.setdefault((step, campaign_id), Backoff(FIRST_PAUSE, LONGEST_PAUSE, self.clock))

    def failed(self, step: str, error: UcceError, campaign_id: int) -> None:
        """Back off from the campaign. Raises the error again when it concerns UCCE as a whole."""
        if error.concerns_all:
            raise error
        self.backoff(step, campaign_id).failed(error.message)

    def begin_grace_anew(self, since: float) -> None:
        """UCCE could not be read: forget when each attempt was first seen unsettled, but for those sent since then."""
        self.first_seen = {key: at for key, at in self.first_seen.items() if at >= since}

    def next_try(self) -> float | None:
        """Seconds until something that failed may be tried again; None when nothing waits."""
        return min((left for backoff in self.backoffs.values() if (left := backoff.remaining()) > 0), default=None)
