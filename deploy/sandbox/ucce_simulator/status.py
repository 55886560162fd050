"""Campaign Status API (ucce/REFERENCE.md 1.4): counters of today, from the calls made.

Assumption: the path …/campaign/<id>/status, which the stored reference does not print.
"""

from zoneinfo import ZoneInfo

from deploy.sandbox.ucce_simulator import campaigns, xmlbody
from deploy.sandbox.ucce_simulator.application import Ucce
from deploy.sandbox.ucce_simulator.outcomes import COUNTERS, OUTCOMES
from deploy.sandbox.ucce_simulator.wire import Answer, Request


def get(ucce: Ucce, request: Request) -> Answer:
    now = ucce.clock.now().astimezone(ZoneInfo(ucce.options.time_zone))  # Assumption: local time of the Logger
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    with ucce.store.transaction() as connection:
        campaign = campaigns.find(connection, request.id("campaign"))
        today = connection.execute(
            "SELECT result, count(*) AS calls, sum(counted) AS attempts, sum(talk) AS talk, sum(wrapup) AS wrapup"
            " FROM call WHERE campaign_id = ? AND at >= ? GROUP BY result",
            (campaign["id"], midnight),
        ).fetchall()
        available = connection.execute(
            "SELECT count(*) FROM contact WHERE campaign_id = ? AND status IN ('P', 'R', 'B')", (campaign["id"],)
        ).fetchone()[0]
        closed = connection.execute(
            "SELECT count(*) FROM contact WHERE campaign_id = ? AND status IN ('C', 'M', 'J', 'F') AND result <> 10",
            (campaign["id"],),
        ).fetchone()[0]
        voices = connection.execute(
            "SELECT count(*) FROM call WHERE campaign_id = ? AND at >= ? AND result = 10",
            (campaign["id"], campaign["overwritten"]),
        ).fetchone()[0]
    counters: dict[str, int | str] = dict.fromkeys(COUNTERS, 0)
    for row in today:
        if counter := OUTCOMES[row["result"]].counter:
            counters[counter] = int(counters[counter]) + row["calls"]
    counters |= {
        "attemptedCount": sum(row["attempts"] for row in today),
        "closedCount": closed,
        "dateTime": now.strftime("%Y-%m-%dT%H:%M:%S"),
        "personalCallbackCount": 0,
        "talkTimeCount": sum(row["talk"] for row in today),
        "totalCount": available,
        "totalVoiceCount": voices,
        "wrapupTimeCount": sum(row["wrapup"] for row in today),
    }
    return Answer(body=xmlbody.render("runtimeStatus", sorted(counters.items())))
