"""Campaigns: the state that administrators desire, as a plain dict of Cisco's own field names, and what UCCE has (1.3).

`timeZone` is the Windows name, `skillGroupInfos` a list of dicts whose `skillGroup` is the skill group's id; `retries`
and `callProgressAnalysis` are dicts. Everything else is a text, number or truth value.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote
from xml.etree.ElementTree import Element

from services.dialer_sync.ucce.client import BASE, UcceClient, path_of
from services.dialer_sync.ucce.errors import Unknown
from shared.text import name_key
from shared.xml import Value, number, render, text

Fields = Mapping[str, Any]
_NOT_FIELDS = frozenset({"refURL", "changeStamp", "import", "permissionInfo"})
_MAX_PAGES = 100
_DECIMAL = re.compile(r"\d+\.\d+")


@dataclass(frozen=True, slots=True)
class ObservedCampaign:
    """A campaign as UCCE has it. `change_stamp` must be sent back with an update."""

    id: int
    change_stamp: int | None
    fields: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.fields.get("name", ""))

    @property
    def is_switched_off(self) -> bool:
        return _canonical(self.fields.get("enabled")).lower() == "false"


def get(client: UcceClient, campaign_id: int) -> ObservedCampaign:
    """Raises NotFound (also for campaigns that were not created through the API), UcceError."""
    return _observed(client.get("campaign", f"{BASE}/campaign/{campaign_id}", root="campaign"))


def find_by_name(client: UcceClient, name: str) -> ObservedCampaign | None:
    """The campaign of exactly this name; UCCE's search is by substring and its names know no case. Raises UcceError."""
    for root in _pages(client, f"{BASE}/campaign?q={quote(name)}&resultsPerPage=100"):
        for element in root.iter("campaign"):
            if name_key(text(element, "name") or "") == name_key(name):
                return _observed(element)
    return None


def list_all(client: UcceClient) -> dict[int, str]:
    """The id and name of every campaign that UCCE lists, read whole.

    Raises UcceError, also when the list changed while it was read: then it proves nothing.
    """
    seen: dict[int, str] = {}
    totals: set[int | None] = set()
    for root in _pages(client, f"{BASE}/campaign?resultsPerPage=100"):
        totals.add(number(root, "pageInfo/totalResults"))
        seen.update((_id(element), text(element, "name") or "") for element in root.iter("campaign"))
    if totals != {len(seen)}:
        raise Unknown("UCCE's list of campaigns changed while it was read", 200)
    return seen


def is_gone(client: UcceClient, campaign_id: int) -> bool:
    """Whether UCCE's list of campaigns lacks this one. To be asked after a NotFound; raises UcceError.

    A 404 alone also comes from a web container that has not loaded the API yet: then the list fails, too.
    """
    return campaign_id not in list_all(client)


def _pages(client: UcceClient, path: str | None) -> Iterator[Element]:
    for _ in range(_MAX_PAGES):
        if path is None:
            break
        root = client.get("campaign", path, root="results")
        yield root
        following = text(root, "pageInfo/nextPage")
        path = path_of(following) if following else None


DEFAULTS: Fields = {"timeZone": "UTC"}  # of a new campaign


def create(client: UcceClient, desired: Fields) -> int:
    """Create a campaign and give its id. Raises UcceError.

    UCCE requires a time zone (REFERENCE.md, 1.3): where we set none it is UTC, Cisco's default. Contacts bring theirs.
    """
    answer = client.post("campaign", f"{BASE}/campaign", render("campaign", dict(_wire({**DEFAULTS, **desired}))))
    last = (answer.location or "").rstrip("/").rsplit("/", 1)[-1]
    if not last.isdecimal():
        raise Unknown("UCCE created a campaign and did not say which", answer.status)
    return int(last)


def update(client: UcceClient, observed: ObservedCampaign, desired: Fields) -> None:
    """Bring what differs to UCCE; nothing is sent when nothing differs. Raises UcceError."""
    changed = {name.partition("/")[0] for name in difference(desired, observed.fields)}
    if desired["name"] != observed.name:
        changed.add("name")
    if not changed:
        return
    fields: dict[str, Value] = {"changeStamp": observed.change_stamp}
    fields.update(_wire({name: desired[name] for name in desired if name in changed - {"skillGroupInfos"}}))
    if "skillGroupInfos" in changed:
        fields.update(_skill_group_changes(desired["skillGroupInfos"], observed.fields.get("skillGroupInfos", [])))
    client.put("campaign", f"{BASE}/campaign/{observed.id}", render("campaign", fields))


def difference(desired: Fields, observed: Fields) -> dict[str, dict[str, Any]]:
    """`{field: {"desired": …, "observed": …}}` of every desired field that UCCE has otherwise; nested ones as `a/b`.

    A name that UCCE trimmed, or spells in another case, is the same name.
    """
    differing = {}
    for name, value in desired.items():
        if name == "skillGroupInfos":
            if _skill_groups_differ(value, observed.get(name, [])):
                differing[name] = {"desired": value, "observed": observed.get(name)}
        elif isinstance(value, Mapping):
            inner = observed.get(name)
            nested = difference(value, inner if isinstance(inner, Mapping) else {})
            differing.update({f"{name}/{field}": pair for field, pair in nested.items()})
        elif name == "name" and name_key(value) == name_key(observed.get(name) or ""):
            continue
        elif _canonical(value) != _canonical(observed.get(name)):
            differing[name] = {"desired": value, "observed": observed.get(name)}
    return differing


def _observed(element: Element) -> ObservedCampaign:
    return ObservedCampaign(_id(element), number(element, "changeStamp"), _fields(element))


def _id(element: Element) -> int:
    last = (text(element, "refURL") or "").rstrip("/").rsplit("/", 1)[-1]
    if not last.isdecimal():
        raise Unknown("UCCE shows a campaign without an id", 200)
    return int(last)


def _fields(element: Element) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for child in element:
        if child.tag in _NOT_FIELDS:
            continue
        if child.tag == "timeZone":
            fields["timeZone"] = unquote((text(child, "refURL") or "").rsplit("/", 1)[-1])
        elif child.tag == "skillGroupInfos":
            fields["skillGroupInfos"] = [_skill_group(info) for info in child]
        elif len(child):
            fields[child.tag] = {inner.tag: (inner.text or "").strip() for inner in child}
        else:
            fields[child.tag] = (child.text or "").strip()
    return fields


def _skill_group(info: Element) -> dict[str, Any]:
    fields: dict[str, Any] = {child.tag: (child.text or "").strip() for child in info if not len(child)}
    last = (text(info, "skillGroup/refURL") or "").rsplit("/", 1)[-1]
    return fields | {"skillGroup": int(last) if last.isdecimal() else last}


def _wire(fields: Fields) -> Iterator[tuple[str, Value]]:
    for name, value in fields.items():
        if name == "timeZone":
            yield name, {"refURL": f"{BASE}/timezone/{quote(str(value), safe='')}"}
        elif name == "skillGroupInfos":
            yield name, [_skill_group_wire(info) for info in value]
        else:
            yield name, value


def _skill_group_wire(info: Fields) -> tuple[str, Value]:
    reference = {"skillGroup": {"refURL": f"{BASE}/skillgroup/{info['skillGroup']}"}}
    return "skillGroupInfo", reference | {name: value for name, value in info.items() if name != "skillGroup"}


def _skill_group_changes(desired: list[Fields], observed: list[Fields]) -> Iterator[tuple[str, Value]]:
    """An update adds and removes skill groups. Where one has other settings, the whole list is sent.

    Cisco does not say what becomes of a group that is added although it is there; its own toolkit sends the list.
    """
    kept = {_canonical(info["skillGroup"]): info for info in observed}
    added = [info for info in desired if _canonical(info["skillGroup"]) not in kept]
    stay = [info for info in desired if _canonical(info["skillGroup"]) in kept]
    if len(kept) < len(observed) or any(_group_differs(info, kept[_canonical(info["skillGroup"])]) for info in stay):
        yield "skillGroupInfos", [_skill_group_wire(info) for info in desired]
        return
    groups = {_canonical(info["skillGroup"]) for info in desired}
    removed = [{"skillGroup": info["skillGroup"]} for group, info in kept.items() if group not in groups]
    if added:
        yield "skillGroupInfosAdded", [_skill_group_wire(info) for info in added]
    if removed:
        yield "skillGroupInfosRemoved", [_skill_group_wire(info) for info in removed]


def _skill_groups_differ(desired: list[Fields], observed: list[Fields]) -> bool:
    kept = {_canonical(info["skillGroup"]): info for info in observed}
    return len(desired) != len(observed) or any(
        _group_differs(info, kept.get(_canonical(info["skillGroup"]))) for info in desired
    )


def _group_differs(desired: Fields, observed: Fields | None) -> bool:
    return observed is None or bool(difference(desired, observed))


def _canonical(value: Any) -> str:
    """One text for what means the same: `true`, `1.50` and `1.5`, absent and empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    plain = "" if value is None else str(value).strip()
    return plain.rstrip("0").rstrip(".") if _DECIMAL.fullmatch(plain) else plain
