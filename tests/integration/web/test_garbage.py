"""Bytes that are no HTTP get a problem body and do not appear in the log."""

import json
import socket

from tests.support.gunicorn_nodes import Node, StartNode


def raw(node: Node, data: bytes) -> bytes:
    """Send `data` over a socket; returns all that comes back."""
    with socket.create_connection(("127.0.0.1", node.port), timeout=10) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while received := connection.recv(65536):
            answer += received
        return answer


SECRET = "3125550142"


NOT_HTTP = [
    (f"GET /api/v1/callbacks?phone={SECRET} HTTP/9.9\r\nHost: x\r\n\r\n", 400),
    (f"GET /api/v1/callbacks?phone={SECRET} and more HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (f"{SECRET}\r\n\r\n", 400),
    (f"GET /?phone={SECRET} HTTP/1.1\r\nX-API-Key : {SECRET}\r\n\r\n", 400),
    (f"POST /api/v1/callbacks HTTP/1.1\r\nHost: x\r\nContent-Length: {SECRET}x\r\n\r\n", 400),
    (f"GET /{'x' * 9000}{SECRET} HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    (f"GET / HTTP/1.1\r\nHost: x\r\nX-Phone: {SECRET * 1000}\r\n\r\n", 431),
    (f"GET / HTTP/1.1\r\nHost: x\r\nX-Phone\x01: {SECRET}\r\n\r\n", 400),
]


def test_what_is_not_http_is_a_problem_too(start_node: StartNode) -> None:
    node = start_node(CM_LOG_LEVEL="DEBUG")

    for sent, status in NOT_HTTP:
        head, _, body = raw(node, sent.encode("latin-1")).partition(b"\r\n\r\n")

        assert head.startswith(f"HTTP/1.1 {status} ".encode()), sent[:60]
        assert b"Content-Type: application/problem+json" in head
        problem = json.loads(body)
        assert (problem["status"], problem["code"]) == (status, "validation_error")
        assert f"X-Request-ID: {problem['requestId']}".encode() in head
        assert SECRET not in body.decode()
    assert SECRET not in node.log()


def test_a_body_that_cannot_be_read_is_400_and_one_that_never_ends_413(start_node: StartNode) -> None:
    node = start_node(CM_LOG_LEVEL="DEBUG")
    chunked = (
        f"POST /api/v1/callbacks HTTP/1.1\r\nHost: x\r\nX-API-Key: {node.key}\r\nTransfer-Encoding: chunked\r\n\r\n"
    ).encode()

    no_chunk = raw(node, chunked + f"ZZ{SECRET}\r\n".encode())
    too_short = raw(node, node.head("POST", "/api/v1/callbacks", 1000) + b'{"phone": "')
    endless = raw(node, chunked + b"10000\r\n" + b" " * 0x10000 + b"\r\n10\r\n" + b" " * 16 + b"\r\n0\r\n\r\n")
    fits = raw(node, chunked + b"10000\r\n" + b" " * 0x10000 + b"\r\n0\r\n\r\n")
    announced = raw(node, node.head("POST", "/api/v1/callbacks", 10**12))

    assert no_chunk.startswith(b"HTTP/1.1 400 ")
    assert too_short.startswith(b"HTTP/1.1 400 ")
    assert b"The body is not valid JSON" in fits
    assert endless.startswith(b"HTTP/1.1 413 ")
    assert announced.startswith(b"HTTP/1.1 413 ")
    for answer in (no_chunk, too_short, endless, announced):
        assert b"Content-Type: application/problem+json" in answer
    assert SECRET not in node.log()
    assert "Traceback" not in node.log()
    assert node.book().status_code == 201
