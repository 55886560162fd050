"""Groups that limit what their members see: to some skills, to whole phone numbers, to files to take away."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.admin_api.identity.directory.person import DirectoryScope, IsMember
from services.admin_api.identity.user_skills import UNCHANGED, Unchanged
from shared.config import BadSetting

_FORM = '{"<group>": ["Billing", "Support"], "<another group>": null}, where null means all skills'


@dataclass(frozen=True, slots=True)
class ScopeGroups:
    """None: the portal's administrators decide it. `skills` are pairs of a group and the names of its members' skills,
    None for all skills.
    """

    skills: tuple[tuple[str, frozenset[str] | None], ...] | None = None
    phones: tuple[str, ...] | None = None
    export: tuple[str, ...] | None = None

    def all(self) -> list[str]:
        """Every group."""
        return [*(group for group, _ in self.skills or ()), *(self.phones or ()), *(self.export or ())]

    def skill_names(self) -> frozenset[str]:
        """Every skill that is named."""
        return frozenset().union(*(names for _, names in self.skills or () if names))

    def decided(self) -> Iterator[str]:
        """What the directory decides of its users' accounts, by the API's names."""
        parts = {"skillIds": self.skills, "seesPhones": self.phones, "mayExport": self.export}
        return (name for name, groups in parts.items() if groups is not None)

    def scope_of(self, is_member: IsMember) -> DirectoryScope:
        """What a member sees: of several groups all that any of them gives."""
        return DirectoryScope(
            self._skills_of(is_member),
            None if self.phones is None else any(map(is_member, self.phones)),
            None if self.export is None else any(map(is_member, self.export)),
        )

    def _skills_of(self, is_member: IsMember) -> frozenset[str] | Unchanged | None:
        if self.skills is None:
            return UNCHANGED
        theirs = [names for group, names in self.skills if is_member(group)]
        known = [names for names in theirs if names is not None]
        return frozenset().union(*known) if len(known) == len(theirs) else None


NO_SCOPE_GROUPS = ScopeGroups()


def scope_groups(name: str, skills: str, phones: tuple[str, ...], export: tuple[str, ...]) -> ScopeGroups:
    """From the settings' values; `name` is that of the skills' setting. Raises BadSetting."""
    return ScopeGroups(_skill_groups(name, skills), phones or None, export or None)


def _skill_groups(name: str, value: str) -> tuple[tuple[str, frozenset[str] | None], ...] | None:
    if not value.strip():
        return None
    try:
        pairs = json.loads(value, object_pairs_hook=_Pairs)
    except ValueError as error:
        raise BadSetting(f"{name} is no JSON ({error}): it must be like {_FORM}") from error
    if not isinstance(pairs, _Pairs) or not pairs:
        raise BadSetting(f"{name} must be a JSON object like {_FORM}")
    groups = [group.strip() for group, _ in pairs]
    for group in groups:
        if not group or groups.count(group) > 1:
            raise BadSetting(f"{name} names the group {group!r} twice" if group else f"{name} has a group without name")
    return tuple((group, _names(name, group, names)) for group, (_, names) in zip(groups, pairs, strict=True))


def _names(name: str, group: str, names: Any) -> frozenset[str] | None:
    if names is None:
        return None
    if isinstance(names, _Pairs) or not isinstance(names, list) or not names:
        raise BadSetting(f"{name} gives {group!r} no list of skills: it must be like {_FORM}")
    if not all(isinstance(one, str) and one.strip() for one in names):
        raise BadSetting(f"{name} gives {group!r} a skill that is no name: it must be like {_FORM}")
    return frozenset(one.strip() for one in names)


class _Pairs(list[tuple[str, Any]]):
    """A JSON object with every key, also one that stands there twice."""
