"""`python -m deploy.cvp`: make the files of the kit that come from the served OpenAPI document (`make cvp-kit`)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.cvp.extract import extract
from deploy.cvp.postman import collection
from deploy.cvp.responses import responses
from services.booking_api.openapi import document

FOLDER = Path(__file__).parent


def files(served: Mapping[str, Any]) -> dict[str, str]:
    """Their contents, by name."""
    voice = extract(served)
    return {
        "openapi.json": _json(voice),
        "postman_collection.json": _json(collection(voice)),
        "RESPONSES.md": responses(voice),
    }


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name, text in files(document()).items():
        (FOLDER / name).write_text(text)
