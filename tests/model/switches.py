"""The product's rules, each of which can be switched off, and the events of its surroundings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """The product's rules; README.md names the code of each."""

    epoch_fence: bool = True
    lease: bool = True
    lease_counts_suspension: bool = True
    confirm_before_body: bool = True
    settle_before_resend: bool = True
    settle_what_others_left: bool = True
    grace_covers_queue_and_lag: bool = True
    grace_covers_unfinished_request: bool = True
    grace_restarts_when_ucce_is_silent: bool = True
    forget_first_seen_on_release: bool = True
    forget_before_the_release_commits: bool = True
    proof_needs_cisco_body: bool = True
    success_is_200_or_201: bool = True
    absence_needs_complete_reading: bool = True
    read_back_before_halving: bool = True
    read_back_waits_for_the_list: bool = True
    hand_over_counter: bool = True
    counter_checked_in_the_claim: bool = True
    doubt_covers_callbacks_not_due: bool = True
    claim_repeats_its_conditions: bool = True
    expiry_repeats_its_conditions: bool = True
    never_listed_is_released: bool = True
    never_listed_waits_for_the_grace: bool = True
    never_listed_ends_with_the_purge: bool = True
    settle_ends_with_the_purge: bool = True
    settle_notes_listed: bool = True


@dataclass(frozen=True, slots=True)
class World:
    """What happens in a run. In ticks: UCCE's queue, the lag of its list, its timeout of an unfinished request."""

    queue: int = 2
    lag: int = 1
    request_timeout: int = 1
    longer: int = 0  # ticks by which UCCE's queue is longer than the settings say
    crash: bool = False
    session_ends: bool = False
    suspend: bool = False
    answers_lost: bool = False
    nothing_taken: bool = False  # 401, 403, 503 with Cisco's body
    refusals: bool = False  # 400 of this contact alone
    database_away: bool = False
    database_restored: bool = False
    deposed_goes_on: bool = False  # a deposed master's transaction outlasts the database's loss
    moved_since_the_backup: bool = False  # the customer has had it brought forward from tomorrow
    list_fails: bool = False
    bare_status: bool = False  # 404 or 503 of a proxy or the web container
    list_moves: bool = False  # the list changes while it is read
    accepted: bool = False  # 202
    partial: bool = False  # a batch is refused for another row, ours may have been taken
    silences: bool = False  # UCCE answers nothing for a while and does later what waits
    false_success: bool = False  # 200, and nothing was taken
    results: bool = False
    purge: bool = False
    deleted: bool = False  # by a person in UCCE, after a reading of ours was recorded
    deleted_unseen: bool = False  # before any was
    customer: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    product: Product
    world: World

    @property
    def grace(self) -> int:
        """Ticks of the settle grace, the least that the settings allow."""
        queue_and_lag = self.world.queue + self.world.lag if self.product.grace_covers_queue_and_lag else 0
        unfinished = self.world.request_timeout if self.product.grace_covers_unfinished_request else 0
        return queue_and_lag + unfinished + 1

    @property
    def doubt(self) -> int:
        """Ticks after which what is not listed of a refused batch goes again: the lag of the list."""
        return self.world.lag + 1
