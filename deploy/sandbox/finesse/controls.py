"""Test control: JSON under /_control of either node, on loopback, whatever the node's mode. The README lists it."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from deploy.sandbox.finesse.agents import STATES, Agent
from deploy.sandbox.finesse.cluster import MODES, here
from deploy.sandbox.finesse.dialogs import KINDS

PREFIX = "/_control"
_AGENT = {"id": "id", "password": "password", "firstName": "first_name", "lastName": "last_name",
          "extension": "extension"}  # fmt: skip


blueprint = Blueprint("controls", __name__, url_prefix=PREFIX)


@blueprint.post("/agents")
def agents() -> Response:
    cluster = here().cluster
    for one in request.get_json():
        fields: dict[str, Any] = {_AGENT[name]: str(value) for name, value in one.items()}
        cluster.agents[fields["id"]] = Agent(**fields)
    return jsonify({"agents": len(cluster.agents)})


@blueprint.post("/agents/<agent_id>/state")
def state(agent_id: str) -> Response:
    agent, wanted = _agent(agent_id), str(request.get_json()["state"])
    if wanted not in STATES:
        abort(400, f"state is one of {', '.join(STATES)}")
    agent.state = wanted
    here().cluster.publish(agent.id, {"topic": "user", "state": wanted})
    return jsonify({"state": agent.state})


@blueprint.post("/agents/<agent_id>/token")
def token(agent_id: str) -> Response:
    """A fresh SSO token, which the agent's desktops get at once."""
    fresh = _agent(agent_id).new_token()
    here().cluster.publish(agent_id, {"topic": "token", "token": fresh})
    return jsonify({"token": fresh})


@blueprint.delete("/agents/<agent_id>/token")
def expire(agent_id: str) -> Response:
    """The token of now is refused from here on, and stays in the desktop until it gets a new one."""
    _agent(agent_id).expire_token()
    return jsonify({})


@blueprint.post("/calls")
def call() -> Response:
    body: dict[str, Any] = request.get_json()
    kind = str(body["kind"])
    if kind not in KINDS:
        abort(400, f"kind is one of {', '.join(KINDS)}")
    variables = {str(name): str(value) for name, value in body.get("variables", {}).items()}
    agent = _agent(str(body["agent"]))
    called, queue = str(body.get("called", "18005550100")), str(body.get("queue", ""))
    return jsonify({"dialogId": here().cluster.call(agent, kind, str(body["phone"]), called, queue, variables)})


@blueprint.post("/calls/<dialog_id>/<action>")
def change(dialog_id: str, action: str) -> Response:
    cluster = here().cluster
    dialog = cluster.dialogs.get(dialog_id)
    if dialog is None or action not in ("answer", "wrap_up", "end"):
        abort(404, "no such call or action")
    getattr(dialog, action)()
    if action == "end":
        del cluster.dialogs[dialog_id]
    cluster.tell(dialog.agent_id, "DELETE" if action == "end" else "PUT", dialog)
    return jsonify({"state": dialog.state})


@blueprint.post("/nodes/<int:node>")
def node(node: int) -> Response:
    cluster, mode = here().cluster, str(request.get_json()["mode"])
    if node not in cluster.modes or mode not in MODES:
        abort(400, f"nodes are 1 and 2; mode is one of {', '.join(MODES)}")
    cluster.set_mode(node, mode)
    return jsonify({"modes": cluster.modes})


@blueprint.get("/requests")
def requests() -> Response:
    return jsonify({"requests": list(here().cluster.journal)})


def _agent(agent_id: str) -> Agent:
    agent = here().cluster.agents.get(agent_id)
    if agent is None:
        abort(404, f"no agent {agent_id}")
    return agent
