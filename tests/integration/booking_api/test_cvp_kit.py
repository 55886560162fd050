"""The files of deploy/cvp say what the served document says, and leave no code without a decision."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

import deploy.cvp.__main__ as kit
from deploy.cvp.decisions import LANGUAGES, STEPS, read_decisions
from deploy.cvp.extract import codes_of, extract, operations, resolved
from tests.integration.booking_api.test_agent_outcome import dialed
from tests.support.booking_api import Api
from tests.support.configured_database import phone

FOLDER = Path(kit.__file__).parent
# What the load balancer answers by itself, for any path.
OF_THE_BALANCER = {"request_timeout", "bad_gateway", "gateway_timeout", "service_unavailable", "rate_limited",
                   "body_too_large"}  # fmt: skip


def test_the_generated_files_are_those_of_the_served_document(api: Api) -> None:
    for name, text in kit.files(api.contract.document).items():
        assert (FOLDER / name).read_text() == text, f"{name} is not the served document's: make cvp-kit"


def test_the_extract_is_a_whole_document_of_the_flat_calls_alone(api: Api) -> None:
    voice = extract(api.contract.document)

    assert list(OpenAPIV30SpecValidator(voice).iter_errors()) == []
    flat = {path for path in api.contract.document["paths"] if path.startswith("/api/v1/ivr/")}
    assert set(voice["paths"]) == flat


def test_every_code_that_the_calls_document_has_a_decision(api: Api) -> None:
    voice, decisions = extract(api.contract.document), read_decisions()

    documented = {code for _, _, operation in operations(voice) for code in codes_of(voice, operation)}
    assert len(documented) > 15
    assert sorted((documented | OF_THE_BALANCER) - set(decisions.of)) == []


def test_every_decision_says_something_in_each_language_and_leads_to_a_known_step() -> None:
    decisions = read_decisions()

    for code, decision in decisions.of.items():
        assert decision.step in STEPS, code
        assert all(len(decision.prompt[language]) > 10 for language in LANGUAGES), code
    for name, sentence in decisions.prompts.items():
        gaps = [re.findall(r"{\w+}", sentence[language]) for language in LANGUAGES]
        assert sorted(gaps[0]) == sorted(gaps[1]), name


@pytest.mark.parametrize("name", ["README.md", "CALL_STUDIO.md"])
def test_the_guides_name_calls_fields_and_json_paths_that_exist(api: Api, name: str) -> None:
    text, voice = (FOLDER / name).read_text(), extract(api.contract.document)
    fields = {path.rpartition("/")[2]: fields_sent(voice, operation) for _, path, operation in operations(voice)}

    named = re.findall(r"(?:cm_url}|IVR)/([\w-]+)\??([^`\s\"]*)", text)
    assert {"offer", "book", "callback", "decline"} <= {call for call, _ in named} <= set(fields)
    for call, query in named:
        unknown = set(re.findall(r"(\w+)=", query)) - fields[call]
        assert unknown == set(), (call, unknown)
    for line in re.findall(r"POST {cm_.*|curl .* -d .*", text):
        call = next(call for call in fields if f"/{call}" in line)
        sent = re.findall(r"[&`](\w+)=|-d (\w+)=", line.partition(f"/{call}")[2])
        unknown = {one or other for one, other in sent} - fields[call] - {"always200"}
        assert [field for field in unknown if not field.startswith("data_")] == [], line
    known = {row.path for rows in tables().values() for row in rows}
    assert [path for path in re.findall(r"\$\.\w+", text) if path not in known and "data_" not in path] == []


def fields_sent(voice: dict[str, Any], operation: dict[str, Any]) -> set[str]:
    """The names of what a call takes, in its query or its body."""
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    names = {parameter["name"] for parameter in operation.get("parameters", [])}
    return names | set(resolved(voice, schema).get("properties", {}))


def test_an_unknown_code_leads_to_the_queue() -> None:
    assert read_decisions().for_code("a_code_of_a_later_version").step == "queue"


@dataclass(frozen=True)
class Row:
    """Of a table in RESPONSES.md."""

    path: str
    kind: str
    longest: int | None


def tables() -> dict[str, list[Row]]:
    """The rows of RESPONSES.md by the path of their call; those of slot N nine times."""
    found: dict[str, list[Row]] = {}
    for section in (FOLDER / "RESPONSES.md").read_text().split("\n## ")[1:]:
        cells = [[cell.strip(" `") for cell in line.split("|")[1:-1]] for line in section.splitlines() if "`$." in line]
        found[section.split()[1]] = [
            Row(path.replace("slotN", f"slot{number}"), kind, int(longest) if longest else None)
            for _, path, kind, longest, *_ in cells
            for number in (range(1, 10) if "slotN" in path else [0])
        ]
    return found


def test_every_json_path_of_the_table_has_its_value_in_real_answers(api: Api) -> None:
    caller = {"skill": "Billing", "phone": phone(), "callId": "call-1"}
    personal = dialed(api, agentId="1042", firstName="Ada")
    flat = "/api/v1/ivr"
    answers = {
        f"{flat}/offer": [
            api.get(f"{flat}/offer", query_string={**caller, "max": "9", "language": "es"}),
            api.get(f"{flat}/offer", query_string={**caller, "always200": "true", "skill": "Nobody"}),
        ],
        f"{flat}/book": [
            api.post(f"{flat}/book", data={**caller, "slot": "2", "data_a": "1"}),
            api.post(f"{flat}/book?always200=true", data={**caller, "start": "tomorrow"}),
        ],
        f"{flat}/callback": [api.get(f"{flat}/callback", query_string={"account": f"{personal}-01"})],
        f"{flat}/decline": [api.post(f"{flat}/decline", data={"skill": "Billing"})],
        f"{flat}/agent-outcome": [
            api.post(f"{flat}/agent-outcome", data={"account": personal, "outcome": "agent_unavailable"}),
            api.post(f"{flat}/agent-outcome?always200=true", data={"account": personal, "outcome": "skill"}),
        ],
    }

    assert set(tables()) == set(answers)
    for call, rows in tables().items():
        for answer in answers[call]:
            assert answer.status_code < 300, answer.text
            fields = {name: value for name, value in answer.json.items() if not name.startswith("data_")}
            assert {f"$.{name}" for name in fields} == {row.path for row in rows}, call
            for row in rows:
                value = fields[row.path.removeprefix("$.")]
                assert isinstance(value, {"string": str, "integer": int}[row.kind]), (call, row, value)
                assert row.longest is None or len(str(value)) <= row.longest, (call, row, value)
