"""Authorization: every operation names its role and how it obeys the skills that a person is limited to; one function
checks session, CSRF token, role and scope.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request
from flask.views import MethodView

from services.admin_api.identity import sessions
from services.admin_api.identity.current_user import CurrentUser, current_user
from services.admin_api.identity.directory import recheck
from services.admin_api.identity.directory.dependencies import directories
from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import Scoped
from services.admin_api.identity.source import Source
from shared.errors import Code, DomainError
from shared.web.dependencies import dependencies
from shared.web.event_limits import Kind
from shared.web.openapi import Blueprint
from shared.web.security_events import record

F = TypeVar("F", bound=Callable[..., Any])
B = TypeVar("B", bound=Blueprint)

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "X-CSRF-Token"

_IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string"},
    "description": "The ETag of what was read. Without it 428, changed meanwhile 412.",
}
_CSRF = {
    "in": "header",
    "name": CSRF_HEADER,
    "required": True,
    "schema": {"type": "string"},
    "description": "The csrfToken of the login",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """`role` None: for everybody. `scope`: how it obeys the skills that a person is limited to; `export`: it gives a
    file to take away. `conditional`: needs If-Match. `background`: made by a page on its own, no work."""

    id: str
    role: Role | None
    scope: Scoped = Scoped.WHOLE
    export: bool = False
    conditional: bool = False
    background: bool = False
    any_password: bool = False  # also for who must change the password or set up a second factor first
    shows_phones: bool = False  # a security event when it succeeds


class AdminBlueprint(Blueprint):
    """A blueprint whose operations each have an id and a role."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare_doc_cbks.insert(-1, _document)  # after the arguments, before the refusals are summed up

    @staticmethod
    def operation(name: str, role: Role | None, scope: Scoped = Scoped.WHOLE, **more: bool) -> Callable[[F], F]:
        """Name an operation and say who may call it, and how it obeys the skills that a person is limited to."""

        def decorator(function: F) -> F:
            documented = {**getattr(function, "_apidoc", {}), "operation": Operation(name, role, scope, **more)}
            function._apidoc = documented  # type: ignore[attr-defined]
            return function

        return decorator


def require_session(blueprint: B) -> B:
    """Let only people who are logged in call a blueprint, each as far as their role goes."""
    blueprint.before_request(_authorize)
    blueprint.after_request(_record_reading)
    blueprint.auth = "session"
    return blueprint


def operations(app: Flask) -> dict[tuple[str, str], Operation | None]:
    """Every operation of the admin API by method and path; None where the role was forgotten."""
    operations: dict[tuple[str, str], Operation | None] = {}
    for rule in app.url_map.iter_rules():
        view = getattr(app.view_functions[rule.endpoint], "view_class", None)
        if view is not None and issubclass(view, MethodView):
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                operations[method, rule.rule] = _of(view, method)
    return operations


def _of(view: type[MethodView], method: str) -> Operation | None:
    function = getattr(view, method.lower(), None)
    operation: Operation | None = getattr(function, "_apidoc", {}).get("operation")
    return operation


def _current_operation() -> Operation | None:
    view = getattr(current_app.view_functions[request.endpoint or ""], "view_class", MethodView)
    return _of(view, "GET" if request.method == "HEAD" else request.method)


def _authorize() -> None:
    """Raises `unauthorized`, `csrf_failed`, `password_change_required`, `mfa_setup_required`, `forbidden`."""
    if request.method == "OPTIONS":
        return
    operation = _current_operation()
    session = sessions.current(extend=operation is None or not operation.background)
    if session.source != Source.LOCAL:
        session = _ask_the_directory(session)
    g.caller = CurrentUser(
        session.user_id,
        session.name,
        session.display_name,
        session.role,
        session.must_change,
        (request.remote_addr or "-")[:64],
        g.get("request_id"),
        session.source,
        session.scope,
        session.must_set_up_mfa,
    )
    if request.method not in SAFE and not sessions.csrf_matches(request.headers.get(CSRF_HEADER, "")):
        raise DomainError(Code.CSRF_FAILED, f"Send the csrfToken of the login in the header {CSRF_HEADER}.")
    if operation is None or operation.role is None:
        raise DomainError(Code.FORBIDDEN, "Nobody may call this.")
    if session.must_change and not operation.any_password:
        raise DomainError(Code.PASSWORD_CHANGE_REQUIRED, "Choose a new password first.")
    if session.must_set_up_mfa and not operation.any_password:
        raise DomainError(Code.MFA_SETUP_REQUIRED, "Your role must have a second factor: set it up first.")
    if not session.role.includes(operation.role):
        raise DomainError(Code.FORBIDDEN, f"This needs the role {operation.role}; you have {session.role}.")
    if operation.scope is Scoped.WHOLE and session.scope.is_limited:
        raise DomainError(Code.FORBIDDEN, "This is only for people who see all skills.")
    if operation.export:
        session.scope.require_export()


def _ask_the_directory(session: sessions.Session) -> sessions.Session:
    """The session as the user's directory has it now. Raises `unauthorized`."""
    deps = dependencies()
    if not recheck.require_still_allowed(deps.database, directories(), session, sessions.request_token(), deps.now()):
        return session
    return sessions.current(extend=False)


def _record_reading(response: Response) -> Response:
    operation = _current_operation()
    shows_phones = operation is not None and operation.shows_phones and response.status_code == HTTPStatus.OK
    if shows_phones and current_user().scope.sees_phones:
        record(Kind.PHONES_READ)
    return response


def _document(doc: dict[str, Any], doc_info: dict[str, Any], *, method: str, **_: Any) -> dict[str, Any]:
    operation: Operation | None = doc_info.get("operation")
    if operation is None:
        return doc
    doc["operationId"] = operation.id
    parameters = doc.setdefault("parameters", [])
    refusals: list[Code] = []
    if operation.role is None:
        doc["security"] = []
    else:
        doc["x-role"] = str(operation.role)
        doc["x-scope"] = str(operation.scope)
        if not operation.any_password:
            refusals += [Code.PASSWORD_CHANGE_REQUIRED, Code.MFA_SETUP_REQUIRED]
        if method.upper() not in SAFE:
            parameters.append(_CSRF)
            refusals.append(Code.CSRF_FAILED)
    if operation.conditional:
        parameters.append(_IF_MATCH)
        refusals += [Code.PRECONDITION_REQUIRED, Code.STALE_VERSION]
    doc_info["refusals"] = (*doc_info.get("refusals", ()), *refusals)
    return doc
