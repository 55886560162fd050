"""The browsable page of the OpenAPI document, with Swagger UI's assets served by us: there is no CDN here."""

from flask import Blueprint, Response, send_from_directory
from swagger_ui_bundle import swagger_ui_path

from shared.web.auth import public

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Campaign Manager API</title>
<link rel="icon" href="{prefix}/docs/favicon-32x32.png">
<link rel="stylesheet" href="{prefix}/docs/swagger-ui.css"></head>
<body><div id="swagger-ui"></div>
<script src="{prefix}/docs/swagger-ui-bundle.js"></script><script src="{prefix}/docs/start.js"></script></body></html>
"""
_START = 'window.ui = SwaggerUIBundle({{url: "{prefix}/openapi.json", dom_id: "#swagger-ui", deepLinking: true}});\n'
_CSP = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"


def docs_blueprint(prefix: str) -> Blueprint:
    """`{prefix}/docs` and its assets."""
    docs = public(Blueprint("docs", __name__, url_prefix=prefix))

    @docs.get("/docs")
    def page() -> Response:
        response = Response(_PAGE.format(prefix=prefix), mimetype="text/html")
        response.headers["Content-Security-Policy"] = _CSP
        return response

    @docs.get("/docs/start.js")
    def start() -> Response:
        return Response(_START.format(prefix=prefix), mimetype="text/javascript")

    @docs.get("/docs/<path:name>")
    def asset(name: str) -> Response:
        return send_from_directory(swagger_ui_path, name, max_age=86400)

    return docs
