"""The five reports: which view each reads, what it shows, and how its rows are summed up.

The admin API builds its queries and its documents from this table; CUIC's report definitions name the same columns.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` is text, phone, integer or instant. Of a grouped report `total` says how rows become one: `sum` or
    `most`."""

    name: str
    kind: str
    description: str
    total: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """`time` is the view's instant that a time range is about. `grouped`: one row for all that agree in the columns
    without a `total`."""

    name: str
    title: str
    description: str
    time: str
    order: str  # the column by which rows are sorted by default
    columns: tuple[Column, ...]
    grouped: bool = False

    @property
    def view(self) -> str:
        return f"report_{self.name}"


_ACCOUNT = Column("account_number", "text", "The callback")
_SKILL = Column("skill", "text", "Skill")
_CAMPAIGN = Column("campaign", "text", "Campaign")
_INTERVAL = Column("interval_start", "instant", "The half hour")
_START = Column("start_at", "instant", "The time the customer chose")
_ZONE = Column("time_zone", "text", "The zone in which the instants of the row are given: its pool's, or the default")

_CUSTOMER_ZONE = Column(
    "customer_time_zone", "text", "The customer's zone: as stated, else by the number, else that of the slot"
)

REALTIME = Report(
    "realtime",
    "Scheduled callbacks in real time",
    "Every open callback: waiting for its time, or at the dialer.",
    "start_at",
    "start_at",
    (
        _ACCOUNT, Column("status", "text", "State"), _SKILL, _CAMPAIGN, Column("phone", "phone", "E.164"),
        Column("first_name", "text", "First name"), Column("last_name", "text", "Last name"),
        Column("agent_id", "text", "The agent of a personal callback"), _START,
        Column("due_at", "instant", "When it is handed over next"), Column("attempts", "integer", "Hand-overs so far"),
        Column("source", "text", "The channel it was booked through"), Column("created_at", "instant", "Booked"), _ZONE,
        _CUSTOMER_ZONE,
    ),
)  # fmt: skip
SCHEDULED = Report(
    "scheduled",
    "Callbacks scheduled",
    "Per half hour: places, and how many callbacks were booked and in which state they are. Slots to the booking "
    "horizon are there with their places also where nobody booked.",
    "start_at",
    "interval_start",
    (
        _INTERVAL, _SKILL, _CAMPAIGN, _ZONE, Column("capacity", "integer", "Places", "most"),
        Column("booked", "integer", "Places taken, of all campaigns in the pool", "most"),
        Column("callbacks", "integer", "Callbacks that were not cancelled", "sum"),
        Column("scheduled", "integer", "Waiting", "sum"), Column("in_progress", "integer", "At the dialer", "sum"),
        Column("completed", "integer", "Completed", "sum"), Column("failed", "integer", "Failed", "sum"),
        Column("expired", "integer", "Expired", "sum"), Column("cancelled", "integer", "Cancelled", "sum"),
    ),
    grouped=True,
)  # fmt: skip
MADE = Report(
    "made",
    "Callbacks made",
    "Every attempt that was dialled, first ones and retries, how long after its own time, and what came of it. The "
    "dial time is when UCCE's list first showed it: at most a reading late. The exact second, the agent and the talk "
    "time stand only in UCCE's history database (HDS).",
    "claimed_at",
    "contact_key",
    (
        Column("contact_key", "text", "The contact in UCCE"), _ACCOUNT, Column("attempt", "integer", "Which attempt"),
        _SKILL, _CAMPAIGN, Column("phone", "phone", "E.164"), _START,
        Column("due_at", "instant", "When this attempt was to be made: the chosen time, or that of the retry"),
        Column("imported_at", "instant", "Handed over"),
        Column("seconds_to_hand_over", "integer", "From its own time to the hand-over"),
        Column("dialed_at", "instant", "Dialled, as UCCE's list showed it"),
        Column("seconds_to_dial", "integer", "From its own time to the dial"),
        Column("finished_at", "instant", "Result known"), Column("outcome", "text", "Result"),
        Column("call_result", "integer", "UCCE's CallResult"), Column("calls_made", "integer", "Calls UCCE made"),
        Column("message", "text", "UCCE's words"), Column("node", "text", "The node that handed over"), _ZONE,
        _CUSTOMER_ZONE,
    ),
)  # fmt: skip
RESULTS = Report(
    "results",
    "Callback results",
    "Per half hour: how the callbacks ended.",
    "start_at",
    "interval_start",
    (
        _INTERVAL, _SKILL, _CAMPAIGN, _ZONE,
        Column("status", "text", "Final state"), Column("outcome", "text", "Result"),
        Column("agent_outcome", "text", "Of personal ones: agent, skill, agent_unavailable, not_reported"),
        Column("callbacks", "integer", "Callbacks", "sum"), Column("attempts", "integer", "Hand-overs", "sum"),
    ),
    grouped=True,
)  # fmt: skip
REQUESTS = Report(
    "requests",
    "Callback requests",
    "Per half hour: how often a callback was asked for, whether slots were offered, and how it ended: scheduled, "
    "no_slots, refused (the outcome says why) or not_completed.",
    "requested_at",
    "interval_start",
    (
        _INTERVAL, _SKILL, _CAMPAIGN, Column("source", "text", "The channel it was booked through"),
        Column("category", "text", "scheduled, no_slots, refused or not_completed"), Column("outcome", "text", "Why"),
        _ZONE, Column("requests", "integer", "Requests", "sum"),
        Column("offered", "integer", "Of them those to which slots were offered, however they ended", "sum"),
    ),
    grouped=True,
)  # fmt: skip

REPORTS = (REALTIME, SCHEDULED, MADE, RESULTS, REQUESTS)
