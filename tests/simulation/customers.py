"""Customers and operators: each request runs the product's own core on an API node, and its answer is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from services.admin_api.campaigns.campaign_sync import CampaignInUcce
from services.admin_api.campaigns.hold_decisions import adopt
from services.admin_api.identity.current_user import CurrentUser
from services.admin_api.identity.roles import Role
from shared import deadline
from shared.callbacks import cancel_dispatch
from shared.callbacks.availability import availability
from shared.callbacks.booking import book
from shared.callbacks.booking_request import ApiCaller, BookingRequest
from shared.callbacks.brakes import BrakeChange, set_brakes
from shared.callbacks.config_cache import ConfigCache, bump_version
from shared.callbacks.idempotency import KeyedChange, RequestKey, fingerprint
from shared.callbacks.lookup import find_by_account_number
from shared.callbacks.reschedule import reschedule
from shared.clock import utcnow
from shared.db import models
from shared.db.audit import Author
from shared.db.session import Database, retried
from shared.errors import DomainError, Unavailable
from tests.simulation.databases import START
from tests.simulation.plan import Op
from tests.simulation.scheduler import Killed, Node, Scheduler

CALLER = ApiCaller(1, "ivr", "ivr")
# Calling hours by an operation's detail. All customers are in Chicago, where a run takes place from 09:00 on.
HOURS = {"closed": ("00:00", "08:30"), "open": ("00:00", "24:00")}
TRIES = 4
DEADLINE = 4.0  # seconds for one request, as in the booking API
TIMEOUT_SECONDS = 1.5  # after which a request without an answer is repeated


@dataclass
class Entry:
    """One request and its answer. `outcome`: ok, refused, or unknown; times are the true ones, in seconds."""

    op: Op
    invoked: float
    ended: float = 0.0
    outcome: str = "unknown"
    code: str = ""
    account: str = ""
    start: float = 0.0


@dataclass
class Server:
    """An API node."""

    node: Node
    database: Database
    config_cache: ConfigCache


def phone_of(who: int) -> str:
    """A customer's number; about every ninth has an ending that UCCE refuses."""
    return f"+1312{2_500_000 + who * 6 + 1:07d}"


def start_of(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


class Customers:
    """All customers and operators. `servers` gives the API nodes that run."""

    def __init__(self, scheduler: Scheduler, servers: Callable[[], list[Server]]) -> None:
        self.history: list[Entry] = []
        self.accounts: dict[int, str] = {}
        self.unexpected: list[str] = []
        self.keys_may_be_lost = False  # true once the database was put back to an earlier state
        self.under_way = 0
        self._scheduler, self._servers = scheduler, servers
        self._turn = 0

    def begin(self, op: Op, tries: int = TRIES) -> None:
        """Send a request to the next API node that runs, and again while there is no answer."""
        if op.what not in ("book", "brake", "release", "hours", "adopt", "availability", "repeat", "do_not_call") and (
            op.who not in self.accounts
        ):
            return
        servers = self._servers()
        if not servers:
            if tries:
                self._scheduler.after(TIMEOUT_SECONDS, lambda: self.begin(op, tries - 1))
            return
        self._turn += 1
        server = servers[self._turn % len(servers)]
        entry = Entry(op, self._scheduler.now)
        self.history.append(entry)
        self.under_way += 1
        self._scheduler.spawn(server.node, lambda: self._serve(server, entry, tries), op.what)

    def _serve(self, server: Server, entry: Entry, tries: int) -> None:
        try:
            with deadline.within(DEADLINE):
                self._do(server, entry)
            entry.outcome = "ok"
        except Unavailable:
            pass
        except DomainError as refusal:
            entry.outcome, entry.code = "refused", str(refusal.code)
        except Killed:
            entry.code = "killed"
            raise
        except Exception as error:
            self.unexpected.append(f"{entry.op.what}: {type(error).__name__}: {error}"[:300])
        finally:
            entry.ended = self._scheduler.now
            self.under_way -= 1
            self._scheduler.note("customer", entry.op.what, f"{entry.op.who} {entry.outcome} {entry.code}")
            if entry.outcome == "unknown" and tries:
                self._scheduler.after(TIMEOUT_SECONDS, lambda: self.begin(entry.op, tries - 1))

    def _do(self, server: Server, entry: Entry) -> None:
        op, now = entry.op, utcnow()
        account = entry.account = self.accounts.get(op.who, "")
        database, config_cache = server.database, server.config_cache
        match op.what:
            case "book" | "repeat":
                self._book(server, entry, now)
            case "move":
                entry.start, start = op.minute * 60.0, start_of(op.minute).isoformat()
                keyed = self._keyed(op, account, start)
                reschedule(database, config_cache, account, start, now=now, who="client:ivr", keyed=keyed)
            case "cancel":
                cancel_dispatch.cancel_once(
                    database, account, now=now, who="client:ivr", keyed=self._keyed(op, account)
                )
            case "dispatch":
                cancel_dispatch.dispatch_now(database, config_cache, account, now=now, who="user:ann")
            case "find":
                find_by_account_number(database, config_cache, account)
            case "availability":
                availability(database, config_cache, "Billing", None, now, days=1, slots=True)
            case "do_not_call":
                _list(database, phone_of(op.who), now)
            case "brake" | "release":
                self._brake(database, op, now)
            case "hours" | "adopt":
                _administer(database, op, now)
            case _:
                raise AssertionError(op.what)

    def _book(self, server: Server, entry: Entry, now: datetime) -> None:
        op = entry.op
        first = next((one.op for one in self.history if one.op.what == "book" and one.op.who == op.who), op)
        entry.start = first.minute * 60.0
        order = BookingRequest(
            phone=phone_of(op.who),
            start=start_of(first.minute).isoformat(),
            skill="Billing",
            first_name="Ann",
            last_name=f"Number {op.who}",
            call_data={"customer": str(op.who)},
        )
        booking = book(server.database, server.config_cache, order, CALLER, now, key=f"key-{op.who}")
        entry.account = booking.callback.account_number
        known = self.accounts.setdefault(op.who, entry.account)
        if known != entry.account and not self.keys_may_be_lost:
            self.unexpected.append(f"booked_twice: one key made {known} and {entry.account}")

    def _keyed(self, op: Op, *parts: str) -> KeyedChange:
        """All repeats of a request have the same key."""
        asked = fingerprint({"what": op.what, "parts": parts})
        key = RequestKey(CALLER.requester, f"{op.what}-{op.who}-{op.at}-{op.minute}", asked)
        return KeyedChange(key, CALLER.source, CALLER.client_id)

    def _brake(self, database: Database, op: Op, now: datetime) -> None:
        author = Author("user:ann", "127.0.0.1")
        if op.what == "brake":
            campaign = "Billing_Callback" if op.detail == "campaign" else None
            set_brakes(database, BrakeChange(hand_over=False, campaign=campaign), now=now, by=author)
        else:
            set_brakes(database, BrakeChange(hand_over=True), now=now, by=author)
            set_brakes(database, BrakeChange(hand_over=True, campaign="Billing_Callback"), now=now, by=author)


def _administer(database: Database, op: Op, now: datetime) -> None:
    if op.what == "hours":
        _set_hours(database, *HOURS[op.detail])
    else:
        _adopt(database, now)


def _adopt(database: Database, now: datetime) -> None:
    """Take over the campaign of our name that was found in UCCE, as an administrator does."""
    with database.reading() as connection:
        held = connection.execute(select(models.Campaign).where(models.Campaign.hold == "not_ours")).one_or_none()
    if held is not None:
        found = held.hold_candidates[0]
        ann = CurrentUser(1, "ann", "Ann", Role.ADMINISTRATOR)
        adopt(database, held.id, CampaignInUcce(found["ucceId"], found["name"]), ann, now)


@retried
def _set_hours(database: Database, start: str, end: str) -> None:
    """Change the campaign's calling hours, as an administrator does."""
    with database.writing() as tx:
        tx.execute(update(models.Campaign).values(calling_hours_start=start, calling_hours_end=end))
        bump_version(tx)
        tx.commit()


@retried
def _list(database: Database, phone: str, now: datetime) -> None:
    """Put a number on the do-not-call list, as an administrator does."""
    with database.writing() as tx:
        there = tx.execute(select(models.DoNotCall.phone).where(models.DoNotCall.phone == phone)).first()
        if there is None:
            tx.execute(insert(models.DoNotCall).values(phone=phone, added_at=now, added_by="user:ann"))
        tx.commit()
