"""What Prometheus sees of a worker; all names begin with `cm_`."""

from prometheus_client import Counter, Gauge, Histogram

MASTER = Gauge("cm_master", "1 while this worker is master, else 0")
EPOCH = Gauge("cm_epoch", "The epoch of this worker's present or last term as master")
TERMS = Counter("cm_masterships_total", "Terms as master that this worker began")
CYCLE_SECONDS = Histogram(
    "cm_cycle_seconds", "Time of one cycle", buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
)
CYCLES_FAILED = Counter("cm_cycles_failed_total", "Cycles that ended early, by the part that failed", ["part"])
UCCE_SECONDS = Histogram(
    "cm_ucce_call_seconds",
    "Time of a call to UCCE",
    ["kind", "outcome"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
UCCE_FAILED_CALLS = Counter(
    "cm_ucce_failed_calls_total", "Calls to UCCE that failed or were refused, by kind and status", ["kind", "status"]
)
UCCE_UP = Gauge(
    "cm_ucce_up", "1 while UCCE works for us, 0 while it is down (services/dialer_sync/ucce/connection/availability.py)"
)
HANDED_OVER = Counter("cm_handed_over_total", "Callbacks that UCCE took", ["campaign"])
REFUSED = Counter("cm_refused_total", "Callbacks that UCCE refused for good", ["campaign"])
RELEASED = Counter("cm_released_total", "Callbacks that went back to scheduled because UCCE took nothing", ["campaign"])
LISTED_TWICE = Counter("cm_listed_twice_total", "Contacts that were found to stand twice in UCCE's list", ["campaign"])
NEVER_LISTED = Counter("cm_never_listed_total", "Callbacks that UCCE accepted and did not take", ["campaign"])
EXPIRED = Counter("cm_expired_total", "Callbacks that were not handed over within their window", ["campaign"])
LATENESS = Histogram(
    "cm_hand_over_lateness_seconds",
    "From the minute a callback was due to its hand-over",
    buckets=(1, 5, 15, 30, 60, 120, 300, 900, 3600),
)
SETTLED = Counter("cm_settled_total", "Unknown outcomes that were settled by reading UCCE", ["found"])
UNSETTLED = Gauge("cm_unsettled", "Callbacks of which it is not known yet whether UCCE has them")
RESULTS = Counter("cm_results_total", "Results of calls", ["outcome"])
WITHOUT_RESULT = Gauge("cm_without_result", "Callbacks that UCCE has had for longer than a result should take")
UNUSUAL_STATUS = Counter(
    "cm_unusual_contact_status_total",
    "Contacts that were seen with a status that is neither final nor usual",
    ["status"],
)
OVERDUE = Gauge("cm_overdue", "Scheduled callbacks whose minute has passed")
HELD_CAMPAIGNS = Gauge(
    "cm_held_campaigns", "Campaigns left alone in UCCE until a person decides: not_ours, switched_off", ["hold"]
)
CLOCK_OFF = Gauge("cm_clock_off_seconds", "By how much this node's clock is ahead of the database's; must be near 0")
LOST_HAND_OVERS = Gauge(
    "cm_lost_hand_overs", "Hand-overs that ZooKeeper counted and the database does not know; must be 0"
)
SLOT_DRIFT = Gauge("cm_slot_drift", "Slots whose count of places differs from their callbacks; must be 0")


def observe_call(kind: str, outcome: str, seconds: float) -> None:
    """One call to UCCE has ended."""
    UCCE_SECONDS.labels(kind, outcome).observe(seconds)
