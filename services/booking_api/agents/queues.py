"""Which skill a call is of: the one that has the name of the dialog's queue, or that CM_GADGET_QUEUES names for it."""

from collections.abc import Sequence

from shared.callbacks.config_snapshot import ConfigSnapshot, Skill
from shared.text import name_key

Queues = Sequence[tuple[str, str]]  # pairs of a queue and a skill, as configured


def skill_of_queue(snapshot: ConfigSnapshot, queues: Queues, queue: str | None) -> Skill | None:
    """The skill, however the queue is spelt; None where none maps: the agent chooses then."""
    if not queue:
        return None
    named = {name_key(name): skill for name, skill in queues}.get(name_key(queue), queue)
    return snapshot.skill_named(named)


def queues_of_skill(queues: Queues, skill: Skill) -> list[str]:
    """The queues that map to a skill, its own name first."""
    return [skill.name, *(queue for queue, name in queues if name_key(name) == name_key(skill.name))]
