"""What one simulated UCCE is made of, handed to every handler."""

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.ucce.behaviour import Behaviour
from tests.fakes.ucce.clock import Clock
from tests.fakes.ucce.disturbances import Disturbances
from tests.fakes.ucce.gate import ImportGate
from tests.fakes.ucce.journal import Journal
from tests.fakes.ucce.options import Options
from tests.fakes.ucce.store import Store
from tests.fakes.ucce.tasks import Tasks
from tests.fakes.ucce.wire import Request

if TYPE_CHECKING:
    from tests.fakes.ucce.dialer import Dialer
    from tests.fakes.ucce.ivr_script import IvrScript


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
        """Scheme and host of the URLs in answers: by default not those the client used (ucce-reference 1.2)."""
        if self.options.page_base != "same":
            return self.options.page_base
        scheme = "http" if self.options.plain else "https"
        return f"{scheme}://{request.headers.get('Host', 'localhost')}"
