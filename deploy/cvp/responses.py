"""RESPONSES.md: every field of the calls' answers with its JSONPath, type, length and an example."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from deploy.cvp.extract import answer_schema, operations

_HEAD = """\
# The fields of the answers, with their JSONPaths

Made by `make cvp-kit` from [openapi.json](openapi.json); a test looks every path up in the answers of a running system.
Each path gives a value in every answer of its call: `""` where there is nothing to say (but for
`data_…`, which are as many as were booked). `N` stands for 1 to 9. A length is the longest there is, in characters.
"""
_SLOT = re.compile(r"slot[1-9](\w+)")


def responses(document: Mapping[str, Any]) -> str:
    """The page."""
    parts = [_HEAD]
    for method, path, operation in operations(document):
        parts.append(f"\n## {method} {path}\n\n{operation['summary']}\n")
        parts.append("| field | JSONPath | type | max. length | example | |\n|---|---|---|---|---|---|")
        parts += [f"| {' | '.join(row)} |" for row in _rows(answer_schema(document, operation))]
    return "\n".join(parts) + "\n"


def _rows(schema: Mapping[str, Any]) -> Iterator[list[str]]:
    seen = set()
    for name, field in schema["properties"].items():
        shown = _SLOT.sub(r"slotN\1", name)
        if shown not in seen:
            seen.add(shown)
            example, values = field.get("example", ""), [f"`{value}`" for value in field.get("enum", []) if value]
            about = [field.get("description", ""), "one of " + ", ".join(values) if values else ""]
            yield [f"`{shown}`", f"`$.{shown}`", field["type"], str(field.get("maxLength", "")),
                   f"`{example}`" if example != "" else "", ": ".join(filter(None, about))]  # fmt: skip
