"""Limiting a user to some skills."""

from collections.abc import Collection
from enum import Enum
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from services.admin_api.identity.scope import is_never_limited
from shared.db.key_lists import one_of
from shared.db.models import PortalUserSkill, Skill
from shared.errors import InvalidInput
from shared.text import name_key


class Unchanged(Enum):
    """In place of what is not to be changed."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED
SkillsChange = Collection[int] | Unchanged | None  # None: all skills


def check_skills(tx: Connection, skill_ids: SkillsChange, role: str, *, all_skills: bool) -> None:
    """Raises validation errors: for skills that do not exist, and for limits of an administrator, who could lift them.

    `all_skills`: whether the user sees all skills until now.
    """
    if skill_ids is None or (skill_ids is UNCHANGED and all_skills):
        return
    if is_never_limited(role):
        raise InvalidInput({"skillIds": ["An administrator sees all skills."]})
    if skill_ids is UNCHANGED:
        return
    existing = set(tx.execute(select(Skill.id).where(one_of(Skill.id, skill_ids))).scalars())
    unknown = {
        f"skillIds.{index}": ["There is no such skill."] for index, key in enumerate(skill_ids) if key not in existing
    }
    if unknown:
        raise InvalidInput(unknown)


def set_skills(tx: Connection, user_id: int, skill_ids: SkillsChange) -> None:
    """Write the skills that a user is limited to; the user's row says whether there is a limit."""
    if skill_ids is UNCHANGED:
        return
    tx.execute(delete(PortalUserSkill).where(PortalUserSkill.user_id == user_id))
    if skill_ids:
        rows = [{"user_id": user_id, "skill_id": skill} for skill in sorted(set(skill_ids))]
        tx.execute(insert(PortalUserSkill), rows)


def skills_named(connection: Connection, names: Collection[str]) -> dict[str, int]:
    """The ids of skills by these names, however they are spelt; without the names that no skill has."""
    if not names:
        return {}
    ids = {row.name_key: row.id for row in connection.execute(select(Skill.name_key, Skill.id))}
    return {name: ids[name_key(name)] for name in names if name_key(name) in ids}
