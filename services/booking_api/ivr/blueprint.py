"""The blueprint of the flat calls: their bodies may be forms, and their problems have more members."""

from typing import Any

from services.booking_api.form_parser import FORM, FormParser
from services.booking_api.ivr.schemas import VoiceProblemSchema
from shared.web.openapi import Blueprint


class VoiceBlueprint(Blueprint):
    ARGUMENTS_PARSER = FormParser()
    PROBLEM_SCHEMA = VoiceProblemSchema

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare_doc_cbks.append(_document_form)


def _document_form(doc: dict[str, Any], doc_info: dict[str, Any], **_: Any) -> dict[str, Any]:
    content = doc.get("requestBody", {}).get("content", {})
    if content:
        content[FORM] = {"schema": content["application/json"]["schema"]}
    return doc
