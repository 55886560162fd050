"""`python -m deploy.sandbox.seed KEYS_FILE`: fill an empty database with a demo, and make its API keys.

Keys and the administrator's password are made once and kept in KEYS_FILE (mode 0600, JSON: scope → key); the database
holds only their hashes. Running it again changes nothing but to let those of the file in. With CM_DEMO_HISTORY=true an
empty database also gets two weeks of past and some future. For `make run` only: never run it on a production database.
"""

import argparse
import json
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from environs import Env
from sqlalchemy import Connection, func, insert, select, update

from deploy.sandbox.demo_history import write_history
from deploy.sandbox.demo_people import ADMIN, add_others, let_admin_in
from shared.callbacks.config_cache import bump_version
from shared.clock import utcnow
from shared.config import common_settings, load
from shared.db import models
from shared.db.session import Database
from shared.scopes import SCOPES
from shared.web.auth import key_hash

DEMO_SKILL = "Billing"
OWN_PLACES = ("Retention",)  # skills whose pool belongs to the campaign, not to the skill alone
ZONE = "America/Chicago"

# As the customer's design has it: UCCE transfers an answered call to the route point of an IVR, whose script fetches
# the callback by the account number and queues the call.
IVR_PARAMETERS = {"campaignPurposeType": "ivrCampaign", "amdTreatmentMode": "transferToIVRRoutePoint"}
IVR_SKILLS = (DEMO_SKILL,)  # the others' calls go to a reserved agent
IVR_ROUTE_POINT = "990100"
IVR = {"ivr_route_point": IVR_ROUTE_POINT, "ivr_ports": 100, "abandoned_route_point": "990199"}

# skill, UCCE skill group, campaign, dialed number of the reservation script
SKILLS = (
    ("Billing", 5000, "Billing_Callback", "8800101"),
    ("Sales", 5001, "Sales_Callback", "8800102"),
    ("Support", 5002, "Support_Callback", "8800103"),
)
# Only with history: more to look at.
MORE_SKILLS = (
    ("Collections", 5003, "Collections_Callback", "8800104"),
    ("Retention", 5004, "Retention_Callback", "8800105"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")

# Round the clock: from 3 at three in the morning to 20 by day, so that a demo at nearly any time has room.
ROUND_THE_CLOCK = [12] * 5 + [8] + [3] * 2 + [8] + [12] * 5 + [20] * 34
AT_ANY_HOUR = {"calling_hours_start": "00:00", "calling_hours_end": "24:00"}
EVENINGS = [0] * 24 + [4] * 8 + [8] * 8 + [0] * 8
OFFICE_HOURS = [0] * 18 + [6] * 8 + [4] * 2 + [6] * 8 + [0] * 12

# Progressive with one line per agent: a promised callback is never dialled predictively (ucce/REFERENCE.md 8, row 7).
PARAMETERS = {
    "dialingMode": "PROGRESSIVEONLY",
    "linesPerAgent": 1,
    "maxAttempts": 1,
    "noAnswerRingLimit": 5,
    "minimumCallDuration": 1,
    "startTime": "00:00",
    "endTime": "23:59",
    "timeZone": "UTC",
    "ipAmdEnabled": True,
    "amdTreatmentMode": "transferToAgent",
}


def seed(database: Database, keys: dict[str, str], now: datetime, *, history: bool = False) -> bool:
    """Fill a database that has no skill yet and let `keys` in; True when it was empty."""
    with database.writing() as tx:
        empty = tx.execute(select(func.count()).select_from(models.Skill)).scalar_one() == 0
        if empty:
            _configuration(tx, SKILLS, now)
        for scope in SCOPES:
            _client(tx, scope, keys[scope], now)
        let_admin_in(tx, keys[ADMIN], now)
        if empty and history:
            _configuration(tx, MORE_SKILLS, now)
            add_others(tx, keys[ADMIN], now)
            write_history(tx, now)
        bump_version(tx)
        tx.commit()
    return empty


def read_or_make_keys(path: Path) -> dict[str, str]:
    """The keys of the file; those that are missing are made and written first."""
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    made = {scope: f"cm_{scope}_{secrets.token_urlsafe(24)}" for scope in SCOPES} | {ADMIN: secrets.token_urlsafe(12)}
    keys = made | known
    if keys == known:
        return keys
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(keys, file)
    return keys


def _insert(tx: Connection, model: Any, values: Mapping[str, Any]) -> int:
    """The id of the new row."""
    key: Any = tx.execute(insert(model).values(**values)).inserted_primary_key
    return int(key[0])


def _configuration(tx: Connection, skills: Sequence[tuple[str, int, str, str]], now: datetime) -> None:
    stamp = {"version": 1, "changed_at": now, "changed_by": "seed"}

    def add(model: Any, **values: Any) -> int:
        return _insert(tx, model, {**values, **stamp})

    weeks = _weeks(add, {name for name, *_ in skills})
    for skill_name, group, campaign_name, dialed_number in skills:
        to_ivr = skill_name in IVR_SKILLS
        parameters = PARAMETERS | (IVR_PARAMETERS if to_ivr else {})
        campaign = add(models.Campaign, name=campaign_name, description="Scheduled callbacks", enabled=True,
                       parameters=parameters, dial_prefix="9", dial_form="national", dial_region="US",
                       dial_international_prefix="011", max_attempts=2 if skill_name == "Sales" else 1,
                       retry_delays={"busy": 5, "no_answer": 15}, hands_over=True, sync_state="pending",
                       **(AT_ANY_HOUR if skills is SKILLS else {}))  # fmt: skip
        skill = add(models.Skill, name=skill_name, description=f"{skill_name} agents", ucce_skill_group_id=group,
                    default_campaign_id=campaign, accepts_bookings=True)  # fmt: skip
        reached_by = IVR if to_ivr else {"dialed_number": dialed_number}
        tx.execute(insert(models.CampaignSkill).values(campaign_id=campaign, skill_id=skill, overflow_agents=0,
                                                       records_to_cache=1, **reached_by))  # fmt: skip
        if skill_name in weeks:
            week, zone = weeks[skill_name]
            own = {"campaign_id": campaign} if skill_name in OWN_PLACES else {}
            pool = _insert(tx, models.Pool, {"skill_id": skill, "time_zone": zone, **own})
            add(models.SkillSchedule, pool_id=pool, weekly_schedule_id=week, starts_on=date(2026, 1, 1))
    if skills is SKILLS:
        tx.execute(insert(models.Setting).values(name="minimum_notice_minutes", value=0, **stamp))


def _weeks(add: Callable[..., int], skills: set[str]) -> dict[str, tuple[int, str]]:
    """The weekly schedule and the time zone of each of the skills that has one."""
    if "Billing" in skills:
        day_and_night = add(models.DailySchedule, name="Round the clock", capacities=ROUND_THE_CLOCK)
        office = add(models.DailySchedule, name="Office hours", capacities=OFFICE_HOURS)
        every_day = {f"{day}_id": day_and_night for day in (*WEEKDAYS, "saturday", "sunday")}
        weekdays = {f"{day}_id": office for day in WEEKDAYS}
        return {
            "Billing": (add(models.WeeklySchedule, name="Every day, round the clock", **every_day), ZONE),
            "Sales": (add(models.WeeklySchedule, name="Weekdays, office hours", **weekdays), ZONE),
        }
    evenings = add(models.DailySchedule, name="Evenings", capacities=EVENINGS)
    late = {f"{day}_id": evenings for day in (*WEEKDAYS, "saturday")}
    week = add(models.WeeklySchedule, name="Evenings but Sunday", **late)
    return {"Collections": (week, "America/New_York"), "Retention": (week, "America/Denver")}


def _client(tx: Connection, scope: str, key: str, now: datetime) -> None:
    name = f"demo-{scope}"
    values = {"key_hash": key_hash(key), "key_hint": key[-4:], "scopes": [scope], "enabled": True,
              "changed_at": now, "changed_by": "seed"}  # fmt: skip
    known = tx.execute(update(models.ApiClient).where(models.ApiClient.name == name).values(**values)).rowcount
    if not known:
        tx.execute(insert(models.ApiClient).values(name=name, version=1, **values))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.sandbox.seed", description=__doc__)
    parser.add_argument("keys_file", type=Path, help="where the demo's API keys are kept")
    keys = read_or_make_keys(parser.parse_args().keys_file)
    database = Database(load(common_settings).database_url, timeout=10)
    empty = seed(database, keys, utcnow(), history=Env().bool("CM_DEMO_HISTORY", False))
    database.close()
    print("seeded a demo" if empty else "data is there already: kept as it is")


if __name__ == "__main__":
    main()
