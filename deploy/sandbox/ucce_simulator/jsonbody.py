"""JSON bodies as the dCloud toolbox for PCCE sends them: the names of the XML elements, lists where these repeat."""

import json
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from deploy.sandbox.ucce_simulator import errors
from deploy.sandbox.ucce_simulator.wire import Answer

_ROOTS = {"campaigns": "campaign", "campaign": "campaign", "import": "import"}


def to_xml(body: bytes, kind: str) -> bytes:
    """The XML body with the content of a JSON body. Raises RefusedError (400)."""
    try:
        value = json.loads(body)
    except ValueError as error:
        raise errors.RefusedError(400, errors.ApiError("invalidInput.malformedJson", str(error))) from error
    root = _ROOTS.get(kind, kind)
    if isinstance(value, dict) and set(value) == {root}:
        value = value[root]
    return ElementTree.tostring(_element(root, value))


def of(answer: Answer) -> Answer:
    """An XML answer as JSON."""
    if not answer.body.lstrip().startswith(b"<"):
        return answer
    root = ElementTree.fromstring(answer.body)  # noqa: S314 - written by this process
    body = json.dumps({root.tag: _value(root)}).encode()
    return Answer(answer.status, body, "application/json;charset=UTF-8", answer.headers)


def _element(name: str, value: Any) -> Element:
    element = Element(name)
    if isinstance(value, dict):
        for child, inner in value.items():
            element.extend(_element(child, one) for one in (inner if isinstance(inner, list) else [inner]))
    elif value is not None:
        element.text = str(value).lower() if isinstance(value, bool) else str(value)
    return element


def _value(element: Element) -> Any:
    if not len(element):
        return element.text or ""
    values: dict[str, Any] = {}
    for child in element:
        if child.tag not in values:
            values[child.tag] = _value(child)
        elif isinstance(values[child.tag], list):
            values[child.tag].append(_value(child))
        else:
            values[child.tag] = [values[child.tag], _value(child)]
    return values
