"""The dependencies of the admin API: those of both web services, and the directories."""

from dataclasses import dataclass
from typing import cast

from services.admin_api.identity.directory.directories import Directories
from shared.web.dependencies import Dependencies, dependencies


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminDependencies(Dependencies):
    directories: Directories


def directories() -> Directories:
    """Those of the app that serves this request."""
    return cast(AdminDependencies, dependencies()).directories
