"""The part of the booking API's OpenAPI document that an IVR needs: the flat calls, and what they refer to."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

PREFIX = "/api/v1/ivr/"

_METHODS = ("get", "post", "put", "delete")
_REFERENCE = re.compile(r"#/components/(\w+)/(.+)")
_CODE = re.compile(r"`([a-z_]+)`")


def extract(document: Mapping[str, Any]) -> dict[str, Any]:
    """`document` without the other calls, and without components that no flat call refers to."""
    paths = {path: item for path, item in document["paths"].items() if path.startswith(PREFIX)}
    kept: dict[str, dict[str, Any]] = {"securitySchemes": document["components"]["securitySchemes"]}
    unread: list[Any] = [paths]
    while unread:
        for kind, name in _references(unread.pop()):
            if name not in kept.setdefault(kind, {}):
                kept[kind][name] = document["components"][kind][name]
                unread.append(kept[kind][name])
    used = {tag for _, _, operation in operations({"paths": paths}) for tag in operation["tags"]}
    return {
        "openapi": document["openapi"],
        "info": {**document["info"], "title": "Campaign Manager: calls for voice"},
        "security": document["security"],
        "tags": [tag for tag in document["tags"] if tag["name"] in used],
        "paths": paths,
        "components": {kind: dict(sorted(parts.items())) for kind, parts in sorted(kept.items())},
    }


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and operation of every call."""
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield method.upper(), path, item[method]


def resolved(document: Mapping[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """`part`, or what its `$ref` names."""
    match = _REFERENCE.fullmatch(part.get("$ref", ""))
    found: dict[str, Any] = document["components"][match[1]][match[2]] if match else part
    return found


def answer_schema(document: Mapping[str, Any], operation: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of the answer of a call that went well."""
    status = next(status for status in ("200", "201") if status in operation["responses"])
    return resolved(document, operation["responses"][status]["content"]["application/json"]["schema"])


def codes_of(document: Mapping[str, Any], operation: Mapping[str, Any]) -> set[str]:
    """The codes of the refusals that a call documents."""
    refused = (resolved(document, response) for status, response in operation["responses"].items() if status >= "400")
    return {code for response in refused for code in _CODE.findall(response.get("description", ""))}


def _references(part: Any) -> Iterator[tuple[str, str]]:
    if isinstance(part, Mapping):
        match = _REFERENCE.fullmatch(str(part.get("$ref", "")))
        if match:
            yield match[1], match[2]
    inner = part.values() if isinstance(part, Mapping) else part if isinstance(part, list) else ()
    for one in inner:
        yield from _references(one)
