"""`python -m deploy.local.run`: start the whole system on this machine and keep it in the foreground (`make run`)."""

import argparse
import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local import parent, ports, welcome
from deploy.local.process import NotReady
from deploy.local.stack import Stack

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOOK = 0.5  # seconds between two looks at the processes

HELP = """\
Starts ZooKeeper, Redis, the UCCE simulator, two booking APIs, two admin APIs, two workers and HAProxy on 127.0.0.1.
Ctrl-C or SIGTERM stops all of it; the data stays in var/ for the next start.

settings (environment):
  CM_VAR_DIR            where data, logs and keys live (default var); another one makes a second copy possible
  CM_HTTP_PORT, CM_HTTPS_PORT, CM_STATS_PORT   the public ports (8080, 8443, 8404)
  CM_DATABASE_URL, CM_REDIS_URL, CM_ZOOKEEPER_HOSTS,
  CM_UCCE_URL (with CM_UCCE_USER, CM_UCCE_PASSWORD, CM_UCCE_CA_FILE)
                        a server of yours: it is used, and none is started in its place
  UCCE_SIMULATOR_MIX and others   how the simulated dialer behaves (python -m tests.fakes.ucce --help)
  any other CM_… setting          is passed on to the services
"""


def main() -> None:
    arguments = argparse.ArgumentParser(
        prog="python -m deploy.local.run", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.parse_args()
    # One way out for all of them. Set explicitly: `make run &` in a script starts us with SIGINT ignored.
    for number in STOP_SIGNALS:
        signal.signal(number, signal.default_int_handler)
    make = parent.Make()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # progress shows in a pipe too
    var = Path(os.environ.get("CM_VAR_DIR") or "var").resolve()
    try:
        with _only_one(var):
            _run(var, make)
    except (NotReady, ports.PortTaken) as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        print("Stopped.")


def _run(var: Path, make: parent.Make) -> None:
    began = time.monotonic()
    stack = Stack(var, os.environ, ports.choose(os.environ, var / "run" / "ports.json"), say=print)
    print(f"Starting Campaign Manager from {var} …")
    try:
        stack.start()
        print(welcome.table(stack.env, var, time.monotonic() - began))
        _watch(stack, make)
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        print("\nStopping …")
        stack.stop()


def _watch(stack: Stack, make: parent.Make) -> None:
    """Until a signal comes, tell of every process that ends, and of its return: nothing is restarted silently."""
    dead: set[str] = set()
    signal.signal(signal.SIGUSR1, lambda *_: _start_again(stack))
    while not make.was_interrupted():
        for name, process in stack.processes.items():
            if not process.alive and name not in dead:
                dead.add(name)
                print(
                    f"\n*** {name} {process.ending()}. The rest goes on without it. Its log: {process.log}\n"
                    f"*** Start it again with: kill -USR1 {os.getpid()}\n"
                )
            elif process.alive and name in dead:
                dead.remove(name)
                print(f"*** {name} runs again.")
        time.sleep(LOOK)


def _start_again(stack: Stack) -> None:
    for process in stack.processes.values():
        process.start()


@contextmanager
def _only_one(var: Path) -> Iterator[None]:
    """Hold the lock of this var directory, or stop with a sentence: two systems on the same data would mix."""
    path = var / "run" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            sys.exit(
                f"A system is already running from {var} (process {file.read().strip() or 'unknown'}). "
                "Stop it first, or start a second one beside it with CM_VAR_DIR and other ports."
            )
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


if __name__ == "__main__":
    main()
