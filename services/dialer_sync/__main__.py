"""`python -m services.dialer_sync`: the worker of one node."""

import argparse
import signal
import sys
import threading

import structlog

from services.dialer_sync.cycle_context import no_checkpoint
from services.dialer_sync.handover.batch_store import Checkpoint
from services.dialer_sync.http.app import Server, create_app
from services.dialer_sync.http.health import stall_limit
from services.dialer_sync.node.systemd_notify import ALIVE, READY, STOPPING, notify
from services.dialer_sync.settings import WorkerSettings, worker_settings
from services.dialer_sync.worker import Worker
from shared import __version__
from shared.config import load, stop_for_setting
from shared.db.clock_skew import read_server_state
from shared.db.session import open_database
from shared.log import configure
from shared.web.dependencies import security_log_of

_log = structlog.get_logger(__name__)

HELP = """The dialer-sync worker: elected master, it alone hands callbacks to UCCE and fetches their results.
All settings come from the environment (CM_…); deploy/env lists them. SIGTERM ends it in order: the call in flight is
finished and recorded, and another node becomes master at once."""

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def main(arguments: list[str] | None = None, checkpoint: Checkpoint = no_checkpoint) -> int:
    """Run until a stop signal. `checkpoint` is where tests break the worker."""
    parser = argparse.ArgumentParser(
        prog="python -m services.dialer_sync", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.parse_args(arguments)
    return serve(load(worker_settings), checkpoint)


def serve(settings: WorkerSettings, checkpoint: Checkpoint = no_checkpoint) -> int:
    """Run the worker and its HTTP side until a stop signal; gives the exit status."""
    configure(settings.log_level, settings.log_format, service="dialer_sync", node=settings.node)
    # Blocked in every thread and awaited here: a handler could interrupt the loop while it holds a lock.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    database = open_database(settings)
    database.keep_warm(read_server_state)  # no login on a lease's time
    worker = Worker(settings, database=database, checkpoint=checkpoint)
    try:
        app = create_app(worker)
        server = Server(app, settings.host, settings.port)
    except OSError as error:
        stop_for_setting(
            f"CM_WORKER_HOST and CM_WORKER_PORT: cannot listen on {settings.host}:{settings.port}: {error.strerror}"
        )
    loop = threading.Thread(target=worker.run, name="worker")
    server.start()
    loop.start()
    _log.info("started", version=__version__, port=server.port)
    notify(READY)
    stop_requested = _wait_for_stop(loop, worker)
    notify(STOPPING)
    _log.info("stopping")
    worker.stop()
    loop.join()
    server.close()
    security_log_of(app).close()
    database.close()
    return 0 if stop_requested else 1


def _wait_for_stop(loop: threading.Thread, worker: Worker) -> bool:
    """True when a stop signal comes; False when the loop has ended by itself, which it never should."""
    stop_requested = threading.Event()
    threading.Thread(target=_await_stop_signal, args=[stop_requested], name="signals", daemon=True).start()
    while loop.is_alive():
        if worker.state.seconds_since_heartbeat() <= stall_limit(
            worker
        ):  # what /health/live says: a loop that hangs is restarted
            notify(ALIVE)
        if stop_requested.wait(1.0):
            return True
    _log.error("loop_ended")
    return False


def _await_stop_signal(stop_requested: threading.Event) -> None:
    # Not sigtimedwait: interrupted by a SIGCONT after its time, CPython 3.11's says that a signal came when none did,
    # and a worker that was frozen for a while would end instead of working on.
    signal.sigwait(STOP_SIGNALS)
    stop_requested.set()


if __name__ == "__main__":
    sys.exit(main())
