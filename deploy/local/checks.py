"""Is a server ready? Each check asks once and says yes or no; none raises."""

import csv
import socket

import requests

PATIENCE = 2.0  # seconds for one answer


def http_answers(url: str, status: int = 200, ca_file: str | None = None) -> bool:
    """Whether a GET of `url` gives `status`."""
    try:
        return requests.get(url, timeout=PATIENCE, verify=ca_file or True).status_code == status
    except requests.RequestException:
        return False


def tcp_answers(port: int, question: bytes, answer: bytes) -> bool:
    """Whether a server on loopback answers `question` with something that contains `answer`."""
    try:
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
            connection.sendall(question)
            return answer in connection.recv(4096)
    except OSError:
        return False


def listens(port: int) -> bool:
    """Whether anything accepts connections on this loopback port."""
    try:
        socket.create_connection(("127.0.0.1", port), PATIENCE).close()
    except OSError:
        return False
    return True


def servers_up(stats_url: str) -> dict[str, int]:
    """How many servers HAProxy has up, by backend; empty when its stats page does not answer."""
    try:
        page = requests.get(f"{stats_url}/;csv", timeout=PATIENCE).text
    except requests.RequestException:
        return {}
    up: dict[str, int] = {}
    for row in csv.DictReader(page.removeprefix("# ").splitlines()):
        if row["svname"] not in ("FRONTEND", "BACKEND") and row["status"] == "UP":
            up[row["pxname"]] = up.get(row["pxname"], 0) + 1
    return up
