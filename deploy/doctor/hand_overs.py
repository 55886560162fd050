"""Check: does the database's count of hand-overs reach ZooKeeper's? A smaller one means lost transactions."""

from collections.abc import Iterator, Mapping
from contextlib import closing

from environs import Env, EnvError
from kazoo.exceptions import KazooException, NoNodeError
from kazoo.handlers.threading import KazooTimeoutError
from kazoo.retry import KazooRetry
from sqlalchemy import literal, select
from sqlalchemy.exc import SQLAlchemyError

from deploy.doctor.database import no_file
from deploy.doctor.finding import Finding, failed, ok, skipped, warning
from services.dialer_sync.election.fencing import hand_overs
from services.dialer_sync.election.zookeeper_access import zookeeper_access
from services.dialer_sync.election.zookeeper_lock import hand_overs_path
from shared.config import BadSetting, common_settings
from shared.db.columns import Json
from shared.db.models import Setting
from shared.db.session import Database

NAME = "hand-over count"
TIMEOUT_SECONDS = 3.0
CURE = "see deploy/README.md, The database lost its last transactions"


def check(environ: Mapping[str, str]) -> Iterator[Finding]:
    """One finding. ZooKeeper is read first: the worker raises the database's count before ZooKeeper's."""
    hosts = environ.get("CM_ZOOKEEPER_HOSTS")
    if not hosts:
        yield skipped(NAME, "CM_ZOOKEEPER_HOSTS is not set")
        return
    try:
        kept = _kept(hosts, hand_overs_path(environ.get("CM_ZOOKEEPER_ROOT", "/campaign-manager")))
        counted, stopped_by = _counted()
    except (KazooException, KazooTimeoutError):
        yield skipped(NAME, "ZooKeeper does not answer: see its own lines")
    except (SQLAlchemyError, EnvError, BadSetting, OSError, LookupError):
        yield skipped(NAME, "the database does not answer: see its own lines")
    except ValueError:
        yield failed(NAME, "ZooKeeper holds no number", "delete that node, then the database's count is taken")
    else:
        yield _compared(kept, counted, stopped_by)


def _compared(kept: int | None, counted: int, stopped_by: str | None) -> Finding:
    if kept is not None and counted < kept:
        return failed(NAME, f"the database lost its last transactions: it has {counted}, ZooKeeper {kept}", CURE)
    if (stopped_by or "").startswith("worker:"):
        return warning(NAME, f"{stopped_by} set the hand-over brake after transactions were lost", CURE)
    return ok(NAME, f"the database has {counted}, ZooKeeper {'none yet' if kept is None else kept}")


def _kept(hosts: str, path: str) -> int | None:
    client = zookeeper_access(Env()).client(
        hosts, timeout=TIMEOUT_SECONDS, connection_retry=KazooRetry(max_tries=3, delay=0.1), read_only=True
    )
    try:
        client.start(timeout=TIMEOUT_SECONDS)
        data, _ = client.get_async(path).get(timeout=TIMEOUT_SECONDS)
        return int(data or b"0")
    except NoNodeError:
        return None
    finally:
        client.stop()
        client.close()


def _counted() -> tuple[int, str | None]:
    """The database's count, and who switched handing over off. Raises LookupError when there is no database."""
    settings = common_settings(Env())
    if no_file(settings.database_url):
        raise LookupError
    stopped_by = select(Setting.changed_by).where(Setting.name == "hand_over", Setting.value == literal(False, Json))
    with (
        closing(Database(settings.database_url, pool_size=1, timeout=5, login_timeout=5)) as database,
        database.reading() as connection,
    ):
        return hand_overs(connection), connection.execute(stopped_by).scalar()
