"""Starts a stack that is stopped when this process ends, for `make run` and `make demo`."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.sandbox import ports
from deploy.sandbox.lock import AlreadyRunning, only_one
from deploy.sandbox.process import NotReady, on_other_ports
from deploy.sandbox.stack import Stack

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def var_directory() -> Path:
    return Path(os.environ.get("CM_VAR_DIR") or "var").resolve()


def interrupt_on_stop_signals() -> None:
    """Make every signal that means "stop" a KeyboardInterrupt, and show progress line by line even in a pipe.

    SIGINT is set as well: a shell starts a background job (`make run &`) with SIGINT ignored.
    """
    for number in _STOP_SIGNALS:
        signal.signal(number, signal.default_int_handler)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]


@contextmanager
def running_stack(var: Path, say: Callable[[str], None]) -> Iterator[Stack]:
    """Start a stack from `var` with this process's settings, and stop it whatever happens.

    A taken port, a second copy or a service that does not start ends the process with a sentence.
    """
    stacks: list[Stack] = []

    def start() -> Stack:
        # A demo to look at; tests want an empty one.
        settings = {"CM_DEMO_HISTORY": "true", **os.environ}
        stacks.append(Stack(var, settings, ports.choose(os.environ, var / "run" / "ports.json"), say=say))
        say(f"Starting Campaign Manager from {var} …")
        stacks[-1].start()
        return stacks[-1]

    try:
        with only_one(var):
            try:
                yield on_other_ports(start)
            finally:
                # Stopping is bounded; a second Ctrl-C must not leave half of it running.
                for number in _STOP_SIGNALS:
                    signal.signal(number, signal.SIG_IGN)
                if stacks:
                    say("Stopping …")
                for stack in stacks:
                    stack.stop()
    except (AlreadyRunning, NotReady, ports.PortTaken) as error:
        sys.exit(f"\n{error}")
