"""`python -m services.admin_api.openapi`: print the OpenAPI document, for which no database is needed."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from environs import Env

from services.admin_api.app import PREFIX, create_app
from shared.config import load, web_settings
from shared.db.session import Database
from shared.redis_client import RedisClient


def document() -> dict[str, Any]:
    """The document as it is served."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'none.db'}")
        app = create_app(load(web_settings), database=database, cache=RedisClient("redis://127.0.0.1:1/0", 0.01))
        served: dict[str, Any] = app.test_client().get(f"{PREFIX}/openapi.json").get_json()
        database.close()
    return served


if __name__ == "__main__":
    Env()
    json.dump(document(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
