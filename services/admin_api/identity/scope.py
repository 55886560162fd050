"""What a person sees: the skills they are limited to, whole phone numbers or masked ones, files to take away.

This is decided here and nowhere else. Every operation says how it obeys (`Scoped`, beside its role), and one that says
nothing is closed to people who are limited to some skills. What belongs to a skill is decided in `scoped_rows`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from services.admin_api.identity.roles import Role
from shared.callbacks.personal_data import REMOVED
from shared.db.key_lists import one_of
from shared.db.models import PortalUserSkill
from shared.errors import Code, DomainError
from shared.phone import masked, masked_in


class Scoped(StrEnum):
    """How an operation obeys the skills that a person is limited to."""

    SKILLS = "skills"  # it shows and changes what belongs to them, as if there were nothing else
    COMMON = "common"  # it is about nothing that belongs to a skill
    WHOLE = "whole"  # it is about the whole system, and closed to who is limited


@dataclass(frozen=True, slots=True)
class Scope:
    """`skill_ids` None: all skills."""

    skill_ids: frozenset[int] | None = None
    sees_phones: bool = True
    may_export: bool = True

    @property
    def is_limited(self) -> bool:
        """Whether there may be skills that the person does not see."""
        return self.skill_ids is not None

    def includes(self, skill_ids: Iterable[int]) -> bool:
        """Whether all of these skills are the person's."""
        return self.skill_ids is None or self.skill_ids.issuperset(skill_ids)

    def of_skill(self, column: Any) -> list[ColumnElement[bool]]:
        """The condition on a column with a skill's id; none for who sees all."""
        return [] if self.skill_ids is None else [one_of(column, sorted(self.skill_ids))]

    def phone(self, phone: str | None) -> str | None:
        """A phone number as the person sees it."""
        return phone if self.sees_phones or phone in (None, "", REMOVED) else masked(phone)

    def text(self, text: str | None) -> str | None:
        """A text in which somebody may have written a number, as the person sees it."""
        return text if self.sees_phones or not text else masked_in(text)

    def require_phones(self, what: str) -> None:
        """Raises `forbidden` for who sees masked numbers only."""
        if not self.sees_phones:
            raise DomainError(Code.FORBIDDEN, f"{what} needs the right to see whole phone numbers.")

    def require_export(self) -> None:
        """Raises `forbidden` for who may take no files away."""
        if not self.may_export:
            raise DomainError(Code.FORBIDDEN, "This needs the right to export.")

    def require_all_skills(self, what: str) -> None:
        """Raises `forbidden` for who is limited to some skills."""
        if self.is_limited:
            raise DomainError(Code.FORBIDDEN, f"{what} concerns skills that are not yours.")


EVERYTHING = Scope()


def read_scope(connection: Connection, user: Any) -> Scope:
    """The scope of a row with a user's columns and its `user_id`."""
    skills = None if sees_all_skills(user) else skills_of(connection, user.user_id)
    return Scope(skills, user.sees_phones, user.may_export)


def sees_all_skills(user: Any) -> bool:
    """Whether a user is not limited; an administrator, who could lift every limit, never is."""
    return bool(user.all_skills or is_never_limited(user.role))


def is_never_limited(role: str) -> bool:
    """Whether people of this role see all skills, whatever else is said of them."""
    return role == Role.ADMINISTRATOR


def skills_of(connection: Connection, user_id: int) -> frozenset[int]:
    """The skills that a user without `all_skills` sees."""
    statement = select(PortalUserSkill.skill_id).where(PortalUserSkill.user_id == user_id)
    return frozenset(connection.execute(statement).scalars())
