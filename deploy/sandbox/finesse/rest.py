"""/finesse/api: an agent's own User, Dialogs and Dialog, by Basic or Bearer credentials.

Sources: developer.cisco.com/docs/finesse/user—get-user, …/user—get-list-of-dialogs-voice-only-by-default,
…/dialog—get-dialog (agents get only their own objects; 401 "Authorization Failure" for wrong credentials and
"Invalid Authorization User Specified" for another's object; 404 for one that does not exist),
…/cisco-finesse-api-errors.
"""

import time
from xml.etree import ElementTree

from flask import Blueprint, Response, request

from deploy.sandbox.finesse.agents import Agent, named_in, scheme_of
from deploy.sandbox.finesse.cluster import here

FAILURE, OTHER_USER = "Authorization Failure", "Invalid Authorization User Specified"


blueprint = Blueprint("rest", __name__, url_prefix="/finesse/api")


@blueprint.after_request
def note(response: Response) -> Response:
    # The scheme only: a journal of credentials would be one more place that could leak them.
    caller = _caller()
    here().cluster.journal.append(
        {"node": here().node, "time": time.time(), "method": request.method, "path": request.full_path.rstrip("?"),
         "status": response.status_code, "auth": scheme_of(request.headers.get("Authorization", "")),
         "agent": caller.id if caller else None}
    )  # fmt: skip
    return response


@blueprint.get("/SystemInfo")
def system_info() -> Response:
    """Which Cisco gives to anybody: …/systeminfo—get-systeminfo."""
    root = ElementTree.Element("SystemInfo")
    ElementTree.SubElement(root, "status").text = "IN_SERVICE"
    return _xml(root)


@blueprint.get("/User/<agent_id>")
def user(agent_id: str) -> Response:
    caller = _caller()
    if caller is None or caller.id != agent_id:
        return _refusal(caller, agent_id)
    return _xml(_user(caller))


@blueprint.get("/User/<agent_id>/Dialogs")
def dialogs(agent_id: str) -> Response:
    caller = _caller()
    if caller is None or caller.id != agent_id:
        return _refusal(caller, agent_id)
    root = ElementTree.Element("Dialogs")
    root.extend(one.element() for one in here().cluster.dialogs_of(caller.id))
    return _xml(root)


@blueprint.get("/Dialog/<dialog_id>")
def dialog(dialog_id: str) -> Response:
    caller, found = _caller(), here().cluster.dialogs.get(dialog_id)
    if caller is None:
        return _error(401, FAILURE, "UNAUTHORIZED")
    if found is None:
        return _error(404, "Dialog Not Found", "dialogId")
    return _xml(found.element()) if found.agent_id == caller.id else _error(401, OTHER_USER, "id")


def _caller() -> Agent | None:
    return named_in(request.headers.get("Authorization", ""), here().cluster.agents)


def _refusal(caller: Agent | None, agent_id: str) -> Response:
    """For credentials that are not the agent's own."""
    if caller is None:
        return _error(401, FAILURE, "UNAUTHORIZED")
    known = agent_id in here().cluster.agents
    return _error(401, OTHER_USER, "id") if known else _error(404, "User Not Found", "id")


def _user(agent: Agent) -> ElementTree.Element:
    root = ElementTree.Element("User")
    fields = {
        "uri": f"/finesse/api/User/{agent.id}", "loginId": agent.id, "loginName": f"agent{agent.id}",
        "state": agent.state, "mediaType": "1", "extension": agent.extension, "firstName": agent.first_name,
        "lastName": agent.last_name, "teamId": "5000", "teamName": "Callbacks",
        "dialogs": f"/finesse/api/User/{agent.id}/Dialogs",
    }  # fmt: skip
    roles = ElementTree.SubElement(root, "roles")
    ElementTree.SubElement(roles, "role").text = "Agent"
    for name, value in fields.items():
        ElementTree.SubElement(root, name).text = value
    return root


def _error(status: int, kind: str, data: str) -> Response:
    root = ElementTree.Element("ApiErrors")
    error = ElementTree.SubElement(root, "ApiError")
    ElementTree.SubElement(error, "ErrorType").text = kind
    ElementTree.SubElement(error, "ErrorData").text = data
    ElementTree.SubElement(error, "ErrorMessage").text = f"HTTP Status code: {status} ({kind})"
    response = _xml(root)
    response.status_code = status
    return response


def _xml(root: ElementTree.Element) -> Response:
    return Response(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True), mimetype="application/xml")
