"""A contender in a process of its own, so that tests can stop, continue and kill it.

`python -m tests.integration.dialer_sync.elector_process HOSTS ROOT NODE SESSION_TIMEOUT`; answers each line on stdin
with one line of JSON: whether it believes to be master, the epoch, and until when (monotonic).
"""

import json
import sys
import time

import structlog

from services.dialer_sync.election.elector import Elector
from services.dialer_sync.election.timing import Timing


def main() -> None:
    # The log goes to stderr: on stdout a line of another thread could come in the middle of an answer.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    hosts, root, node, session_timeout = sys.argv[1:5]
    elector = Elector(hosts, root, node, Timing.of(float(session_timeout)), ucce_timeout=0.2)
    elector.start()
    for _line in sys.stdin:
        term = elector.current_term()
        until = time.monotonic() + elector.remaining()
        answer = {"master": term is not None, "epoch": term.epoch if term else None, "until": until}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    elector.stop()


if __name__ == "__main__":
    main()
