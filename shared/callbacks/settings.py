"""The business settings: kept in the database, changed in the portal, the same on every node.

One table: each setting stands here once, with its default, its range and the words that the portal shows for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any

# Not called unless the list is changed (phone.PREFIX): premium rates, numbers of no caller, and of no place.
_BLOCKED_PREFIXES = (
    "+1...976", "+1900",  # premium rate in North America
    "+1...5551212",  # directory assistance
    "+1500", "+1521", "+1522", "+1523", "+1524", "+1525", "+1526", "+1527", "+1528", "+1529", "+1532", "+1533",
    "+1544", "+1566", "+1577", "+1588",  # personal numbers of North America
    "+1600", "+1622", "+1633", "+1644", "+1655", "+1677", "+1688",  # of no place in Canada
    "+1700", "+1710",  # of a carrier, of the government
    "+4470",  # personal numbers of the United Kingdom
    "+870", "+881", "+882", "+883",  # satellites and international networks
    "+808", "+878", "+979",  # international shared cost, personal and premium rate
)  # fmt: skip
KINDS = ("integer", "boolean", "region", "regions", "prefixes", "time_zone", "roles")
_A_PREFIX = "Each begins with + and the country code; a dot stands for any digit, as in +1...976."


def setting(
    default: Any,
    group: str,
    label: str,
    help: str,
    *,
    kind: str,
    unit: str | None = None,
    minimum: int | None = None,
    maximum: int | None = None,
) -> Any:
    """A setting. `kind` is one of KINDS; the range includes both ends."""
    metadata = {"group": group, "label": label, "help": help, "kind": kind, "unit": unit,
                "minimum": minimum, "maximum": maximum}  # fmt: skip
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class BusinessSettings:
    """Defaults that work. A name here is the name in the table `setting`."""

    minimum_notice_minutes: int = setting(
        15, "booking", "Minimum notice", "How long before its time a callback must be booked.",
        kind="integer", unit="minutes", minimum=0, maximum=10_080,
    )  # fmt: skip
    booking_horizon_days: int = setting(
        14, "booking", "Booking horizon", "How far ahead a callback can be booked.",
        kind="integer", unit="days", minimum=1, maximum=365,
    )  # fmt: skip
    default_region: str = setting(
        "US", "booking", "Default region", "The country of phone numbers that come without a country code (ISO 3166).",
        kind="region",
    )  # fmt: skip
    allowed_countries: tuple[str, ...] = setting(
        ("US", "CA"), "booking", "Allowed countries", "Countries that are called back (ISO 3166). Empty: all.",
        kind="regions",
    )  # fmt: skip
    blocked_prefixes: tuple[str, ...] = setting(
        _BLOCKED_PREFIXES, "booking", "Blocked numbers",
        "Numbers that begin so are not called back, whatever else allows them; what is booked already still is. "
        f"{_A_PREFIX}",
        kind="prefixes",
    )  # fmt: skip
    allowed_prefixes: tuple[str, ...] = setting(
        (), "booking", "Allowed numbers",
        "Numbers that begin so are called back although their country is not allowed or their area code is too new to "
        f"be known; premium-rate and blocked numbers are not. {_A_PREFIX}",
        kind="prefixes",
    )  # fmt: skip
    open_callbacks_per_number: int = setting(
        1, "booking", "Open callbacks per number", "How many callbacks one phone number may have open at a time.",
        kind="integer", minimum=1, maximum=20,
    )  # fmt: skip
    default_time_zone: str = setting(
        "America/Chicago", "booking", "Default time zone", "For a skill that has no schedule yet, and for reports.",
        kind="time_zone",
    )  # fmt: skip
    expire_minutes: int = setting(
        60, "handing over", "Expiry", "How long after the end of its slot a callback that was not delivered expires.",
        kind="integer", unit="minutes", minimum=1, maximum=10_080,
    )  # fmt: skip
    result_expected_minutes: int = setting(
        30, "handing over", "Result expected",
        "How long after its due time a callback at UCCE is shown as without a result.",
        kind="integer", unit="minutes", minimum=1, maximum=10_080,
    )  # fmt: skip
    accept_bookings: bool = setting(
        True, "brakes", "Accept bookings", "Off: no new callbacks are taken; booked ones are still made.",
        kind="boolean",
    )  # fmt: skip
    hand_over: bool = setting(
        True, "brakes", "Hand over to UCCE", "Off: due callbacks wait; nothing is given to the dialer.",
        kind="boolean",
    )  # fmt: skip
    ivr_requests_per_second: int = setting(
        50, "API clients", "IVR", "How many requests an IVR may make in a second where its API client has no own rate.",
        kind="integer", unit="requests a second", minimum=1, maximum=10_000,
    )  # fmt: skip
    gadget_requests_per_second: int = setting(
        5, "API clients", "Agents", "How many requests an agent may make in a second in the Finesse gadget.",
        kind="integer", unit="requests a second", minimum=1, maximum=10_000,
    )  # fmt: skip
    ops_requests_per_second: int = setting(
        20, "API clients", "Operators", "The same of operators' scripts.",
        kind="integer", unit="requests a second", minimum=1, maximum=10_000,
    )  # fmt: skip
    lock_after_failures: int = setting(
        5, "portal", "Wrong passwords",
        "After how many wrong passwords in a row a user name is locked for the address or the browser they came from.",
        kind="integer", minimum=3, maximum=20,
    )  # fmt: skip
    failures_per_name: int = setting(
        50, "portal", "Wrong passwords of a name",
        "After how many in an hour, from whatever addresses, a user name is locked in browsers new to the person.",
        kind="integer", minimum=10, maximum=10_000,
    )  # fmt: skip
    failures_per_address: int = setting(
        100, "portal", "Wrong passwords from an address",
        "After how many in an hour, with whatever names, an address is locked but for browsers that are known.",
        kind="integer", minimum=10, maximum=10_000,
    )  # fmt: skip
    lock_minutes: int = setting(
        15, "portal", "Lock", "How long a lock after wrong passwords lasts.",
        kind="integer", unit="minutes", minimum=1, maximum=1_440,
    )  # fmt: skip
    session_idle_minutes: int = setting(
        30, "portal", "Idle time", "A login ends after this time without any work in the portal.",
        kind="integer", unit="minutes", minimum=5, maximum=1_440,
    )  # fmt: skip
    session_hours: int = setting(
        12, "portal", "Longest session", "A login ends after this time in any case.",
        kind="integer", unit="hours", minimum=1, maximum=168,
    )  # fmt: skip
    mfa_roles: tuple[str, ...] = setting(
        (), "portal", "Second factor",
        "Roles whose local accounts must have a second factor: without one they set it up at their next login.",
        kind="roles",
    )  # fmt: skip
    keep_personal_days: int = setting(
        30, "retention", "Personal data", "How long phone, names and call data of a closed callback are kept.",
        kind="integer", unit="days", minimum=1, maximum=3_650,
    )  # fmt: skip
    keep_answers_days: int = setting(
        3, "retention", "Idempotency keys", "How long a repeated request gets its first answer again.",
        kind="integer", unit="days", minimum=1, maximum=90,
    )  # fmt: skip
    keep_history_days: int = setting(
        730, "retention", "History", "How long closed callbacks are counted in reports, without personal data.",
        kind="integer", unit="days", minimum=30, maximum=3_650,
    )  # fmt: skip
    keep_audit_days: int = setting(
        730, "retention", "Audit log", "How long it is kept who changed what.",
        kind="integer", unit="days", minimum=30, maximum=3_650,
    )  # fmt: skip

    def requests_per_second(self, scopes: Iterable[str]) -> int:
        """The rate of an API client that has none of its own: the highest of its scopes."""
        return max((getattr(self, f"{scope}_requests_per_second", 1) for scope in scopes), default=1)

    @property
    def answers_kept_days(self) -> int:
        """How long retention keeps answers: no longer than the personal data they tell of, whatever was stored."""
        return min(self.keep_answers_days, self.keep_personal_days)

    @classmethod
    def from_rows(cls, rows: Mapping[str, Any]) -> "BusinessSettings":
        """The settings with what the table says; names this version does not know are left alone."""
        names = described()
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in rows.items() if name in names
        }
        return cls(**values)


GADGET_SETTINGS = frozenset({"gadget_requests_per_second"})  # not shown while the Finesse gadget is off


def described() -> dict[str, Field[Any]]:
    """Every setting by its name: its default, and as `metadata` the arguments of `setting`."""
    return {field.name: field for field in fields(BusinessSettings)}


RETENTION_PAIR = ("keep_personal_days", "keep_answers_days")


def contradiction(settings: BusinessSettings) -> str | None:
    """Why two of the settings can't stand together, naming both; None when all can."""
    longer, shorter = (described()[name].metadata["label"] for name in RETENTION_PAIR)
    if settings.keep_answers_days <= settings.keep_personal_days:
        return None
    return (
        f"{longer} ({RETENTION_PAIR[0]}: {settings.keep_personal_days} days) must be kept at least as long as "
        f"{shorter} ({RETENTION_PAIR[1]}: {settings.keep_answers_days} days), or a repeated request would be answered "
        "with data that was removed."
    )
