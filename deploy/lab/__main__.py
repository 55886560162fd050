"""`make lab` (`python -m deploy.lab`): ask a UCCE what Cisco's public material leaves open."""

import argparse
import json
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import requests
from environs import Env, EnvError

from deploy.lab.campaign import MAX_LAG_SECONDS, Campaign
from deploy.lab.questions import NOT_ASKED, QUESTIONS, UNDER_LOAD, Ask, Fact, ask_all
from deploy.lab.wire import Wire
from shared.config import BadSetting, secret

HELP = """\
Makes a campaign CM_LAB_… that is switched off (nothing is dialled), asks each question by calls to UCCE, prints facts
and the settings that follow from them, writes the evidence as JSON (phone numbers and credentials are not in it), and
removes the campaign and its contacts, also after Ctrl-C. CM_UCCE_URL, CM_UCCE_USER, CM_UCCE_PASSWORD (or
CM_UCCE_PASSWORD_FILE) and CM_UCCE_CA_FILE say where and as whom. The skill group must belong to no other campaign.

exit status: 0 all was asked, 1 not all or something was left behind, 2 wrong arguments or settings
"""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.lab", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--skill-group", type=int, required=True, help="id of a skill group that no campaign has")
    parser.add_argument("--dialed-number", default="8800199", help="of the reservation script (default 8800199)")
    parser.add_argument("--load", action="store_true", help="also send 40 imports at once, to see the queue's limit")
    parser.add_argument(
        "--longest-lag",
        type=float,
        default=MAX_LAG_SECONDS,
        help="seconds in which a contact must be listed (default 180)",
    )
    parser.add_argument("--json", type=Path, help="file for the report (default var/lab-<time>.json)")
    chosen = parser.parse_args(arguments)
    try:
        wire = _wire(Env())
    except (EnvError, BadSetting) as error:
        parser.error(str(error))
    for end in (signal.SIGINT, signal.SIGTERM):  # a shell starts what it puts in the background with SIGINT ignored
        signal.signal(end, signal.default_int_handler)
    lab = Campaign(wire, chosen.skill_group, chosen.dialed_number, chosen.longest_lag)
    questions = QUESTIONS | (UNDER_LOAD if chosen.load else {})
    facts, whole = _asked(lab, questions)
    left = _cleaned_up(lab)
    path = chosen.json or Path(os.environ.get("CM_VAR_DIR", "var")) / f"lab-{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    _report(wire, facts, left, path)
    return 0 if whole and not left else 1


def _wire(env: Env) -> Wire:
    ca_file = env.str("CM_UCCE_CA_FILE", "") or None
    return Wire(env.str("CM_UCCE_URL"), env.str("CM_UCCE_USER"), secret(env, "CM_UCCE_PASSWORD"), ca_file)


def _asked(lab: Campaign, questions: dict[str, Ask]) -> tuple[list[Fact], bool]:
    facts: list[Fact] = []
    try:
        for fact in ask_all(lab, questions):
            facts.append(fact)
            print(f"[{len(facts)}/{len(questions)}] {fact.question}: {fact.answer}", flush=True)
    except KeyboardInterrupt:
        print("broken off; cleaning up …", flush=True)
    except requests.RequestException as error:
        print(f"UCCE cannot be reached: {type(error).__name__}", flush=True)
    return facts, len(facts) == len(questions)


def _cleaned_up(lab: Campaign) -> list[str]:
    try:
        left = lab.remove_all()
    except requests.RequestException:
        left = [f"{lab.name}… (UCCE cannot be reached)"]
    for name in left:
        print(f"LEFT BEHIND, remove it by hand: {name}", flush=True)
    return left


def _report(wire: Wire, facts: list[Fact], left: list[str], path: Path) -> None:
    settings = {name: value for fact in facts for name, value in fact.settings.items()}
    print(f"not asked: {NOT_ASKED}")
    if settings:
        print("\nsettings for dialer_sync.env:\n" + "\n".join(f"{name}={value}" for name, value in settings.items()))
    report = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "url": wire.url, "settings": settings,
            "leftBehind": left, "facts": [fact.to_dict() for fact in facts]}  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"\nevidence: {path}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
