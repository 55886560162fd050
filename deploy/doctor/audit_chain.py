"""Check of the audit log's chain: was a row changed or removed after it was sealed?"""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

from environs import Env, EnvError

from deploy.doctor.database import no_file
from deploy.doctor.finding import Finding, failed, ok, skipped, warning
from shared.clock import utcnow
from shared.config import BadSetting, CommonSettings, common_settings
from shared.db.audit_verification import ChainReport, verify
from shared.db.session import Database
from shared.errors import Unavailable

NAME = "audit chain"
SHOWN = 3  # breaks
SEALED_WITHIN = timedelta(minutes=15)  # a cycle of the master, and a change of masters


def check(settings: CommonSettings | None = None) -> Iterator[Finding]:
    """Verify the whole chain. Problems of the database itself are reported by the check before."""
    try:
        settings = settings or common_settings(Env())
        if no_file(settings.database_url):
            yield skipped(NAME, "not verified: there is no database (see above)")
            return
        with closing(
            Database(settings.database_url, pool_size=1, timeout=30, login_timeout=settings.database_login_timeout)
        ) as database:
            yield from _findings(verify(database))
    except (EnvError, BadSetting, OSError, Unavailable):
        yield skipped(NAME, "not verified: the database cannot be read (see above)")


def _findings(report: ChainReport) -> Iterator[Finding]:
    for problem in report.breaks[:SHOWN]:
        yield failed(NAME, problem, "find out who did it, and compare with a backup and the copies (What to do when)")
    if len(report.breaks) > SHOWN:
        yield failed(NAME, f"{len(report.breaks) - SHOWN} more breaks", "see above")
    if not report.breaks:
        yield ok(NAME, f"whole: {report.seals} rows, up to position {report.last}, hash {report.hash[:16]}")
    if report.oldest_at is not None and utcnow() - report.oldest_at > SEALED_WITHIN:
        text = (
            f"{report.unsealed} rows of the audit log are not sealed, the oldest of {report.oldest_at:%Y-%m-%d %H:%M}"
        )
        yield warning(NAME, text, "the master seals them: see the worker's state, and CM_AUDIT_SYSLOG where it is set")
