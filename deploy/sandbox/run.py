"""`python -m deploy.sandbox.run`: start the whole system on this machine and keep it in the foreground (`make run`)."""

import argparse
import os
import signal
import time

from deploy.sandbox import banner, signals
from deploy.sandbox.stack import Stack

POLL_SECONDS = 0.5  # between two looks at the processes

HELP = """\
Starts ZooKeeper, Redis, the UCCE simulator, two booking APIs, two admin APIs, two workers and HAProxy on 127.0.0.1.
Ctrl-C stops all of it, and so does SIGTERM to this process or to its make; the data stays in var/ for the next start.

settings (environment):
  CM_VAR_DIR            where data, logs and keys live (default var); another one makes a second copy possible
  CM_HTTP_PORT, CM_HTTPS_PORT, CM_STATS_PORT   the public ports (8080, 8443, 8404)
  CM_DATABASE_URL, CM_REDIS_URL, CM_ZOOKEEPER_HOSTS,
  CM_UCCE_URL (with CM_UCCE_USER, CM_UCCE_PASSWORD, CM_UCCE_CA_FILE)
                        a server of yours: it is used, and none is started in its place
  UCCE_SIMULATOR_MIX and others   how the simulated dialer behaves (python -m deploy.sandbox.ucce_simulator --help)
  any other CM_… setting          is passed on to the services
"""


def main() -> None:
    arguments = argparse.ArgumentParser(
        prog="python -m deploy.sandbox.run", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.parse_args()
    signals.interrupt_on_stop_signals()
    var = signals.var_directory()
    began = time.monotonic()
    try:
        with signals.running_stack(var, print) as stack:
            print(banner.table(stack.env, var, time.monotonic() - began))
            _watch(stack)
    except KeyboardInterrupt:
        pass  # Ctrl-C is the normal end
    print("Stopped.")


def _watch(stack: Stack) -> None:
    """Until a signal comes, report every process that ends, and its return: nothing is restarted silently."""
    dead: set[str] = set()
    signal.signal(signal.SIGUSR1, lambda *_: _start_again(stack))
    while True:
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
        time.sleep(POLL_SECONDS)


def _start_again(stack: Stack) -> None:
    for process in stack.processes.values():
        process.start()


if __name__ == "__main__":
    main()
