-- Callbacks scheduled, by slot: how full each was, those that nobody booked included.
SELECT
    s.interval_start AS interval_start,
    s.skill AS skill,
    s.campaign AS campaign,
    s.time_zone AS time_zone,
    SUM(s.callbacks) AS callbacks,
    SUM(s.cancelled) AS cancelled,
    MAX(s.capacity) AS capacity,
    MAX(s.booked) AS booked,
    MAX(s.capacity) - MAX(s.booked) AS free
FROM report_scheduled s
GROUP BY s.interval_start, s.skill, s.campaign, s.time_zone
