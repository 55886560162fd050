from typing import Any

import pytest

from services.dialer_sync.ucce.campaigns import difference

FOUND: dict[str, Any] = {
    "name": "CM",
    "enabled": "true",
    "linesPerAgent": "1.5",
    "startTime": "09:00",
    "timeZone": "Central Standard Time",
    "retries": {"noAnswerDelay": "60", "busySignalDelay": "60"},
    "skillGroupInfos": [{"skillGroup": 5004, "dialedNumber": "088", "overflowAgents": "0"}],
}


@pytest.mark.parametrize(
    "desired",
    [
        {},
        {"enabled": True, "linesPerAgent": 1.50, "startTime": "09:00"},
        {"linesPerAgent": "1.50", "description": "", "endDate": None},
        {"retries": {"noAnswerDelay": 60}},
        {"skillGroupInfos": [{"skillGroup": 5004, "dialedNumber": "088"}]},
    ],
)
def test_what_means_the_same_is_no_difference(desired: dict[str, Any]) -> None:
    assert difference(desired, FOUND) == {}


def test_a_skill_group_that_stands_there_twice_is_a_difference() -> None:
    group = {"skillGroup": 5004, "dialedNumber": "088"}
    assert difference({"skillGroupInfos": [group]}, FOUND | {"skillGroupInfos": [group, group]})


@pytest.mark.parametrize(
    ("desired", "fields"),
    [
        ({"enabled": False}, {"enabled"}),
        ({"description": "x"}, {"description"}),
        ({"retries": {"noAnswerDelay": 30, "busySignalDelay": 60}}, {"retries/noAnswerDelay"}),
        ({"callProgressAnalysis": {"enabled": True}}, {"callProgressAnalysis/enabled"}),
        ({"skillGroupInfos": []}, {"skillGroupInfos"}),
        ({"skillGroupInfos": [{"skillGroup": 5004, "dialedNumber": "88"}]}, {"skillGroupInfos"}),
        ({"skillGroupInfos": [{"skillGroup": 5005, "dialedNumber": "088"}]}, {"skillGroupInfos"}),
    ],
)
def test_what_differs_is_named_by_field(desired: dict[str, Any], fields: set[str]) -> None:
    assert set(difference(desired, FOUND)) == fields
