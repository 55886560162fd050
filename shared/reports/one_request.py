"""Which records of callback requests are one customer's request, as SQL for both engines: the report of requests counts
by it, and retention deletes by it.

Records of one call have its id, which the API client gives. Ids recur, on many systems daily, and two clients may use
the same: so records are of one request when they have the same client and lie within MAX_CALL_HOURS. Of those the last
one by its time counts (a question may be written after the refusal that followed it), but a booking always does.
"""

from collections.abc import Mapping

MAX_CALL_HOURS = 4

# Moves and cancellations stand in the table for their idempotency keys only.
IS_A_REQUEST = "{r}.outcome NOT IN ('rescheduled', 'not_rescheduled', 'cancelled', 'not_cancelled')"

_EARLIEST: Mapping[str, str] = {
    "mssql": f"DATEADD(hour, -{MAX_CALL_HOURS}, {{r}}.at)",
    "sqlite": f"strftime('%Y-%m-%d %H:%M:%f', {{r}}.at, '-{MAX_CALL_HOURS} hours')",
}
_LATEST: Mapping[str, str] = {
    "mssql": f"DATEADD(hour, {MAX_CALL_HOURS}, {{r}}.at)",
    "sqlite": f"strftime('%Y-%m-%d %H:%M:%f', {{r}}.at, '+{MAX_CALL_HOURS} hours')",
}
_SAME_CLIENT = "COALESCE({o}.api_client_id, 0) = COALESCE({r}.api_client_id, 0)"
_RECORD_OF_THE_CALL = (
    "EXISTS (SELECT 1 FROM callback_request {o} WHERE {o}.call_id = {r}.call_id AND {same_client} AND {condition})"
)


def near(dialect: str, r: str, o: str) -> str:
    """Whether the records with the aliases `r` and `o` may be of one call, whatever their call ids are."""
    return f"{_same_client(r, o)} AND {_in_time(dialect, r, o)}"


def superseded(dialect: str, r: str) -> str:
    """Whether another record stands for the request of `r`."""
    later = f"(other.at > {r}.at OR (other.at = {r}.at AND other.id > {r}.id))"
    stands_for_it = f"{IS_A_REQUEST.format(r='other')} AND (other.outcome = 'scheduled' OR {later})"
    another = _exists(r, "other", f"{_in_time(dialect, r, 'other')} AND {stands_for_it}")
    return f"({r}.outcome <> 'scheduled' AND {another})"


def offered_before(dialect: str, r: str, among: str = "") -> str:
    """Whether the request of `r` was offered places by an earlier record of its call (`among`: more conditions on it,
    the alias `earlier`)."""
    condition = f"{_in_time(dialect, r, 'earlier')} AND earlier.at <= {r}.at AND earlier.slots_offered > 0{among}"
    return _exists(r, "earlier", condition)


def _exists(r: str, o: str, condition: str) -> str:
    return _RECORD_OF_THE_CALL.format(r=r, o=o, same_client=_same_client(r, o), condition=condition)


def _same_client(r: str, o: str) -> str:
    return _SAME_CLIENT.format(r=r, o=o)


def _in_time(dialect: str, r: str, o: str) -> str:
    return f"{o}.at >= {_EARLIEST[dialect].format(r=r)} AND {o}.at <= {_LATEST[dialect].format(r=r)}"
