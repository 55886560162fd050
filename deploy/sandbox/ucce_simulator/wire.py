"""A request as it was read and an answer as it will be written, without sockets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

BASE_PATH = "/unifiedconfig/config"
CONTROL_PATH = "/_simulator/"
XML = "application/xml;charset=UTF-8"


@dataclass
class Request:
    """One request, whole. `kind` and `ids` are filled by the router, `accounts` by the import."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    peer: str
    workstation: int = 1
    sequence: int = 0
    kind: str = "unknown"
    ids: dict[str, str] = field(default_factory=dict)
    accounts: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The query string; of a repeated parameter the last one counts (ucce/REFERENCE.md 1.2, "Rules")."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    def id(self, name: str) -> int:
        """A numeric id from the path; the router's pattern has made sure that it is one."""
        return int(self.ids[name])


@dataclass
class Answer:
    """Status, body and extra headers of one answer."""

    status: int = 200
    body: bytes = b""
    content_type: str = XML
    headers: dict[str, str] = field(default_factory=dict)
