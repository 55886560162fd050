"""The agents of the fake, their credentials, and who a request says it is.

Sources: developer.cisco.com/docs/finesse/user (the object), …/user-api-parameters (states), …/gadget-configuration (the
Base64 "id:password" without SSO, the token with it).
"""

import base64
import binascii
import secrets
from dataclasses import dataclass, field

STATES = ("LOGOUT", "NOT_READY", "READY", "RESERVED", "TALKING", "HOLD", "WORK", "WORK_READY")


@dataclass
class Agent:
    """`token` is the SSO token, None without SSO; an expired one is refused."""

    id: str
    password: str
    first_name: str = "Ada"
    last_name: str = "Agent"
    extension: str = "1001"
    state: str = "NOT_READY"
    token: str | None = None
    expired: set[str] = field(default_factory=set)

    @property
    def authorization(self) -> str:
        """As `finesse.gadget.Config.authorization` holds it."""
        return base64.b64encode(f"{self.id}:{self.password}".encode()).decode()

    def new_token(self) -> str:
        """A fresh SSO token; the earlier one ends."""
        self.expire_token()
        self.token = secrets.token_urlsafe(32)
        return self.token

    def expire_token(self) -> None:
        if self.token is not None:
            self.expired.add(self.token)


def scheme_of(header: str) -> str:
    """`Basic`, `Bearer` or `none`: what a journal may show of an Authorization header."""
    scheme = header.partition(" ")[0].title()
    return scheme if scheme in ("Basic", "Bearer") else "none"


def proves(header: str, agent: Agent) -> bool:
    """Whether an Authorization header is the agent's own: Basic with the password, or Bearer with a valid token."""
    scheme, _, value = header.partition(" ")
    if scheme.title() == "Bearer":
        return agent.token is not None and agent.token not in agent.expired and _equal(value, agent.token)
    return scheme.title() == "Basic" and _equal(_decoded(value), f"{agent.id}:{agent.password}")


def named_in(header: str, agents: dict[str, Agent]) -> Agent | None:
    """The agent whose own valid credentials these are, or None."""
    scheme, _, value = header.partition(" ")
    if scheme.title() == "Bearer":
        return next((agent for agent in list(agents.values()) if proves(header, agent)), None)
    agent = agents.get(_decoded(value).partition(":")[0])
    return agent if agent is not None and proves(header, agent) else None


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _equal(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())
