"""Single calls to UCCE with their evidence: what was sent and what came back, without credentials or phone numbers."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import requests
from requests.auth import HTTPBasicAuth

from services.dialer_sync.ucce.client import BASE
from shared.xml import BadXml, parse

_NUMBER = re.compile(r"\d{7,}")
MAX_EVIDENCE_LENGTH = 400  # characters of a body


def redacted(text: str) -> str:
    return _NUMBER.sub(lambda match: f"…{match[0][-2:]}", text)[:MAX_EVIDENCE_LENGTH]


@dataclass(frozen=True)
class Reply:
    status: int
    location: str
    content_type: str
    body: bytes
    seconds: float

    def root(self) -> Element | None:
        """The XML document, None when it is none."""
        try:
            return parse(self.body)
        except BadXml:
            return None

    def json(self) -> Any:
        """The JSON document, None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass
class Wire:
    """A client of one UCCE; each call is appended to `evidence`."""

    url: str
    user: str
    password: str
    ca_file: str | None
    timeout: float = 120.0
    evidence: list[dict[str, Any]] = field(default_factory=list)
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False
        self.session.auth = HTTPBasicAuth(self.user.encode(), self.password.encode())
        self.session.verify = self.ca_file or True

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        query: Mapping[str, str | int] | None = None,
        *,
        json_wanted: bool = False,
    ) -> Reply:
        """One call below the base of the API. Raises requests.RequestException."""
        kind = "application/json" if json_wanted else "application/xml"
        headers = {"Accept": kind, **({"Content-Type": f"{kind};charset=UTF-8"} if body is not None else {})}
        began = time.monotonic()
        response = self.session.request(
            method, f"{self.url.rstrip('/').removesuffix(BASE)}{BASE}{path}", params=query, data=body, headers=headers,
            timeout=(10, self.timeout), allow_redirects=False,
        )  # fmt: skip
        reply = Reply(
            response.status_code, response.headers.get("Location", ""), response.headers.get("Content-Type", ""),
            response.content, time.monotonic() - began,
        )  # fmt: skip
        self.evidence.append(
            {"call": f"{method} {path}", "status": reply.status, "seconds": round(reply.seconds, 3),
             "location": redacted(reply.location), "contentType": reply.content_type,
             "body": redacted(response.text)}
        )  # fmt: skip
        return reply
