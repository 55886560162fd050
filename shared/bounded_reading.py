"""Reading an answer that may trickle or never end, within a time and a size."""

from urllib3.response import BaseHTTPResponse

from shared.clock import SteadyClock

MAX_ANSWER_BYTES = 4 * 1024 * 1024  # bytes; a page of 100 contacts has some 50 KiB


class Endless(Exception):
    """A request or an answer that goes on for too long; the text says how."""


def read_content(raw: BaseHTTPResponse, deadline: float, clock: SteadyClock) -> bytes:
    """The body, whole. Raises Endless for an answer that trickles past the deadline (by `clock`) or is too large."""
    parts: list[bytes] = []
    size = 0
    while part := raw.read1(65536, decode_content=True):
        parts.append(part)
        size += len(part)
        if clock() > deadline:
            raise Endless("the answer did not end in time")
        if size > MAX_ANSWER_BYTES:
            raise Endless("the answer is too large")
    return b"".join(parts)
