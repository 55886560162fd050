-- Callback results, by half hour: how they ended.
SELECT
    r.interval_start AS interval_start,
    r.skill AS skill,
    r.campaign AS campaign,
    r.status AS status,
    r.outcome AS outcome,
    r.agent_outcome AS agent_outcome,
    r.time_zone AS time_zone,
    COUNT(*) AS callbacks,
    SUM(r.attempts) AS attempts
FROM report_results r
GROUP BY r.interval_start, r.skill, r.campaign, r.status, r.outcome, r.agent_outcome, r.time_zone
