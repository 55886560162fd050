-- Scheduled callbacks, real time: what is open now, the next first.
SELECT
    r.account_number AS account_number,
    r.status AS status,
    r.skill AS skill,
    r.campaign AS campaign,
    r.phone AS phone,
    r.start_at AS start_at,
    r.due_at AS due_at,
    DATEDIFF(minute, SYSUTCDATETIME(), r.due_at) AS minutes_to_go,
    r.attempts AS attempts,
    r.source AS source,
    r.created_at AS created_at,
    r.time_zone AS time_zone,
    r.customer_time_zone AS customer_time_zone
FROM report_realtime r
