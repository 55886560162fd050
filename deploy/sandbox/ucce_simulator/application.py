"""The parts of one simulated UCCE, passed to every handler."""

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy.sandbox.ucce_simulator.behaviour import Behaviour
from deploy.sandbox.ucce_simulator.clock import Clock
from deploy.sandbox.ucce_simulator.disturbances import Disturbances
from deploy.sandbox.ucce_simulator.gate import ImportGate
from deploy.sandbox.ucce_simulator.journal import Journal
from deploy.sandbox.ucce_simulator.options import Options
from deploy.sandbox.ucce_simulator.store import Store
from deploy.sandbox.ucce_simulator.tasks import Tasks
from deploy.sandbox.ucce_simulator.wire import Request

if TYPE_CHECKING:
    from deploy.sandbox.ucce_simulator.dialer import Dialer
    from deploy.sandbox.ucce_simulator.ivr_script import IvrScript


@dataclass
class Ucce:
    """The parts. Only `store` holds what must survive; `stopping` ends every wait."""

    options: Options
    store: Store
    clock: Clock
    journal: Journal
    disturbances: Disturbances
    gate: ImportGate
    dialer: "Dialer"
    behaviour: Behaviour
    script: "IvrScript"
    down: set[int] = field(default_factory=set)  # Admin Workstations that answer nothing, by test control
    tasks: Tasks = field(default_factory=Tasks)
    sessions: set[str] = field(default_factory=set)
    stopping: threading.Event = field(default_factory=threading.Event)

    def page_base(self, request: Request) -> str:
        """Scheme and host of the URLs in answers: by default not those the client used (ucce/REFERENCE.md 1.2)."""
        if self.options.page_base != "same":
            return self.options.page_base
        scheme = "http" if self.options.plain else "https"
        return f"{scheme}://{request.headers.get('Host', 'localhost')}"
