"""The OpenAPI document of a service as it is served, for which no database is needed."""

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask

from shared.config import load, web_settings
from shared.db.session import Database
from shared.redis_client import RedisClient


def served_document(create_app: Callable[..., Flask], prefix: str) -> dict[str, Any]:
    """What the app of `create_app` answers at `<prefix>/openapi.json`."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'none.db'}")
        app = create_app(load(web_settings), database=database, cache=RedisClient("redis://127.0.0.1:1/0", 0.01))
        served: dict[str, Any] = app.test_client().get(f"{prefix}/openapi.json").get_json()
        database.close()
    return served


def print_document(document: dict[str, Any]) -> None:
    """To the standard output, indented."""
    json.dump(document, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
