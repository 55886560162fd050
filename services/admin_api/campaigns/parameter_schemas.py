"""The schemas of a campaign's UCCE parameters, made of their table (ucce_parameters.py)."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.admin_api.campaigns.ucce_parameters import PARAMETERS, Parameter
from services.admin_api.framework.fields import Pattern
from shared.web.schemas import ApiSchema, Float, LocalDate, Text

_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]"


def _one_decimal(value: float) -> None:
    if round(value, 1) != value:
        raise ValidationError("At most one decimal place.")


def _field(parameter: Parameter) -> fields.Field[Any]:
    span = validate.Range(parameter.minimum, parameter.maximum)
    metadata = {"description": parameter.help}
    match parameter.kind:
        case "boolean":
            return fields.Boolean(metadata=metadata)
        case "integer":
            return fields.Integer(strict=True, validate=span, metadata=metadata)
        case "decimal":
            return Float(validate=[span, _one_decimal], metadata=metadata)
        case "date":
            return fields.String(validate=_is_date, metadata={**metadata, "format": "date"})
        case "time":
            return fields.String(validate=Pattern(f"^{_TIME}$"), metadata=metadata)
        case "digits":
            longest = int(parameter.maximum or 0)
            return fields.String(validate=Pattern(f"^[0-9]{{1,{longest}}}$"), metadata=metadata)
        case _:
            return fields.String(validate=validate.OneOf(parameter.options), metadata=metadata)


def _is_date(value: str) -> None:
    LocalDate().deserialize(value)


def _schema(name: str, group: str = "", **more: Any) -> type[ApiSchema]:
    """A schema of the parameters below `group`."""
    prefix = f"{group}." if group else ""
    own = [p for p in PARAMETERS if p.name.startswith(prefix) and "." not in p.name.removeprefix(prefix)]
    return type(name, (ApiSchema,), {**{p.name.removeprefix(prefix): _field(p) for p in own}, **more})


CampaignRetriesSchema = _schema("CampaignRetriesSchema", "retries")
CampaignAnalysisSchema = _schema("CampaignAnalysisSchema", "callProgressAnalysis")
_Flat = _schema(
    "_Flat",
    retries=fields.Nested(CampaignRetriesSchema),
    callProgressAnalysis=fields.Nested(CampaignAnalysisSchema),
)


class CampaignParametersSchema(_Flat):  # type: ignore[valid-type, misc]
    """Cisco's own field names. What is left out is UCCE's to decide."""

    @validates_schema
    def check_order(self, data: Mapping[str, Any], **_: Any) -> None:
        for first, last in (("startTime", "endTime"), ("startDate", "endDate")):
            if data.get(first) and data.get(last) and not _in_order(data[first], data[last]):
                raise ValidationError("Must be after the beginning.", last)
        if data.get("campaignPurposeType") == "ivrCampaign" and str(data.get("dialingMode")).startswith("PREVIEW"):
            raise ValidationError("To an IVR UCCE dials progressive or predictive only.", "dialingMode")


def _in_order(first: str, last: str) -> bool:
    return first <= last if "-" in first else first < last


class CampaignParameterSchema(ApiSchema):
    """One entry of the table of parameters: everything a form needs."""

    name = Text(required=True, metadata={"description": "a.b lies in the object a"})
    group = Text(required=True)
    label = Text(required=True)
    help = Text(required=True)
    kind = fields.String(
        required=True,
        validate=validate.OneOf(["boolean", "integer", "decimal", "choice", "date", "time", "digits", "time_zone"]),
    )
    default = fields.Raw(required=True, allow_none=True)
    recommended = fields.Raw(required=True, allow_none=True)
    minimum = fields.Float(required=True, allow_none=True)
    maximum = fields.Float(required=True, allow_none=True)
    unit = fields.String(required=True, allow_none=True)
    options = fields.List(fields.String(), required=True)


class CampaignParametersTableSchema(ApiSchema):
    parameters = fields.List(fields.Nested(CampaignParameterSchema), required=True)
    retryable = fields.List(fields.String(), required=True, metadata={"description": "The results of retryDelays"})
    default_delay = fields.Integer(required=True, metadata={"description": "Minutes, for results without a delay"})
