"""Check: do the dialing window of each campaign in UCCE and its calling hours cover the slots of its schedule?"""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

from environs import Env, EnvError
from sqlalchemy.exc import SQLAlchemyError

from deploy.doctor import database
from deploy.doctor.finding import Finding, failed, ok, skipped, warning
from shared.callbacks.config_cache import ConfigCache
from shared.callbacks.config_snapshot import Campaign, Skill
from shared.callbacks.window_overlap import DAYS, Overlap, overlaps
from shared.clock import utcnow
from shared.config import BadSetting, CommonSettings, common_settings
from shared.db.session import Database
from shared.errors import Unavailable

NAME = "campaign windows"


def check(settings: CommonSettings | None = None, now: datetime | None = None) -> Iterator[Finding]:
    """One finding for each campaign and skill whose slots the window cuts off, or of which the calling hours leave
    none; one `ok` when there is none."""
    try:
        windows = _read(settings or common_settings(Env()), now or utcnow())
    except (EnvError, BadSetting, OSError, SQLAlchemyError, Unavailable):
        yield skipped(NAME, "the database cannot be read (see above)")
        return
    wrong = [_finding(*one) for one in windows if one[2].closed]
    wrong += [_of_calling_hours(*one) for one in windows if one[2].uncallable and _callable(one[2]) == 0]
    yield from wrong
    if not wrong:
        yield ok(NAME, f"leave every slot of the next {DAYS} days")


def _read(settings: CommonSettings, now: datetime) -> list[tuple[Campaign, Skill, Overlap]]:
    if database.no_file(settings.database_url):
        raise FileNotFoundError
    with closing(Database(settings.database_url, pool_size=1, timeout=max(settings.database_timeout, 5))) as opened:
        return list(overlaps(ConfigCache(opened).current(), now))


def _callable(seen: Overlap) -> int:
    return seen.scheduled - seen.closed - seen.uncallable


def _of_calling_hours(campaign: Campaign, skill: Skill, seen: Overlap) -> Finding:
    return failed(
        NAME,
        f"the calling hours of {campaign.name!r}, {campaign.calling_hours}, leave none of the {seen.scheduled} slots "
        f"of {skill.name!r} in the next {DAYS} days: no customer in the schedule's own zone can book",
        "change the campaign's calling hours or the schedule in the portal",
    )


def _finding(campaign: Campaign, skill: Skill, seen: Overlap) -> Finding:
    which = f"of the {seen.scheduled} slots of {skill.name!r} in the next {DAYS} days"
    cure = f"change the campaign's window or the schedule in the portal: UCCE dials {campaign.window}"
    if seen.closed == seen.scheduled:
        return failed(NAME, f"{campaign.name!r} calls in none {which}: nothing can be booked", cure)
    return warning(NAME, f"{campaign.name!r} does not call in {seen.closed} {which}: they can't be booked", cure)
