"""The tables. Constraints are named by a convention, so that migrations and errors have predictable names."""

from shared.db.models.base import Base
from shared.db.models.callbacks import (
    Attempt,
    Callback,
    CallbackEvent,
    CallbackRequest,
    DoNotCall,
    ErasedDoNotCall,
    Erasure,
    Slot,
)
from shared.db.models.configuration import (
    ApiClient,
    Campaign,
    CampaignSkill,
    ConfigVersion,
    DailySchedule,
    Pool,
    Setting,
    Skill,
    SkillSchedule,
    WeeklySchedule,
)
from shared.db.models.jobs import Job, JobLine, JobPart
from shared.db.models.nodes import Mastership, MastershipTerm, WorkerNode
from shared.db.models.people import (
    AuditLog,
    AuditSeal,
    LoginLimit,
    PortalDevice,
    PortalSession,
    PortalUser,
    PortalUserSkill,
    RecoveryCode,
)

__all__ = [
    "ApiClient",
    "Attempt",
    "AuditLog",
    "AuditSeal",
    "Base",
    "Callback",
    "CallbackEvent",
    "CallbackRequest",
    "Campaign",
    "CampaignSkill",
    "ConfigVersion",
    "DailySchedule",
    "DoNotCall",
    "ErasedDoNotCall",
    "Erasure",
    "Job",
    "JobLine",
    "JobPart",
    "LoginLimit",
    "Mastership",
    "MastershipTerm",
    "Pool",
    "PortalDevice",
    "PortalSession",
    "PortalUser",
    "PortalUserSkill",
    "RecoveryCode",
    "Setting",
    "Skill",
    "SkillSchedule",
    "Slot",
    "WeeklySchedule",
    "WorkerNode",
]
