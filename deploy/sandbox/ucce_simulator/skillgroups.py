"""Skill groups, as far as a campaign needs them for its references: a list and one, read only."""

from deploy.sandbox.ucce_simulator import errors, paging, search, xmlbody
from deploy.sandbox.ucce_simulator.application import Ucce
from deploy.sandbox.ucce_simulator.wire import BASE_PATH, Answer, Request


def list_all(ucce: Ucce, request: Request) -> Answer:
    conditions = search.terms(request.query.get("q", ""), ("name",))
    rows = ucce.store.rows("SELECT id, name FROM skill_group ORDER BY name COLLATE NOCASE, id")
    matching = [row for row in rows if search.matches({"name": row["name"]}, conditions)]
    page = paging.page_of(request, len(matching))
    shown = matching[page.start : page.start + page.size]
    items: list[xmlbody.Node] = [("skillGroup", _nodes(row["id"], row["name"])) for row in shown]
    return paging.answer(ucce, request, page, "skillGroups", items)


def get(ucce: Ucce, request: Request) -> Answer:
    row = ucce.store.row("SELECT id, name FROM skill_group WHERE id = ?", (request.id("group"),))
    if row is None:
        raise errors.not_found("There is no such skill group")
    return Answer(body=xmlbody.render("skillGroup", _nodes(row["id"], row["name"])))


def _nodes(number: int, name: str) -> list[xmlbody.Node]:
    return [("refURL", f"{BASE_PATH}/skillgroup/{number}"), ("changeStamp", 0), ("name", name)]
