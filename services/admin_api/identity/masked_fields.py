"""Fields of answers that may hold a phone number: who may not see whole ones gets them masked (scope.py)."""

from typing import Any

from marshmallow import fields

from services.admin_api.identity.current_user import current_user


class Phone(fields.String):
    """A phone number, E.164."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return current_user().scope.phone(super()._serialize(value, attr, obj, **kwargs))


class TextWithPhones(fields.String):
    """A text that people or clients wrote, in which a number may stand."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return current_user().scope.text(super()._serialize(value, attr, obj, **kwargs))
