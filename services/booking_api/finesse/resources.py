"""What Finesse says of an agent and of the agent's calls (ucce/REFERENCE.md 5, in services/dialer_sync)."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from services.booking_api.finesse.client import CredentialsRefused, FinesseClient, NotThere
from services.booking_api.finesse.credentials import Credentials
from shared.xml import text

BASE = "/finesse/api"


@dataclass(frozen=True, slots=True)
class FinesseUser:
    """An agent: `login_id` is the id of their objects, `login_name` the name they may log in by as well."""

    login_id: str
    login_name: str | None
    first_name: str | None
    last_name: str | None
    extension: str | None


@dataclass(frozen=True, slots=True)
class Dialog:
    """A call of an agent. `variables` are its call variables by name."""

    id: str
    from_address: str | None
    to_address: str | None
    call_type: str | None
    queue: str | None
    variables: Mapping[str, str]


def read_user(client: FinesseClient, agent_id: str, credentials: Credentials) -> FinesseUser:
    """The agent, who has proved to be so. Raises CredentialsRefused, FinesseUnavailable.

    A supervisor may read other agents, so a password must be that of the agent asked for.
    """
    try:
        root = client.get("user", f"{BASE}/User/{quote(agent_id, safe='')}", credentials)
    except NotThere:
        raise CredentialsRefused from None
    user = FinesseUser(
        login_id=text(root, "loginId") or text(root, "id") or "",
        login_name=text(root, "loginName"),
        first_name=text(root, "firstName"),
        last_name=text(root, "lastName"),
        extension=text(root, "extension"),
    )
    names = {name.casefold() for name in (user.login_id, user.login_name) if name}
    claimed = {name.casefold() for name in (agent_id, credentials.user) if name is not None}
    if not user.login_id or not claimed <= names:
        raise CredentialsRefused
    return user


def read_dialog(client: FinesseClient, agent_id: str, dialog_id: str, credentials: Credentials) -> Dialog:
    """A call of the agent's own. Raises NotThere, CredentialsRefused, FinesseUnavailable."""
    root = client.get("dialogs", f"{BASE}/User/{quote(agent_id, safe='')}/Dialogs", credentials)
    for found in root.iter("Dialog"):
        if text(found, "id") == dialog_id:
            break
    else:
        raise NotThere
    variables = {
        name: text(variable, "value") or ""
        for variable in found.iterfind("mediaProperties/callvariables/CallVariable")
        if (name := text(variable, "name"))
    }
    return Dialog(
        id=dialog_id,
        from_address=text(found, "fromAddress"),
        to_address=text(found, "toAddress"),
        call_type=text(found, "mediaProperties/callType"),
        queue=text(found, "mediaProperties/queueName"),
        variables=variables,
    )
