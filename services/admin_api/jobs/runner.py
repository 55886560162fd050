"""The thread of an admin process that runs jobs, when no other process does."""

import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import structlog

from services.admin_api.jobs.running import JobLost, JobRun, Stopped, Work, author_of, claim, fail, finish, release
from shared.callbacks.config_cache import ConfigCache
from shared.clock import Clock
from shared.db.session import Database
from shared.errors import Unavailable

_log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
DEFECT = "Something went wrong on our side; the log says what. What was done stays. Retry it, or cancel it."


class JobRunner:
    """Looks every second for a job to run, once started; `close()` stops after the chunk at hand."""

    def __init__(
        self, database: Database, config_cache: ConfigCache, node: str, now: Clock, work: Mapping[str, Work]
    ) -> None:
        self._database, self._config_cache, self._node, self._now = database, config_cache, node, now
        self._work = work
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Stop; at most a few seconds. The job at hand is given back, so that another node goes on at once."""
        self._stop.set()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                if self.run_next():
                    continue
            except Unavailable:
                _log.warning("jobs_not_read")
            except Exception:
                _log.exception("jobs_not_read")
            self._stop.wait(POLL_SECONDS)

    def run_next(self) -> bool:
        """Run the next job, if there is one and none runs elsewhere; whether there was one."""
        row = claim(self._database, self._node, self._now())
        if row is None:
            return False
        self._run_one(row)
        return True

    def _run_one(self, row: Any) -> None:
        job = JobRun(
            database=self._database, config_cache=self._config_cache, now=self._now,
            may_go_on=lambda: not self._stop.is_set(), id=row.id, run=row.run, kind=row.kind, arguments=row.arguments,
            total=row.total, done=row.done, counts=dict(row.counts), author=author_of(row),
        )  # fmt: skip
        log = _log.bind(job=job.id, kind=job.kind, run=job.run)
        log.info("job_started", done=job.done, total=job.total)
        try:
            self._work[job.kind](job)
            finish(job)
            log.info("job_finished", **job.counts)
        except JobLost:
            log.info("job_not_ours_any_more", done=job.done)
        except Stopped:
            log.info("job_given_back", done=job.done)
            release(job)
        except Unavailable:
            log.warning("job_interrupted", done=job.done)
            self._stop.wait(POLL_SECONDS)
            with suppress(Unavailable):  # else it counts as lost, and is claimed again
                release(job)
        except Exception:
            log.exception("job_failed", done=job.done)
            fail(job, DEFECT)
