"""Refusals in Cisco's shape: an HTTP status and a list of apiError items (ucce/REFERENCE.md 1.2, "Errors").

Error types named there are used as they are. Others are marked: their names are an assumption, so clients must
decide by the status and show the message.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from deploy.sandbox.ucce_simulator import xmlbody
from deploy.sandbox.ucce_simulator.wire import Answer


@dataclass(frozen=True)
class ApiError:
    """One apiError. `minimum` and `maximum` make its errorDetail."""

    type: str
    message: str
    data: str = ""
    minimum: str | int | float | None = None
    maximum: str | int | float | None = None

    def nodes(self) -> list[xmlbody.Node]:
        detail: list[xmlbody.Node] = [("min", self.minimum), ("max", self.maximum)]
        has_detail = self.minimum is not None or self.maximum is not None
        return [
            ("errorData", self.data or None),
            ("errorDetail", detail if has_detail else None),
            ("errorMessage", self.message),
            ("errorType", self.type),
        ]


class RefusedError(Exception):
    """The request is answered with `status` and these errors; nothing of it is carried out."""

    def __init__(self, status: int, errors: ApiError | Iterable[ApiError]) -> None:
        self.status = status
        self.errors = [errors] if isinstance(errors, ApiError) else list(errors)
        super().__init__(status, self.errors[0].message if self.errors else "")

    def answer(self) -> Answer:
        return Answer(self.status, body(*self.errors))


def body(*errors: ApiError) -> bytes:
    """The error document: what proves that UCCE itself answered."""
    return xmlbody.render("apiErrors", [("apiError", error.nodes()) for error in errors])


def required(data: str) -> ApiError:
    return ApiError("invalidInput.fieldRequired", "This field is a required field; it cannot be left blank", data)


def out_of_range(data: str, minimum: float | str, maximum: float | str) -> ApiError:
    message = f"This field must contain a value from {minimum} to {maximum}"
    return ApiError("invalidInput.outOfRange", message, data, minimum, maximum)


def too_long(data: str, maximum: int, unit: str = "characters") -> ApiError:
    """The type is named in Cisco's 9.0 developer guide, with `max` as its detail."""
    message = f"This field is longer than {maximum} {unit}"
    return ApiError("invalidInput.fieldLengthExceeded", message, data, maximum=maximum)


def not_boolean(data: str) -> ApiError:
    return ApiError("invalidInput.format.boolean", "This field must be true or false", data)


def bad_format(data: str, message: str) -> ApiError:
    """Assumption: the name of the type."""
    return ApiError("invalidInput.format", message, data)


def bad_reference(data: str, message: str) -> ApiError:
    """Assumption: the name of the type."""
    return ApiError("invalidInput.reference", message, data)


def unexpected_element(name: str) -> ApiError:
    return ApiError("invalidInput.unexpectedXmlElement", f"Unexpected element: {name}", name)


def not_found(message: str) -> RefusedError:
    return RefusedError(404, ApiError("notFound.dbData", message))
