"""A campaign and contacts as the worker would hand them to UCCE."""

from typing import Any

from services.dialer_sync.ucce.contacts import Contact

DESIRED: dict[str, Any] = {
    "name": "CM_Callback_Sales",
    "description": "Scheduled callbacks & more",
    "enabled": True,
    "dialingMode": "PROGRESSIVEONLY",
    "linesPerAgent": 1,
    "maxAttempts": 1,
    "timeZone": "Central Standard Time",
    "retries": {"noAnswerDelay": 30},
    "skillGroupInfos": [{"skillGroup": 5004, "dialedNumber": "8800101", "overflowAgents": 0, "recordsToCache": 1}],
}


def key(number: int) -> str:
    return f"01JZ8Q4T7M2V9K3C5D6E{number:06}-01"


def batch(*numbers: int) -> list[Contact]:
    return [Contact(key(number), f"9312555{number:04}", "Ivan", "Petrov", 360) for number in numbers]
