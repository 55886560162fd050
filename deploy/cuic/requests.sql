-- Callback requests, by half hour: how many, whether slots could be offered, and how they ended.
SELECT
    q.interval_start AS interval_start,
    q.skill AS skill,
    q.campaign AS campaign,
    q.source AS source,
    q.time_zone AS time_zone,
    q.category AS category,
    q.outcome AS outcome,
    COUNT(*) AS requests,
    SUM(q.offered) AS offered
FROM report_requests q
GROUP BY q.interval_start, q.skill, q.campaign, q.source, q.time_zone, q.category, q.outcome
