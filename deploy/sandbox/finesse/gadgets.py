"""The gadget server: the gadget's frame and files, the library gadgets.*, makeRequest, the 3rdpartygadget area."""

import json
import mimetypes
from dataclasses import InitVar, dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import requests
from flask import Blueprint, Response, abort, current_app, jsonify, request, send_from_directory

from deploy.sandbox.finesse import gadget_xml
from deploy.sandbox.finesse.cluster import here
from deploy.sandbox.finesse.controls import PREFIX
from deploy.sandbox.finesse.desktop import CSP, STATIC, signed_in
from deploy.sandbox.finesse.make_request import Proxy

AREA = "/3rdpartygadget/files/"

blueprint = Blueprint("gadgets", __name__)


@dataclass
class Layout:
    """What an administrator has set: the layout's gadget, the 3rdpartygadget area's folder, what Tomcat trusts."""

    gadget: str
    area: Path | None
    trust: InitVar[Path | None]
    proxy: Proxy = field(init=False)

    def __post_init__(self, trust: Path | None) -> None:
        self.proxy = Proxy(trust)


@blueprint.after_request
def strict(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CSP
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/desktop/layout")
def layout() -> Response:
    signed_in()
    return jsonify({"gadget": _layout().gadget})


@blueprint.post(f"{PREFIX}/layout")
def set_layout() -> Response:
    """A control, here because the layout is."""
    _layout().gadget = str(request.get_json()["gadget"])
    return jsonify({"gadget": _layout().gadget})


@blueprint.get("/gadgets/ifr")
def frame() -> Response:
    return Response(gadget_xml.page(_read(), here().url), mimetype="text/html")


@blueprint.get("/gadgets/prefs.js")
def prefs() -> Response:
    gadget = _read()
    data = {"prefs": dict(gadget.prefs), "messages": dict(gadget.messages), "title": gadget.title}
    return Response(f"fakeShindig.setUp({json.dumps(data)});", mimetype="text/javascript")


@blueprint.get("/desktop/assets/js/jquery.min.js")
def jquery() -> Response:
    """Finesse has jQuery there; the gadget itself does not use it."""
    return Response("", mimetype="text/javascript")


@blueprint.get("/gadgets/js/core.js")
def core() -> Response:
    return send_from_directory(STATIC, "gadgets.js")


@blueprint.get("/gadgets/proxy")
def proxied() -> Response:
    """A file of a gadget that another server has."""
    signed_in()
    url = request.args["url"]
    kind = mimetypes.guess_type(urlsplit(url).path)[0] or "application/octet-stream"
    return Response(_layout().proxy.fetch(url), mimetype=kind)


@blueprint.post("/gadgets/makeRequest")
def make_request() -> Response:
    signed_in()
    return jsonify(_layout().proxy.make_request(request.form))


@blueprint.get(f"{AREA}<path:name>")
def third_party(name: str) -> Response:
    area = _layout().area
    return send_from_directory(area.resolve(), name) if area else abort(404)


def _layout() -> Layout:
    found: Layout = current_app.extensions["layout"]
    return found


def _read() -> gadget_xml.Gadget:
    desktop, own, url = signed_in(), here().url, request.args["url"]
    prefs = {"scheme": "https", "host": str(urlsplit(own).hostname), "hostPort": str(urlsplit(own).port)}
    try:
        return gadget_xml.read(own + url if url.startswith("/") else url, _fetch, desktop.locale, prefs)
    except (gadget_xml.BadGadget, OSError, requests.RequestException) as error:
        abort(502, f"The gadget could not be loaded: {error}")


def _fetch(url: str) -> bytes:
    path, area = urlsplit(url).path, _layout().area
    if url.startswith(here().url) and path.startswith(AREA) and area:
        return (area / path.removeprefix(AREA)).read_bytes()
    return _layout().proxy.fetch(url)
