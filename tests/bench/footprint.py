"""Part `footprint`: the memory of each process after the load, and the time from start to ready."""

from pathlib import Path
from typing import Any

from tests.bench.report import Check, at_most
from tests.bench.system_under_test import SystemUnderTest

LIMITS = {"booking": 120, "worker": 100}


def measure(system: SystemUnderTest, ready_after: float) -> tuple[dict[str, Any], list[Check]]:
    """Resident memory in MiB of every process with its children."""
    resident = {
        name: round(_tree_mib(process.pid), 1) for name, process in system.stack.processes.items() if process.alive
    }
    served = {name: round(max(_children_mib(system.stack[name].pid)), 1) for name in ("booking-1", "booking-2")}
    checks = [at_most(f"{name}: resident", mib, LIMITS["booking"], "MiB") for name, mib in served.items()]
    checks += [
        at_most(f"{name}: resident", resident[name], LIMITS["worker"], "MiB")
        for name in ("worker-1", "worker-2")
        if name in resident
    ]
    return {"resident_mib": resident, "booking_process_mib": served, "ready_after_seconds": ready_after}, checks


def _children(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children]


def _mib(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _tree_mib(pid: int) -> float:
    return _mib(pid) + sum(_tree_mib(child) for child in _children(pid))


def _children_mib(pid: int) -> list[float]:
    """gunicorn's worker is the child of its arbiter; that worker is the booking API process."""
    return [_mib(child) for child in _children(pid)] or [_mib(pid)]
