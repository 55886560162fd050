"""The questions that the reference leaves open. Each is one function that calls UCCE and returns its answer."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from deploy.lab.campaign import BAD_NUMBER, GOOD_NUMBER, Campaign
from deploy.lab.wire import Reply
from shared.xml import number, text


class Impossible(Exception):
    """A question cannot be asked; the text says why."""


@dataclass(frozen=True)
class Fact:
    """An answer with its evidence; `settings`: the settings that the product needs because of it."""

    question: str
    answer: str
    settings: dict[str, str] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


Ask = Callable[[Campaign], tuple[str, dict[str, str]]]


def who_may_create(lab: Campaign) -> tuple[str, dict[str, str]]:
    lab.find(lab.name)  # a UCCE that redirects requests without a session has given us one after this
    reply = lab.wire.call("POST", "/campaign", lab.body(lab.name))
    lab.id = lab.find(lab.name)
    if lab.id is None:
        raise Impossible(f"this account may not create campaigns, or the request is refused: {reply.status}")
    return f"this account may; a create answers {reply.status}, Location {'given' if reply.location else 'absent'}", {}


def time_zone(lab: Campaign) -> tuple[str, dict[str, str]]:
    """Create a campaign without a time zone and without skill groups: it is refused; does the refusal name timeZone?"""
    reply = lab.wire.call("POST", "/campaign", lab.body(f"{lab.name}_Z", time_zone=False, group=False))
    return ("required" if b"timeZone" in reply.body and reply.status >= 400 else "may be left out"), {}


def defaults(lab: Campaign) -> tuple[str, dict[str, str]]:
    root = lab.wire.call("GET", lab.path).root()
    if root is None:
        raise Impossible("the campaign cannot be read")
    printed = [name for name in ("startDate", "endDate", "startTime", "endTime", "reservationPercentage", "maxAttempts")
               if root.find(name) is not None]  # fmt: skip
    return f"printed though not set: {', '.join(printed) or 'nothing'}", {}


def list_lag(lab: Campaign) -> tuple[str, dict[str, str]]:
    key = lab.key()
    reply = lab.send({key: GOOD_NUMBER})
    if reply.status not in (200, 201, 202):
        raise Impossible(f"an import of one row answers {reply.status}")
    longest = lab.longest_lag
    waited = lab.wait_until_listed(key)
    if waited is None:
        return f"an import answers {reply.status}; after {longest:g} s it is not listed", {}
    lag = max(30, int(waited * 3) + 5)
    grace = lag + 30 + 20 + 10
    answer = f"an import answers {reply.status} after {reply.seconds:.1f} s and is listed {waited:.1f} s later"
    return answer, {"CM_UCCE_LIST_LAG": str(lag), "CM_UCCE_SETTLE_GRACE": str(max(120, grace))}


def partial_import(lab: Campaign) -> tuple[str, dict[str, str]]:
    first, bad, last = lab.key(), lab.key(), lab.key()
    reply = lab.send({first: GOOD_NUMBER, bad: BAD_NUMBER, last: GOOD_NUMBER})
    lab.wait_until_listed(last, 10)
    there = lab.listed([first, bad, last])
    kept = [name for name, key in (("the row before", first), ("the bad row", bad), ("the row behind", last))
            if there[key]]  # fmt: skip
    body = "PARTIAL_SUCCESS in its body" if b"PARTIAL_SUCCESS" in reply.body else _shape(reply)
    return f"one bad row of three: {reply.status} ({body}); kept: {', '.join(kept) or 'none'}", {}


def duplicate_key(lab: Campaign) -> tuple[str, dict[str, str]]:
    key = lab.key()
    lab.send({key: GOOD_NUMBER})
    lab.wait_until_listed(key)
    reply = lab.send({key: GOOD_NUMBER})
    later = lab.key()
    lab.send({later: GOOD_NUMBER})
    lab.wait_until_listed(later)
    times = lab.listed([key])[key]
    return f"the same key again: {reply.status}, then it stands {times} times in the list", {}


def stale_stamp(lab: Campaign) -> tuple[str, dict[str, str]]:
    stamp = _stamp(lab)
    for description in (b"one", b"two"):
        body = b"<campaign><changeStamp>%d</changeStamp><description>%s</description></campaign>" % (stamp, description)
        reply = lab.wire.call("PUT", lab.path, body)
    return f"an update with an old changeStamp: {reply.status} ({_shape(reply)})", {}


def put_defaults(lab: Campaign) -> tuple[str, dict[str, str]]:
    body = b"<campaign><changeStamp>%d</changeStamp><description>kept?</description></campaign>" % _stamp(lab)
    reply = lab.wire.call("PUT", lab.path, body)
    root = lab.wire.call("GET", lab.path).root()
    lines = text(root, "linesPerAgent") if root is not None else None
    kept = lines is not None and float(lines) == 3
    return f"an update with one field: {reply.status}; the others are {'kept' if kept else 'put to their defaults'}", {}


def added(lab: Campaign) -> tuple[str, dict[str, str]]:
    group = f"<skillGroupInfosAdded>{lab.group()}</skillGroupInfosAdded>"
    body = f"<campaign><changeStamp>{_stamp(lab)}</changeStamp>{group}</campaign>"
    reply = lab.wire.call("PUT", lab.path, body.encode())
    root = lab.wire.call("GET", lab.path).root()
    count = len(list(root.iter("skillGroupInfo"))) if root is not None else 0
    return f"skillGroupInfosAdded of a group that is there: {reply.status}, then it stands {count} times", {}


def speaks_json(lab: Campaign) -> tuple[str, dict[str, str]]:
    read = lab.wire.call("GET", lab.path, json_wanted=True)
    key = lab.key()
    content = {"fileContent": f"AccountNumber,Phone01\n{key},{GOOD_NUMBER}", "delimiter": ","}
    sent = lab.wire.call("POST", f"{lab.path}/import", json.dumps(content).encode(), json_wanted=True)
    reads = "read" if read.json() is not None else "not read"
    return f"a campaign is {reads} as JSON; an import as JSON answers {sent.status}", {}


def import_date(lab: Campaign) -> tuple[str, dict[str, str]]:
    key = lab.key()
    now = datetime.now(UTC)
    lab.send({key: GOOD_NUMBER})
    lab.wait_until_listed(key)
    root = lab.wire.call("GET", f"{lab.path}/import", query={"q": key}).root()
    printed = next((text(one, "importDate") for one in root.iter("importContact")), None) if root is not None else None
    if not printed:
        raise Impossible("no importDate is printed")
    minutes = round((datetime.fromisoformat(printed).replace(tzinfo=UTC) - now).total_seconds() / 60)
    return f"importDate is {minutes:+d} minutes from UTC", {}


def pages(lab: Campaign) -> tuple[str, dict[str, str]]:
    keys = [lab.key() for _ in range(60)]
    lab.send(dict.fromkeys(keys, GOOD_NUMBER))
    lab.wait_until_listed(keys[-1])
    query: dict[str, str | int] = {"sort": "accountNumber desc", "resultsPerPage": 100}
    root = lab.wire.call("GET", f"{lab.path}/import", query=query).root()
    if root is None:
        raise Impossible("the list cannot be read")
    got = [text(one, "accountNumber") or "" for one in root.iter("importContact")]
    ordered = "in" if got == sorted(got, reverse=True) else "not in"
    total = number(root, "pageInfo/totalResults")
    link = text(root, "pageInfo/firstPage") or ""
    elsewhere = "" if link.startswith(lab.wire.url) else "; its links name another host"
    return f"a page of 100 holds {len(got)} of {total}, {ordered} the order of their bytes{elsewhere}", {}


def asynchronous(lab: Campaign) -> tuple[str, dict[str, str]]:
    key = lab.key()
    reply = lab.send({key: GOOD_NUMBER}, {"async": "true"})
    waited = lab.wait_until_listed(key, 60)
    return f"?async=true on an import: {reply.status}, {'listed' if waited is not None else 'never listed'}", {}


def queue_limit(lab: Campaign) -> tuple[str, dict[str, str]]:
    rows = [{lab.key(): GOOD_NUMBER} for _ in range(40)]
    with ThreadPoolExecutor(40) as pool:
        statuses = [reply.status for reply in pool.map(lab.send, rows)]
    full = sum(status == 503 for status in statuses)
    return f"of 40 imports at once {full} get 503, {sum(status == 200 for status in statuses)} get 200", {}


QUESTIONS: dict[str, Ask] = {
    "who may create": who_may_create,
    "time zone": time_zone,
    "defaults and dates": defaults,
    "list lag": list_lag,
    "partial import": partial_import,
    "duplicate key": duplicate_key,
    "stale changeStamp": stale_stamp,
    "update of one field": put_defaults,
    "skillGroupInfosAdded": added,
    "JSON": speaks_json,
    "importDate": import_date,
    "pages": pages,
    "asynchronous import": asynchronous,
}
UNDER_LOAD: dict[str, Ask] = {"queue limit": queue_limit}
NOT_ASKED = (
    "purge time: look after a week whether contacts that are through are still listed (1 to 30 days, 5 by default)"
)


def ask_all(lab: Campaign, questions: dict[str, Ask]) -> Iterator[Fact]:
    """Ask one after the other. An impossible question gives a fact that says why; without a campaign it ends there."""
    for question, ask in questions.items():
        before = len(lab.wire.evidence)
        try:
            answer, settings = ask(lab)
        except Impossible as reason:
            answer, settings = f"cannot be asked: {reason}", {}
        yield Fact(question, answer, settings, lab.wire.evidence[before:])
        if lab.id is None:
            return


def _stamp(lab: Campaign) -> int:
    root = lab.wire.call("GET", lab.path).root()
    return (number(root, "changeStamp") or 0) if root is not None else 0


def _shape(reply: Reply) -> str:
    """The form of an answer's error body, in words."""
    root, value = reply.root(), reply.json()
    if root is not None and root.tag in ("apiErrors", "apiError"):
        return f"{root.tag} as XML"
    if isinstance(value, dict):
        return "JSON"
    return "an empty body" if not reply.body.strip() else "a body that is not UCCE's" if root is None else root.tag
