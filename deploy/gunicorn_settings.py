"""How a booking or admin process serves:

    gunicorn -c deploy/gunicorn_settings.py --bind HOST:PORT "services.booking_api.wsgi:create()"

The same on a developer's machine and in production. A second process on a node is a second instance with its own port,
not a second worker here: HAProxy balances listeners evenly, the kernel does not.
"""

workers = 1
worker_class = "gthread"
threads = 8

# HAProxy closes an idle connection first, so that no request ever meets one that this side is closing.
keepalive = 65
# On SIGTERM requests in flight may finish: the load balancer gives up on them after 10 s anyway.
graceful_timeout = 12
timeout = 30

# Heartbeats on a disk that stalls would look like a hanging worker.
worker_tmp_dir = "/dev/shm"  # noqa: S108 - gunicorn makes its own private file there
control_socket_disable = True

# HAProxy writes the access log, the services their own events.
accesslog = None
