"""Time Zone API (ucce/REFERENCE.md 1.8): Windows names with the bias of the Windows registry."""

import csv
import datetime
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from deploy.sandbox.ucce_simulator import errors, paging, xmlbody
from deploy.sandbox.ucce_simulator.application import Ucce
from deploy.sandbox.ucce_simulator.wire import BASE_PATH, Answer, Request

_PREFIX = f"{BASE_PATH}/timezone/"


@dataclass(frozen=True)
class Zone:
    """One zone. `bias` is in minutes, Windows sense: UTC = local standard time + bias."""

    name: str
    display_name: str
    zone: ZoneInfo
    bias: int
    dst_observed: bool

    @property
    def url(self) -> str:
        return _PREFIX + quote(self.name, safe="")

    def nodes(self) -> list[xmlbody.Node]:
        # Assumption: dstName is present only where daylight saving time is observed.
        dst_name = self.name.replace("Standard", "Daylight") if self.dst_observed else None
        return [
            ("refURL", self.url),
            ("name", self.name),
            ("displayName", self.display_name),
            ("stdName", self.name),
            ("dstName", dst_name),
            ("dstObserved", self.dst_observed),
            ("bias", self.bias),
        ]


@cache
def all_zones() -> dict[str, Zone]:
    """Every zone by its Windows name, west to east from the date line, as the API lists them."""
    year = datetime.datetime.now(datetime.UTC).year
    with (Path(__file__).parent / "zones.csv").open(newline="", encoding="utf-8") as file:
        zones = [_zone(row["name"], row["displayName"], ZoneInfo(row["zone"]), year) for row in csv.DictReader(file)]
    return {zone.name: zone for zone in zones}


def _zone(name: str, display_name: str, zone: ZoneInfo, year: int) -> Zone:
    offsets = [_offset(datetime.datetime(year, month, 15, tzinfo=zone)) for month in (1, 7)]
    return Zone(name, display_name, zone, bias=-min(offsets), dst_observed=offsets[0] != offsets[1])


def _offset(moment: datetime.datetime) -> int:
    offset = moment.utcoffset() or datetime.timedelta()
    return int(offset.total_seconds() // 60)


def by_reference(url: str) -> Zone | None:
    """The zone a refURL points to, or None."""
    return all_zones().get(unquote(url.removeprefix(_PREFIX))) if url.startswith(_PREFIX) else None


def list_zones(ucce: Ucce, request: Request) -> Answer:
    zones = list(all_zones().values())
    page = paging.page_of(request, len(zones))
    shown = zones[page.start : page.start + page.size]
    nodes: list[xmlbody.Node] = [("timeZone", zone.nodes()) for zone in shown]
    return paging.answer(ucce, request, page, "timeZones", nodes, writable=False)


def get_zone(ucce: Ucce, request: Request) -> Answer:
    zone = all_zones().get(unquote(request.ids["name"]))
    if zone is None:
        raise errors.not_found("There is no such time zone")
    return Answer(body=xmlbody.render("timeZone", zone.nodes()))
