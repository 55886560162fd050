"""`python -m services.admin_api.openapi`: print the OpenAPI document, for which no database is needed."""

from typing import Any

from services.admin_api.app import PREFIX, create_app
from shared.web.served_document import print_document, served_document


def document() -> dict[str, Any]:
    """The document as it is served."""
    return served_document(create_app, PREFIX)


if __name__ == "__main__":
    print_document(document())
