"""The portal's files, built into services/admin_portal/dist, and the gadget's.

Deep links of the app fall back to its index page. Files whose name holds a hash of their content never change, so
browsers keep them; the page that names them is asked for every time. What was compressed beside a file is sent so.
Not WhiteNoise: it has neither the nonce of the index page nor its deep links, and would replace the lines of `_file`.
"""

import re
import secrets
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request, send_from_directory

from shared.config import GadgetSettings
from shared.errors import Code, DomainError
from shared.web.auth import public

PORTAL = Path(__file__).parents[1] / "admin_portal" / "dist"
GADGET = Path(__file__).parents[1] / "finesse_gadget" / "dist"

_HASHED = re.compile(r"[-.][A-Za-z0-9_-]{8}\.(js|css|woff2|svg|png)$")
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_NONCE = "CSP_NONCE"  # stands in index.html where Angular reads the nonce for its components' styles
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_GADGET_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors {finesse}"
)
_UNBUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Campaign Manager</title></head>
<body><h1>The portal is not built</h1>
<p>Run <code>make portal</code> in the project's folder, then load this page again.</p>
<p>The admin API itself answers: see <a href="/admin/api/v1/docs">its documentation</a>.</p></body></html>
"""

files = public(Blueprint("portal", __name__))


def register_portal(app: Flask, *, portal: Path = PORTAL, gadget: Path = GADGET) -> None:
    """Serve the portal of folder `portal` at `/`, and below `/gadget/` the gadget while it is on."""
    app.config.update(PORTAL_FOLDER=portal, GADGET_FOLDER=gadget)
    app.register_blueprint(files)


@files.get("/")
@files.get("/<path:name>")
def serve_file(name: str = "index.html") -> Response:
    """A file of the portal, or its index page for an address of the app's own."""
    folder: Path = current_app.config["PORTAL_FOLDER"]
    if name.startswith(("admin/", "api/", "health/", "ops/")):
        raise DomainError(Code.NOT_FOUND, "There is nothing at this address.")
    if name != "index.html" and "." in name.rpartition("/")[2]:
        return _file(folder, name)
    return _index(folder)


@files.get("/gadget/")
def gadget_folder() -> Response:
    """No page of the portal, whatever the gadget is."""
    raise DomainError(Code.NOT_FOUND, "There is nothing at this address.")


@files.get("/gadget/<path:name>")
def gadget(name: str) -> Response:
    """A file of the Finesse gadget, which Finesse's nodes alone may frame."""
    settings: GadgetSettings | None = current_app.config["GADGET"]
    if settings is None:
        raise DomainError(Code.NOT_FOUND, "There is nothing at this address.")
    response = _file(current_app.config["GADGET_FOLDER"], name)
    response.headers["Content-Security-Policy"] = _GADGET_CSP.format(finesse=" ".join(settings.finesse_urls))
    # Finesse's desktop, another origin, loads scripts and pictures of ours, and its node reads callback.xml.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


def _file(folder: Path, name: str) -> Response:
    accepted = request.accept_encodings
    for encoding, suffix in _ENCODINGS:
        if accepted[encoding] and (folder / f"{name}{suffix}").is_file():
            response = send_from_directory(folder, f"{name}{suffix}", mimetype=_type(name))
            response.headers["Content-Encoding"] = encoding
            break
    else:
        response = send_from_directory(folder, name, mimetype=_type(name))
    response.headers["Vary"] = "Accept-Encoding"
    if _HASHED.search(name):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _type(name: str) -> str | None:
    """The MIME type of suffixes that the platform's tables often have wrong; None leaves it to them."""
    return {"js": "text/javascript", "woff2": "font/woff2", "svg": "image/svg+xml"}.get(name.rpartition(".")[2])


def _index(folder: Path) -> Response:
    page, nonce = folder / "index.html", secrets.token_urlsafe(16)
    built = page.is_file()
    text = page.read_text(encoding="utf-8").replace(_NONCE, nonce) if built else _UNBUILT
    response = Response(text, 200 if built else 503, mimetype="text/html")
    response.headers["Content-Security-Policy"] = _CSP.format(nonce=nonce)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
