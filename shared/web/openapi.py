"""The OpenAPI document: every refusal of an operation under its status, with its codes, as problem bodies."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask_smorest import Api
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import RAISE, Schema, fields, validate

from shared.errors import Code
from shared.web.parsing import Parser
from shared.web.problems import MEDIA_TYPE, PROBLEMS

F = TypeVar("F", bound=Callable[..., Any])


class AlternativeSchema(Schema):
    """A free slot near the one that was asked for."""

    class Meta:
        unknown = RAISE

    start = fields.String(required=True, metadata={"format": "date-time"})
    end = fields.String(required=True, metadata={"format": "date-time"})
    available = fields.Integer(required=True)


class ProblemSchema(Schema):
    """RFC 9457, with our stable `code`; which of the optional members there are depends on the code."""

    class Meta:
        unknown = RAISE

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True, validate=validate.OneOf([str(code) for code in Code]))
    requestId = fields.String(required=True)  # noqa: N815 - the names on the wire
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "What is wrong with which field, by the field's path"},
    )
    alternatives = fields.List(fields.Nested(AlternativeSchema), metadata={"description": "Up to 3 nearest free slots"})
    accountNumber = fields.String(metadata={"description": "The open callback that stands in the way"})  # noqa: N815
    changedBy = fields.String(metadata={"description": "Who was faster"})  # noqa: N815
    changedAt = fields.String(metadata={"description": "When they were"})  # noqa: N815
    currentVersion = fields.Integer(metadata={"description": "The version there is now"})  # noqa: N815
    usedBy = fields.List(fields.String(), metadata={"description": "What uses it"})  # noqa: N815
    count = fields.Integer(metadata={"description": "How many there are now"})
    retryAfter = fields.Integer(metadata={"description": "Seconds to wait, as in the header Retry-After"})  # noqa: N815


# ProblemSchema's name in the document. It is referred to by name: a class is read anew for each of 500 responses.
PROBLEM = "Problem"


class ProblemApi(Api):  # type: ignore[misc]
    """flask-smorest's Api, whose documented errors are our problem bodies."""

    ERROR_SCHEMA = PROBLEM

    def _register_responses(self) -> None:
        self.spec.components.schema(PROBLEM, schema=ProblemSchema)
        self.DEFAULT_RESPONSE_CONTENT_TYPE = MEDIA_TYPE
        super()._register_responses()
        del self.DEFAULT_RESPONSE_CONTENT_TYPE  # the class's again: what succeeds is application/json

    def _register_pagination_header(self) -> None:
        """Our lists have no such header: its schema would stand in the document without a use."""


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """flask-smorest's, with our way of reading arguments and of documenting refusals."""

    ARGUMENTS_PARSER = Parser()
    PROBLEM_SCHEMA: Any = PROBLEM

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare_doc_cbks.append(self._document_refusals)

    def arguments(self, schema: Any, **kwargs: Any) -> Any:
        """As flask-smorest's; a schema class is instantiated once, not with every request (0.1 ms for a booking's)."""
        return super().arguments(schema() if isinstance(schema, type) else schema, **kwargs)

    @staticmethod
    def refuses(*codes: Code) -> Callable[[F], F]:
        """Document what an operation may answer beyond what its blueprint and its arguments imply."""

        def decorator(function: F) -> F:
            documented = {**getattr(function, "_apidoc", {}), "refusals": codes}
            function._apidoc = documented  # type: ignore[attr-defined]
            return function

        return decorator

    def _document_refusals(self, doc: dict[str, Any], doc_info: dict[str, Any], **_: Any) -> dict[str, Any]:
        responses = doc.setdefault("responses", {})
        if "requestBody" in doc:
            responses["400"] = self._problem_response([Code.VALIDATION_ERROR])
        responses.pop(422, None)  # flask-smorest's own; said again below, with its codes
        by_status: dict[int, list[Code]] = {}
        for code in (*self._implied(doc), *doc_info.get("refusals", ())):
            by_status.setdefault(PROBLEMS[code][0], []).append(code)
        for status, codes in sorted(by_status.items()):
            responses[str(status)] = self._problem_response(codes)
        return doc

    def _implied(self, doc: dict[str, Any]) -> Iterable[Code]:
        auth = getattr(self, "auth", "none")
        if auth != "none":
            yield from (Code.UNAUTHORIZED, Code.FORBIDDEN, Code.SERVICE_UNAVAILABLE)
        if auth.startswith(("key:", "agent")):
            yield Code.RATE_LIMITED
        if "requestBody" in doc:
            yield Code.BODY_TOO_LARGE
        if "requestBody" in doc or doc.get("parameters"):
            yield Code.VALIDATION_ERROR

    def _problem_response(self, codes: Iterable[Code]) -> dict[str, Any]:
        codes = list(codes)
        retry = {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}}
        passing = {Code.RATE_LIMITED, Code.SERVICE_UNAVAILABLE, Code.FINESSE_UNAVAILABLE}.intersection(codes)
        return {
            "description": ", ".join(f"`{code}`" for code in codes),
            "content": {MEDIA_TYPE: {"schema": self.PROBLEM_SCHEMA}},
            **({"headers": retry} if passing else {}),
        }
