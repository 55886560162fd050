"""`python -m deploy.sandbox.finesse`: serve both nodes until SIGTERM or SIGINT."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from deploy.sandbox.finesse import certificate, nodes
from deploy.sandbox.finesse.agents import Agent
from deploy.sandbox.finesse.cluster import Cluster
from deploy.sandbox.finesse.gadgets import Layout


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.sandbox.finesse", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the certificate")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="of node 1; 0 takes any free one")
    parser.add_argument("--second-port", type=int, default=0, help="of node 2")
    parser.add_argument("--gadgets", type=Path, help="the 3rdpartygadget area's folder")
    parser.add_argument("--gadget", default="", help="the layout's gadget: a URL, or a path on Finesse")
    parser.add_argument("--trust", type=Path, help="certificates that the proxy of makeRequest trusts, as tomcat-trust")
    parser.epilog = "FINESSE_FAKE_AGENTS: agents from the start, ID:PASSWORD,… (a command line is everybody's to read)"
    chosen = parser.parse_args()
    cluster = Cluster()
    for number, pair in enumerate(filter(None, os.environ.get("FINESSE_FAKE_AGENTS", "").split(","))):
        name, _, password = pair.partition(":")
        cluster.agents[name] = Agent(name, password, extension=str(1001 + number))
    layout = Layout(chosen.gadget, chosen.gadgets, chosen.trust)
    pem = certificate.ensure(chosen.data, chosen.host)
    listeners = []
    for node, port in ((1, chosen.port), (2, chosen.second_port)):
        app = nodes.application(cluster, node, layout)
        listeners.append(nodes.listener(app, chosen.host, port, *pem))
    cluster.urls = tuple(f"https://{chosen.host}:{one.port}" for one in listeners)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    for one in listeners:
        threading.Thread(target=one.serve_forever, args=[0.1], daemon=True).start()
    print(f"Finesse fake ready at {' and '.join(cluster.urls)}, CA file {pem[0]}", flush=True)
    ended.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
