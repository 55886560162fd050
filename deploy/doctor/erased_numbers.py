"""Check: are the do-not-call numbers of erased people hashed with this node's key?"""

from collections.abc import Iterator
from contextlib import closing

from environs import Env, EnvError
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from deploy.doctor import database
from deploy.doctor.finding import Finding, failed, ok, skipped
from shared.config import BadSetting, WebSettings, web_settings
from shared.db.models import ErasedDoNotCall
from shared.db.session import Database
from shared.errors import Unavailable
from shared.phone_hash import PhoneHash

NAME = "erased numbers"
_KEY = "CM_PHONE_HASH_KEY"
_CURE = f"set {_KEY} to the key that they were hashed with, the same on every node: these people would be called"


def check(settings: WebSettings | None = None) -> Iterator[Finding]:
    """One finding: all are recognised, some are not, or there are none."""
    try:
        settings = settings or web_settings(Env())
        by_key = _read(settings)
    except (EnvError, BadSetting, OSError, SQLAlchemyError, Unavailable):
        yield skipped(NAME, "the database cannot be read (see above)")
        return
    phone_hash = PhoneHash.of_key(settings.phone_hash_key)
    known = by_key.pop(phone_hash.key_id, 0) if phone_hash else 0
    if by_key:
        which = f"were hashed with another {_KEY}" if phone_hash else f"are there, and {_KEY} is not set"
        yield failed(NAME, f"{sum(by_key.values())} do-not-call numbers of erased people {which}", _CURE)
    elif phone_hash:
        yield ok(NAME, f"{known} on the do-not-call list are recognised by their hash")
    else:
        yield ok(NAME, f"none on the do-not-call list; without {_KEY} nobody who stands on it can be erased")


def _read(settings: WebSettings) -> dict[str, int]:
    """The number of hashed do-not-call numbers by key."""
    if database.no_file(settings.database_url):
        raise FileNotFoundError
    counted = select(ErasedDoNotCall.key_id, func.count().label("numbers")).group_by(ErasedDoNotCall.key_id)
    with (
        closing(Database(settings.database_url, pool_size=1, timeout=max(settings.database_timeout, 5))) as opened,
        opened.reading() as connection,
    ):
        return {row.key_id: row.numbers for row in connection.execute(counted)}
