"""The runs: those in which the protocol holds, one without each of its rules, one without each assumption."""

from dataclasses import dataclass, replace

from tests.model.switches import Model, Product, World


@dataclass(frozen=True, slots=True)
class Run:
    """Explore `world` with the rules in `off` switched off; `breaks` is the property that a state then breaks.

    `states` is the number of all states of a run that holds; a model that lost behaviour by mistake has fewer.
    """

    name: str
    world: World
    off: tuple[str, ...] = ()
    breaks: str | None = None
    states: int = 0

    @property
    def model(self) -> Model:
        return Model(Product(**dict.fromkeys(self.off, False)), self.world)


# Times as the product's defaults have them, a tick being 10 s: 30 s in UCCE's queue, 30 s until its list shows it, 20 s
# until it gives an unfinished request up; the least grace that the settings allow is then 90 s.
HAND_OVER = World(
    queue=3, lag=3, request_timeout=2, crash=True, session_ends=True, suspend=True, answers_lost=True,
    nothing_taken=True, refusals=True, database_away=True, list_fails=True, bare_status=True, list_moves=True,
    accepted=True, partial=True, silences=True,
)  # fmt: skip
RESULTS = World(
    queue=1, session_ends=True, answers_lost=True, database_away=True, results=True, purge=True, false_success=True
)
DELETED = World(queue=1, session_ends=True, answers_lost=True, results=True, deleted=True)
CUSTOMER = World(queue=0, lag=0, request_timeout=0, crash=True, session_ends=True, answers_lost=True,
                 database_away=True, customer=True)  # fmt: skip
RESTORED = World(queue=0, lag=0, request_timeout=0, session_ends=True, database_restored=True)
LOSS = World(queue=0, lag=0, request_timeout=0, database_restored=True)  # with one master throughout
STOPS = World(session_ends=True, suspend=True)

HOLDS = (
    Run("hand-over: any faults of machines, ZooKeeper, database, network and UCCE", HAND_OVER, states=83_855),
    Run("results: never listed, purged, result lost", RESULTS, states=14_693),
    Run("results: contacts deleted in UCCE", DELETED, states=7_383),
    Run("customers move and cancel between a step's two statements", CUSTOMER, states=2_691),
    Run("the database loses its last transactions", RESTORED, states=93_956),
)

BREAKS = (
    Run("a stale master releases what its successor sent", STOPS, ("epoch_fence",), "ONCE"),
    Run("sent again without asking UCCE", World(answers_lost=True), ("settle_before_resend",), "ONCE"),
    Run("what a dead master left waits for ever", World(crash=True), ("settle_what_others_left",), "LIVE"),
    Run("given up while in UCCE's queue", World(answers_lost=True), ("grace_covers_queue_and_lag",), "ONCE"),
    Run("given up before the old master's bytes came", World(session_ends=True),
        ("grace_covers_unfinished_request",), "ONCE"),
    Run("the grace runs while UCCE is silent", World(silences=True), ("grace_restarts_when_ucce_is_silent",), "ONCE"),
    Run("the resend inherits a grace", World(database_away=True), ("forget_first_seen_on_release",), "ONCE"),
    Run("so it does when the release's commit is unknown", World(database_away=True),
        ("forget_before_the_release_commits",), "ONCE"),
    Run("a proxy's 503 is believed", World(bare_status=True), ("proof_needs_cisco_body",), "ONCE"),
    Run("202 is believed", World(accepted=True), ("success_is_200_or_201",), "THERE"),
    Run("a list that moves is believed", World(answers_lost=True, list_moves=True),
        ("absence_needs_complete_reading",), "ONCE"),
    Run("good rows of a refused batch are sent again", World(partial=True), ("read_back_before_halving",), "ONCE"),
    Run("they are read back too early", World(partial=True), ("read_back_waits_for_the_list",), "ONCE"),
    Run("a restored database dials again", LOSS, ("hand_over_counter",), "ONCE"),
    Run("claims hide that the database is behind", LOSS, ("counter_checked_in_the_claim",), "ONCE"),
    Run("what is due later is not looked up", replace(LOSS, moved_since_the_backup=True),
        ("doubt_covers_callbacks_not_due",), "ONCE"),
    Run("a callback just moved is dialled today", CUSTOMER, ("claim_repeats_its_conditions",), "DUE"),
    Run("a callback just moved expires", CUSTOMER, ("expiry_repeats_its_conditions",), "DUE"),
    Run("200 without a contact ends the callback", World(results=True, false_success=True),
        ("never_listed_is_released",), "THERE"),
    Run("not listed yet counts as never listed", World(results=True), ("never_listed_waits_for_the_grace",), "ONCE"),
    Run("what settle found, and was deleted, is sent again", DELETED, ("settle_notes_listed",), "ONCE"),
    Run("purged counts as never taken", RESULTS, ("settle_ends_with_the_purge",), "ONCE"),
    Run("purged counts as never listed", World(results=True, purge=True),
        ("never_listed_ends_with_the_purge",), "ONCE"),
    # Two lines of defence: either alone holds, and with both gone it breaks.
    Run("a master that was stopped sends late", STOPS, ("lease", "confirm_before_body"), "ONCE"),
    Run("so does a suspended machine", STOPS, ("lease_counts_suspension", "confirm_before_body"), "ONCE"),
)  # fmt: skip

EITHER_HOLDS = tuple(
    Run(f"without {rule}, its fellow on", run.world, (rule,)) for run in BREAKS if len(run.off) == 2 for rule in run.off
)

ASSUMPTIONS = (
    Run("UCCE's queue lasts longer than the settings were told", World(longer=2, answers_lost=True), (), "ONCE"),
    Run("somebody deletes a contact in UCCE before any reading of ours listed it",
        World(results=True, deleted_unseen=True), (), "ONCE"),
    Run("a deposed master's transaction outlasts the database's loss", replace(RESTORED, deposed_goes_on=True),
        (), "ONCE"),
)  # fmt: skip
