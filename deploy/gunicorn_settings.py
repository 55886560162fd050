"""How a booking or admin process serves:

    gunicorn -c deploy/gunicorn_settings.py --bind HOST:PORT "services.booking_api.wsgi:create()"

The same on a developer's machine and in production. A second process on a node is a second instance with its own port,
not a second worker here: HAProxy balances listeners evenly, the kernel does not.
"""

from typing import Any

from shared.config import load, web_settings
from shared.db.session import open_database
from shared.log import configure

workers = 1
# gthread that tells the load balancer "not ready" for some seconds before it stops.
worker_class = "shared.web.gunicorn_worker.DrainingWorker"
threads = 8

# HAProxy closes an idle connection first, so that no request ever meets one that this side is closing.
keepalive = 65
# From SIGTERM on: CM_DRAIN_SECONDS (2) until the load balancer has noticed, then requests in flight may finish. It
# gives up on them after 10 s anyway.
graceful_timeout = 12
timeout = 30

# A little less than HAProxy lets through: what is longer gets 414 or 431.
limit_request_line = 8190

# Heartbeats on a disk that stalls would look like a hanging worker.
worker_tmp_dir = "/dev/shm"  # noqa: S108 - gunicorn makes its own private file there
control_socket_disable = True

# HAProxy writes the access log, the services their own events.
accesslog = None


def on_starting(server: Any) -> None:
    """A wrong setting ends the master here, with a message. Found in a worker, gunicorn would restart it for ever."""
    settings = load(web_settings)
    if "admin_api" in server.app.app_uri:
        from services.admin_api.identity.directory.settings import directory_settings  # noqa: PLC0415 - not for booking

        load(directory_settings)
    configure(settings.log_level, settings.log_format, service="gunicorn", node=settings.node)
    open_database(settings).close()
