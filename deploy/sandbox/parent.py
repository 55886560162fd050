"""The make process that started us: its end must be ours too, whichever way it is told to end.

SIGTERM make passes on by itself. SIGINT it takes for a Ctrl-C that the whole process group got, and waits for us for
ever when it alone was meant; and SIGKILL it cannot pass on.
"""

import ctypes
import os
import signal
from pathlib import Path

_PR_SET_PDEATHSIG = 1


class Make:
    """The make above us, if any. Making one of these has the kernel send us SIGTERM when that make dies."""

    def __init__(self) -> None:
        # Not for other parents: a shell may end and leave us running.
        self._status = Path(f"/proc/{os.getppid()}/status") if "MAKELEVEL" in os.environ else None
        self._handled = self._handles_interrupts()
        if self._status is not None:
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

    def was_interrupted(self) -> bool:
        """Whether make got a SIGINT: it then gives up its handler for it, and waits for us."""
        return self._handled and not self._handles_interrupts()

    def _handles_interrupts(self) -> bool:
        if self._status is None or not self._status.exists():
            return False
        fields = dict(line.split(":\t", 1) for line in self._status.read_text().splitlines() if ":\t" in line)
        return bool(int(fields["SigCgt"], 16) & 1 << signal.SIGINT - 1)
