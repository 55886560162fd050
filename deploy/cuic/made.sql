-- Callbacks made: each attempt that was dialled, how long after its own time, and how it ended.
SELECT
    m.claimed_at AS claimed_at,
    m.start_at AS start_at,
    m.due_at AS due_at,
    m.dialed_at AS dialed_at,
    m.campaign AS campaign,
    m.skill AS skill,
    m.account_number AS account_number,
    m.attempt AS attempt,
    m.phone AS phone,
    m.seconds_to_dial / 60 AS minutes_late,
    m.outcome AS outcome,
    m.call_result AS call_result,
    m.calls_made AS calls_made,
    m.finished_at AS finished_at,
    m.time_zone AS time_zone,
    m.customer_time_zone AS customer_time_zone
FROM report_made m
