"""Readiness checks of servers. Each sends one request and returns whether the server is ready; none raises."""

import csv
import socket
from collections import Counter

import requests

TIMEOUT_SECONDS = 2.0  # for one answer


def http_answers(url: str, status: int = 200, ca_file: str | None = None) -> bool:
    """Whether a GET of `url` gives `status`."""
    try:
        return requests.get(url, timeout=TIMEOUT_SECONDS, verify=ca_file or True).status_code == status
    except requests.RequestException:
        return False


def tcp_answers(port: int, question: bytes, answer: bytes, host: str = "127.0.0.1") -> bool:
    """Whether a server on loopback answers `question` with something that contains `answer`."""
    try:
        with socket.create_connection((host, port), TIMEOUT_SECONDS) as connection:
            connection.sendall(question)
            return answer in connection.recv(4096)
    except OSError:
        return False


def servers_up(stats_url: str) -> dict[str, int]:
    """How many servers HAProxy has up, by backend.

    Empty when its stats page does not answer, and until every server had its first check: HAProxy takes a server for
    up before that.
    """
    try:
        page = requests.get(f"{stats_url}/;csv", timeout=TIMEOUT_SECONDS).text
    except requests.RequestException:
        return {}
    rows = csv.DictReader(page.removeprefix("# ").splitlines())
    # A server that tracks another one has that one's state, and no checks of its own.
    servers = [row for row in rows if row["svname"] not in ("FRONTEND", "BACKEND") and not row["tracked"]]
    if any(row["check_status"] in ("", "INI") for row in servers):
        return {}
    # "UP 1/2": one check failed; the server still gets requests.
    return Counter(row["pxname"] for row in servers if row["status"].startswith("UP"))
