"""What people may do: four roles, each with all that the one before it has (services/README.md, "Who may do what")."""

from enum import StrEnum


class Role(StrEnum):
    VIEWER = "viewer"  # reads
    OPERATOR = "operator"  # also cancels and moves callbacks, sets the brakes
    SUPERVISOR = "supervisor"  # also changes schedules, skills, campaigns, settings
    ADMINISTRATOR = "administrator"  # also manages users and API clients

    def includes(self, needed: "Role") -> bool:
        """Whether who has this role may do what `needed` may."""
        order = list(Role)
        return order.index(self) >= order.index(needed)
