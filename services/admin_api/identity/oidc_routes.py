"""The login by OpenID Connect as browsers go through it: to the provider, and back to the portal's login page."""

from collections.abc import Callable
from urllib.parse import urlencode

import structlog
from flask import Response, request
from flask.views import MethodView
from marshmallow import fields

from services.admin_api.identity import auth_routes, sessions
from services.admin_api.identity.authorization import AdminBlueprint
from services.admin_api.identity.directory import accounts, oidc_login
from services.admin_api.identity.directory.dependencies import directories
from services.admin_api.identity.directory.oidc import OidcProvider, new_seed, state_matches
from services.admin_api.identity.directory.person import REFUSALS, DirectoryDown, LoginRefused
from services.admin_api.identity.password_attempts import check_rate
from services.admin_api.identity.source import Source
from shared.errors import Code, DomainError, Unavailable
from shared.web.auth import public
from shared.web.dependencies import dependencies
from shared.web.schemas import ApiSchema

blueprint = public(
    AdminBlueprint("oidc", __name__, url_prefix=f"{auth_routes.PREFIX}/oidc", description="Login by OpenID Connect")
)
_log = structlog.get_logger(__name__)

LOGIN_PAGE = "/login"
SEED_COOKIE = "cm_oidc"  # over plain HTTP, on this machine only
TLS_SEED_COOKIE = "__Host-cm_oidc"
SEED_SECONDS = 600  # for which an attempt lasts
_TO_THE_PAGE = {"description": "To the provider, or back to the login page"}


class RefusalSchema(ApiSchema):
    code = fields.String(required=True)
    detail = fields.String(required=True)


class RefusalsSchema(ApiSchema):
    items = fields.List(fields.Nested(RefusalSchema), required=True)


@blueprint.route("/login")
class OidcLogin(MethodView):
    @blueprint.response(303, **_TO_THE_PAGE)
    @blueprint.operation("beginOidcLogin", None)
    @blueprint.refuses(Code.NOT_FOUND)
    def get(self) -> Response:
        """Go to the provider"""
        return _or_back(_begin)


@blueprint.route("/callback")
class OidcCallback(MethodView):
    @blueprint.response(303, **_TO_THE_PAGE)
    @blueprint.operation("finishOidcLogin", None)
    @blueprint.refuses(Code.NOT_FOUND)
    def get(self) -> Response:
        """Come back from the provider; sets the session's cookie"""
        return _or_back(_finish)

    @blueprint.response(303, **_TO_THE_PAGE)
    @blueprint.operation("postOidcLogin", None)
    @blueprint.refuses(Code.NOT_FOUND)
    def post(self) -> Response:
        """Come back by response_mode=form_post: browsers send the attempt's cookie with the GET that follows"""
        _provider()
        known = {name: request.form[name] for name in ("code", "state", "error", "iss") if name in request.form}
        return _to(f"{request.path}?{urlencode(known)}")


@blueprint.route("/refusals")
class OidcRefusals(MethodView):
    @blueprint.response(200, RefusalsSchema)
    @blueprint.operation("listLoginRefusals", None)
    def get(self) -> dict[str, list[dict[str, str]]]:
        """Why a login was refused, by the word in the login page's address"""
        return {"items": [{"code": code, "detail": detail} for code, detail in REFUSALS.items()]}


def _provider() -> OidcProvider:
    provider = directories().oidc
    if provider is None:
        raise DomainError(Code.NOT_FOUND, "No OpenID Connect provider is set up here.")
    return provider


def _or_back(act: Callable[[OidcProvider], Response]) -> Response:
    """What `act` answers, or the way back to the login page, which says why: a browser shows what is answered here."""
    provider = _provider()
    try:
        check_rate()
        return act(provider)
    except LoginRefused as error:
        accounts.record_failure(Source.OIDC, error.reason, error.name, client=auth_routes.client())
        return _refused(error.reason)
    except DirectoryDown:
        return _refused("provider_down")
    except Unavailable:
        return _refused("unavailable")
    except DomainError as error:
        if error.code is not Code.RATE_LIMITED:
            raise
        return _refused("too_many_logins")


def _begin(provider: OidcProvider) -> Response:
    seed = new_seed()
    response = _to(provider.authorization_url(seed))
    # Lax: the provider's page leads back here, and browsers send a Strict cookie from their own pages only.
    response.set_cookie(
        _seed_cookie(), seed, max_age=SEED_SECONDS, path="/", secure=request.is_secure, httponly=True, samesite="Lax"
    )
    return response


def _finish(provider: OidcProvider) -> Response:
    token = _session_token(provider)
    response = _to(f"{LOGIN_PAGE}?signedIn=1")
    _forget_seed(response)
    sessions.set_cookie(response, token)
    return response


def _session_token(provider: OidcProvider) -> str:
    """The token of a new session. Raises LoginRefused, Unavailable."""
    query = request.args
    seed = request.cookies.get(_seed_cookie(), "")
    if not state_matches(seed, query.get("state", "")):
        raise LoginRefused("attempt_expired")
    if query.get("iss", provider.settings.issuer) != provider.settings.issuer:  # RFC 9207
        raise LoginRefused("bad_token")
    if "code" not in query:
        _log.warning("oidc_login_denied", error=query.get("error", "")[:64])
        raise LoginRefused("denied")
    deps = dependencies()
    settings = deps.config_cache.current().settings
    return oidc_login.log_in(
        provider, deps.database, settings, query["code"], seed, now=deps.now(), client=auth_routes.client()
    )


def _refused(reason: str) -> Response:
    response = _to(f"{LOGIN_PAGE}?refused={reason}")
    _forget_seed(response)
    return response


def _to(address: str) -> Response:
    response = Response(status=303)
    response.headers["Location"] = address
    response.headers["Cache-Control"] = "no-store"
    return response


def _forget_seed(response: Response) -> None:
    """An attempt is over once it was answered."""
    response.delete_cookie(_seed_cookie(), path="/", secure=request.is_secure, httponly=True, samesite="Lax")


def _seed_cookie() -> str:
    return TLS_SEED_COOKIE if request.is_secure else SEED_COOKIE
