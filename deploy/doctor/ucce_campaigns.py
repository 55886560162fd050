"""Check: are the campaigns with the stored ids ours in UCCE, and still enabled there?"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from environs import Env, EnvError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from deploy.doctor import database
from deploy.doctor.finding import Finding, failed, ok, skipped, warning
from services.dialer_sync.campaigns.holds import NOT_OURS, hold_of
from services.dialer_sync.handover.campaign_target import CampaignTarget, campaign_targets
from services.dialer_sync.settings import WorkerSettings, worker_settings
from services.dialer_sync.ucce.campaigns import get
from services.dialer_sync.ucce.client import UcceClient
from services.dialer_sync.ucce.errors import NotFound, UcceError
from shared.config import BadSetting
from shared.db.models import Campaign
from shared.db.session import Database
from shared.errors import Unavailable

NAME = "ucce campaigns"
_DECIDE = "portal → the campaign → take it over or make it anew (deploy/README.md, A campaign in UCCE is not ours)"
_RESUME = "portal → the campaign → resume, when whoever switched it off agrees"


def check(settings: WorkerSettings | None = None) -> Iterator[Finding]:
    """One finding for each campaign that the workers would leave alone, or one that there are none. Changes nothing."""
    try:
        used = settings or worker_settings(Env())
        known, unmade = _read(used)
    except (EnvError, BadSetting, OSError, SQLAlchemyError, Unavailable):
        yield skipped(NAME, "the database cannot be read (see above)")
        return
    with closing(UcceClient(used.ucce)) as client:
        try:
            wrong = [finding for one in known if (finding := _finding(client, one)) is not None]
        except UcceError:
            yield skipped(NAME, "UCCE does not answer (see above)")
            return
    wrong += [failed(NAME, f"{row.name!r}: {row.sync_message}", _DECIDE) for row in unmade]
    yield from wrong
    if not wrong:
        yield ok(NAME, f"{len(known)} in UCCE, each under its name")


def _read(settings: WorkerSettings) -> tuple[list[CampaignTarget], Sequence[Any]]:
    """Our campaigns with an id in UCCE, and those without one that are held until a person decides."""
    if database.no_file(settings.database_url):
        raise FileNotFoundError
    unmade = select(Campaign.name, Campaign.sync_message).where(Campaign.ucce_id.is_(None), Campaign.hold == NOT_OURS)
    with closing(Database(settings.database_url, pool_size=1, timeout=max(settings.database_timeout, 5))) as opened:
        with opened.reading() as connection:
            waiting = connection.execute(unmade).all()
        return campaign_targets(opened), waiting


def _finding(client: UcceClient, one: CampaignTarget) -> Finding | None:
    try:
        hold = hold_of(one, get(client, one.ucce_id))
    except NotFound:
        return warning(NAME, f"{one.name!r}: UCCE has no campaign {one.ucce_id}", "the master makes it anew by itself")
    if hold is None:
        return None
    if hold.reason == NOT_OURS:
        return failed(NAME, f"{one.name!r}: {hold.message}", _DECIDE)
    return warning(NAME, f"{one.name!r}: {hold.message}", _RESUME)
