"""The gunicorn worker of our HTTP services: it stops without losing a request.

gunicorn's own worker takes no connection more from the moment it is told to stop, but its listening socket stays open
until its last request has ended. The kernel goes on accepting for it, and who connects meanwhile (a load balancer that
has not noticed yet) waits and is then cut off: a booking that was sent there may not be sent again.
"""

import threading
from types import FrameType
from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class DrainingWorker(ThreadWorker):  # type: ignore[misc]
    """On SIGTERM: say `stopping` to the load balancer's checks, serve on until it has heard it, then stop."""

    _accepting: bool  # gunicorn's own
    _draining = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The handler of SIGTERM. It may come twice: from a supervisor to the whole group, and from gunicorn's master."""
        if self._draining:
            return
        self._draining = True
        self.method_queue.defer(self.wsgi.extensions["readiness"].stop)  # in the main loop: a signal must not log
        drained = threading.Timer(self.wsgi.config["DRAIN_SECONDS"], super().handle_exit, (sig, frame))
        drained.daemon = True
        drained.start()

    def set_accept_enabled(self, enabled: bool) -> None:
        """Once stopped, take who has connected already and close the listeners: who comes later is refused at once."""
        if self.alive:
            super().set_accept_enabled(enabled)
            return
        for listener in self.sockets:
            if self._accepting:
                self.poller.unregister(listener)
                self._accept_all(listener)
            listener.close()
        self._accepting = False

    def _accept_all(self, listener: Any) -> None:
        known = -1
        while self.nr_conns != known:
            known = self.nr_conns
            self.accept(listener)  # silently does nothing when nobody waits
