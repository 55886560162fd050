"""The SQL of the report views for both engines. Instants are UTC; `time_zone` is the pool's, for those who show them.

Each view gives single rows, with an instant that is a plain column (`start_at`, `claimed_at`, `requested_at`): a
condition on it seeks in an index on both engines, which one on a grouped or computed column does not. Readers group.
"""

from collections.abc import Mapping

from shared.reports.one_request import IS_A_REQUEST, offered_before, superseded

_HALF_HOUR = {
    "mssql": "CAST(DATEADD(minute, DATEDIFF(minute, 0, {0}) / 30 * 30, 0) AS DATETIME2(0))",
    "sqlite": "strftime('%Y-%m-%d %H', {0}) || CASE WHEN strftime('%M', {0}) < '30' THEN ':00:00' ELSE ':30:00' END",
}
_SECONDS = {
    "mssql": "DATEDIFF(second, {0}, {1})",
    "sqlite": "CAST(ROUND((julianday({1}) - julianday({0})) * 86400) AS INTEGER)",
}

REALTIME = """
SELECT c.account_number, c.status, s.name AS skill, k.name AS campaign, c.phone, c.first_name, c.last_name, c.agent_id,
       c.slot_start, c.start_at, c.due_at, c.attempts, c.source, c.created_at, p.time_zone,
       COALESCE(c.customer_time_zone, p.time_zone) AS customer_time_zone
FROM callback c JOIN skill s ON s.id = c.skill_id JOIN campaign k ON k.id = c.campaign_id
JOIN pool p ON p.id = c.pool_id
WHERE c.status IN ('scheduled', 'importing', 'imported')
"""

# A row for each callback of a slot, and one for a slot without any: its campaign is the pool's, or the skill's default.
SCHEDULED = """
SELECT c.account_number, t.start_at, t.start_at AS interval_start, s.name AS skill,
       COALESCE(k.name, own.name, standard.name, '-') AS campaign, c.status, c.source, c.created_at, t.pool_id,
       t.capacity, t.booked, p.time_zone,
       CASE WHEN c.status <> 'cancelled' THEN 1 ELSE 0 END AS callbacks,
       CASE WHEN c.status = 'scheduled' THEN 1 ELSE 0 END AS scheduled,
       CASE WHEN c.status IN ('importing', 'imported') THEN 1 ELSE 0 END AS in_progress,
       CASE WHEN c.status = 'completed' THEN 1 ELSE 0 END AS completed,
       CASE WHEN c.status = 'failed' THEN 1 ELSE 0 END AS failed,
       CASE WHEN c.status = 'expired' THEN 1 ELSE 0 END AS expired,
       CASE WHEN c.status = 'cancelled' THEN 1 ELSE 0 END AS cancelled
FROM slot t JOIN pool p ON p.id = t.pool_id JOIN skill s ON s.id = p.skill_id
LEFT JOIN callback c ON c.pool_id = t.pool_id AND c.slot_start = t.start_at LEFT JOIN campaign k ON k.id = c.campaign_id
LEFT JOIN campaign own ON own.id = p.campaign_id LEFT JOIN campaign standard ON standard.id = s.default_campaign_id
WHERE t.capacity > 0 OR c.account_number IS NOT NULL
"""

# What was dialled. A retry has a time of its own, `due_at`; an attempt that was only found in UCCE's list has none.
MADE = """
SELECT a.contact_key, a.account_number, a.number AS attempt, s.name AS skill, k.name AS campaign, c.phone, c.start_at,
       a.due_at, a.claimed_at, a.imported_at, {to_hand_over} AS seconds_to_hand_over, a.dialed_at,
       {to_dial} AS seconds_to_dial, a.finished_at, a.outcome, a.call_result, a.calls_made, a.message, a.node,
       p.time_zone, COALESCE(c.customer_time_zone, p.time_zone) AS customer_time_zone
FROM attempt a JOIN callback c ON c.account_number = a.account_number JOIN skill s ON s.id = c.skill_id
JOIN campaign k ON k.id = a.campaign_id JOIN pool p ON p.id = c.pool_id
WHERE a.dialed_at IS NOT NULL
"""

RESULTS = """
SELECT c.account_number, c.start_at, c.slot_start AS interval_start, s.name AS skill, k.name AS campaign, c.status,
       COALESCE(c.outcome, '-') AS outcome,
       CASE WHEN c.agent_id IS NULL THEN '-' ELSE COALESCE(c.agent_outcome, 'not_reported') END AS agent_outcome,
       c.reason, 1 AS callbacks, c.attempts, c.changed_at AS ended_at, p.time_zone
FROM callback c JOIN skill s ON s.id = c.skill_id JOIN campaign k ON k.id = c.campaign_id
JOIN pool p ON p.id = c.pool_id
WHERE c.status IN ('completed', 'failed', 'cancelled', 'expired')
"""

# The zone is that of the pool from which such a booking would draw; NULL where the names are none of ours.
REQUESTS = """
SELECT r.at AS requested_at, {interval} AS interval_start, r.skill, r.campaign, r.source, r.outcome,
       CASE WHEN r.outcome IN ('scheduled', 'no_slots') THEN r.outcome
            WHEN r.outcome IN ('asked', 'declined', 'abandoned') THEN 'not_completed'
            ELSE 'refused' END AS category,
       CASE WHEN r.outcome IN ('scheduled', 'declined', 'abandoned') OR r.slots_offered > 0 OR {offered_before}
            THEN 1 ELSE 0 END AS offered,
       1 AS requests, r.call_id, r.account_number, COALESCE(own.time_zone, p.time_zone) AS time_zone
FROM callback_request r LEFT JOIN skill s ON s.name = r.skill LEFT JOIN campaign k ON k.name = r.campaign
LEFT JOIN pool own ON own.skill_id = s.id AND own.campaign_id = COALESCE(k.id, s.default_campaign_id)
LEFT JOIN pool p ON p.skill_id = s.id AND p.campaign_id IS NULL
WHERE {is_a_request} AND (r.call_id IS NULL OR NOT {superseded})
"""


def view_sql(dialect: str) -> Mapping[str, str]:
    """The SELECT of each view by its name; `dialect` is `mssql` or `sqlite`."""
    half_hour, seconds = _HALF_HOUR[dialect], _SECONDS[dialect]
    return {
        "report_realtime": REALTIME,
        "report_scheduled": SCHEDULED,
        "report_made": MADE.format(
            to_hand_over=seconds.format("a.due_at", "a.imported_at"),
            to_dial=seconds.format("a.due_at", "a.dialed_at"),
        ),
        "report_results": RESULTS,
        "report_requests": REQUESTS.format(
            interval=half_hour.format("r.at"),
            is_a_request=IS_A_REQUEST.format(r="r"),
            superseded=superseded(dialect, "r"),
            offered_before=offered_before(dialect, "r"),
        ),
    }
