"""The network between a node and UCCE: a transport for `requests` below UcceClient, each stage a scheduling point."""

import io
from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import BaseAdapter

from tests.simulation.scheduler import Node, Scheduler
from tests.simulation.threads import Event
from tests.simulation.ucce import Answer, Behaviour, Ucce

BLOCK = 16_384  # bytes that http.client reads of a body at a time
SERVER_TIMEOUT_SECONDS = 20.0  # seconds after which UCCE closes a connection on which nothing comes


class Transport(BaseAdapter):
    """The transport of one node's requests."""

    def __init__(self, scheduler: Scheduler, node: Node, ucce: Ucce) -> None:
        super().__init__()
        self._scheduler, self._node, self._ucce = scheduler, node, ucce

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        connect_timeout, read_timeout = timeout
        method, path = str(request.method), str(request.path_url)
        kind = self._ucce.kind(method, path)
        self._scheduler.point(f"ucce.{kind}.connect", path[-60:])
        self._connect(connect_timeout)
        body = self._upload(kind, request.body)
        answer = self._exchange(method, path, body, self._ucce.behaviour(kind), read_timeout)
        self._scheduler.point(f"ucce.{kind}.answer", str(answer.status))
        return _response(request, answer)

    def close(self) -> None:
        """Nothing is open."""

    def _connect(self, seconds: float) -> None:
        if self._scheduler.now >= self._ucce.down_until:
            return
        if self._node.chance.random() < 0.5:
            raise requests.ConnectionError("refused")
        self._scheduler.sleep(seconds)
        raise requests.ConnectTimeout("no connection")

    def _upload(self, kind: str, body: Any) -> bytes:
        """Read the body as http.client does; the first byte asks the client's guard."""
        if body is None:
            return b""
        parts = []
        last = self._scheduler.now
        while part := body.read(BLOCK):
            self._scheduler.point(f"ucce.{kind}.send", str(len(part)))
            if self._scheduler.now - last > SERVER_TIMEOUT_SECONDS or self._scheduler.now < self._ucce.down_until:
                raise requests.ConnectionError("reset by the peer")
            last = self._scheduler.now
            parts.append(part)
        return b"".join(parts)

    def _exchange(self, method: str, path: str, body: bytes, behaviour: Behaviour, read_timeout: float) -> Answer:
        arrived = Event()
        came: list[Answer] = []
        scheduler, ucce, name = self._scheduler, self._ucce, self._node.name

        def work() -> None:
            if behaviour.late and scheduler.now < ucce.stands_until:
                scheduler.at(ucce.stands_until, work)
                return
            if scheduler.now < ucce.down_until and not behaviour.late:
                return
            answer = ucce.handle(method, path, body, name, behaviour)
            if not behaviour.lose:
                came.append(answer)
                scheduler.after(behaviour.slow, arrived.set)

        scheduler.after(behaviour.late + self._node.chance.uniform(0.002, 0.05), work)
        if not arrived.wait(read_timeout):
            raise requests.ReadTimeout("no answer")
        return came[0]


def _response(request: requests.PreparedRequest, answer: Answer) -> requests.Response:
    response = requests.Response()
    response.request = request
    response.status_code = answer.status
    response.url = str(request.url)
    if answer.location:
        response.headers["Location"] = answer.location
    response.raw = _Raw(answer.body)
    return response


class _Raw(io.BytesIO):
    """The part of urllib3's response that the client reads."""

    def read1(self, size: int | None = -1, /, decode_content: bool = False) -> bytes:
        return super().read1(size if size is not None else -1)

    def release_conn(self) -> None:
        """requests asks for it when a response is closed."""
