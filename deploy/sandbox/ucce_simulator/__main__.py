"""`python -m deploy.sandbox.ucce_simulator`: serve until SIGTERM or SIGINT, then finish requests under way and end."""

import logging
import signal
import sys
import threading

from deploy.sandbox.ucce_simulator import certificate, options, server


def main() -> int:
    chosen = options.parse()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s", stream=sys.stderr)
    ucce = server.build(chosen)
    tls, trust = None, ""
    if not chosen.plain:
        own = (chosen.cert, chosen.key) if chosen.cert and chosen.key else certificate.ensure(chosen.data, chosen.host)
        tls, trust = server.tls_context(*own), f", CA file {own[0]}"
    listener = server.UcceServer(ucce, tls)
    second = server.UcceServer(ucce, tls, 2) if chosen.second_port >= 0 else None
    if second is not None:
        threading.Thread(target=second.serve_forever, args=[0.1], daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=listener.shutdown).start())
    ucce.dialer.start()
    ucce.script.start()
    scheme = "http" if chosen.plain else "https"
    address = f"{chosen.host}:{listener.server_port}"
    if second is not None:
        print(f"second Admin Workstation at {scheme}://{chosen.host}:{second.server_port}", flush=True)
    print(f"UCCE simulator ready at {scheme}://{address}, control http://{address}/_simulator/{trust}", flush=True)
    listener.serve_forever(poll_interval=0.1)
    listener.server_close()
    ucce.stopping.set()
    ucce.dialer.join(5)
    ucce.script.join(6)
    listener.finish_work(5)
    if second is not None:
        second.shutdown()
        second.server_close()
        second.finish_work(5)
    ucce.store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
