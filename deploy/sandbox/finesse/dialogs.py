"""Calls as Finesse's Dialog objects.

Sources: developer.cisco.com/docs/finesse/dialog (the XML), …/dialog-api-parameters, …/dialog-notification (an inbound
call's fromAddress is the caller; a dialer call's fromAddress is the agent's extension and its toAddress the customer),
…/dialog-states, …/dialog-participantstates.
"""

from dataclasses import dataclass, field
from xml.etree import ElementTree

KINDS = {"in": "ACD_IN", "dialer": "OUTBOUND"}


@dataclass
class Dialog:
    """A call of one agent. `state` is the dialog's: ALERTING, ACTIVE, DROPPED; `participant` the agent's own."""

    id: str
    agent_id: str
    kind: str
    from_address: str
    to_address: str
    queue: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    state: str = "ALERTING"
    participant: str = "ALERTING"
    extension: str = ""

    def answer(self) -> None:
        self.state = self.participant = "ACTIVE"

    def wrap_up(self) -> None:
        """The customer has gone; the agent works on."""
        self.state, self.participant = "ACTIVE", "WRAP_UP"

    def end(self) -> None:
        self.state = self.participant = "DROPPED"

    def element(self) -> ElementTree.Element:
        """<Dialog> as the REST API gives it."""
        root = ElementTree.Element("Dialog")
        _text(root, "uri", f"/finesse/api/Dialog/{self.id}")
        _text(root, "id", self.id)
        _text(root, "mediaType", "Voice")
        _text(root, "state", self.state)
        _text(root, "fromAddress", self.from_address)
        _text(root, "toAddress", self.to_address)
        media = ElementTree.SubElement(root, "mediaProperties")
        _text(media, "mediaId", "1")
        _text(media, "dialedNumber", self.to_address if self.kind == "in" else "")
        _text(media, "callType", KINDS[self.kind])
        _text(media, "DNIS", self.to_address)
        _text(media, "queueNumber", "5000" if self.queue else "")
        _text(media, "queueName", self.queue)
        variables = ElementTree.SubElement(media, "callvariables")
        for name, value in self.variables.items():
            variable = ElementTree.SubElement(variables, "CallVariable")
            _text(variable, "name", name)
            _text(variable, "value", value)
        participants = ElementTree.SubElement(root, "participants")
        participant = ElementTree.SubElement(participants, "Participant")
        _text(participant, "mediaAddress", self.extension)
        _text(participant, "mediaAddressType", "AGENT_DEVICE")
        _text(participant, "state", self.participant)
        return root

    def summary(self) -> dict[str, object]:
        """What the desktop's library makes of it (static/finesse.js)."""
        return {
            "id": self.id,
            "state": self.state,
            "fromAddress": self.from_address,
            "toAddress": self.to_address,
            "mediaProperties": {
                "callType": KINDS[self.kind],
                "queueName": self.queue,
                "DNIS": self.to_address,
                **self.variables,
            },
        }


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text
