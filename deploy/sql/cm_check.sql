-- What a DBA looks at first: one line for each thing, `ok` or what to do. As a sysadmin, through the listener:
--   sqlcmd -S cm-ag,1433 -E -b -I -W -s "|" -v DatabaseName=CampaignManager -i cm_check.sql
-- Services' own view of the same: make doctor on their nodes.
SET NOCOUNT ON;
GO
SELECT 'server' AS what, CAST(SERVERPROPERTY('ServerName') AS nvarchar(128)) + N', ' + CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(64))
       + N', ' + CAST(SERVERPROPERTY('Edition') AS nvarchar(64)) AS found,
       CASE WHEN CAST(SERVERPROPERTY('ProductMajorVersion') AS int) IN (15, 16) THEN 'ok'
            ELSE 'supported are SQL Server 2019 (15) and 2022 (16)' END AS verdict
UNION ALL
SELECT 'read committed snapshot', CAST(is_read_committed_snapshot_on AS nvarchar(8)),
       CASE is_read_committed_snapshot_on WHEN 1 THEN 'ok' ELSE 'run 10_database.sql' END
FROM sys.databases WHERE name = N'$(DatabaseName)'
UNION ALL
SELECT 'recovery model', recovery_model_desc, CASE recovery_model_desc WHEN N'FULL' THEN 'ok' ELSE 'run 10_database.sql' END
FROM sys.databases WHERE name = N'$(DatabaseName)'
UNION ALL
SELECT 'state', state_desc, CASE state_desc WHEN N'ONLINE' THEN 'ok' ELSE 'see the error log' END
FROM sys.databases WHERE name = N'$(DatabaseName)'
UNION ALL
SELECT 'log can be reused', log_reuse_wait_desc,
       CASE WHEN log_reuse_wait_desc IN (N'NOTHING', N'CHECKPOINT', N'ACTIVE_TRANSACTION') THEN 'ok'
            WHEN log_reuse_wait_desc = N'LOG_BACKUP' THEN 'ok until the next log backup; if it stays so, see the job CM log backup'
            WHEN log_reuse_wait_desc = N'AVAILABILITY_REPLICA' THEN 'the secondary is behind: see the replicas below'
            ELSE 'look it up' END
FROM sys.databases WHERE name = N'$(DatabaseName)'
UNION ALL
SELECT 'last full backup', CONVERT(nvarchar(30), MAX(backup_finish_date), 120),
       CASE WHEN MAX(backup_finish_date) > DATEADD(hour, -26, GETDATE()) THEN 'ok'
            ELSE 'none for a day on this server; after a failover it may lie in the other server''s msdb' END
FROM msdb.dbo.backupset WHERE database_name = N'$(DatabaseName)' AND type = 'D'
UNION ALL
SELECT 'last log backup', CONVERT(nvarchar(30), MAX(backup_finish_date), 120),
       CASE WHEN MAX(backup_finish_date) > DATEADD(minute, -35, GETDATE()) THEN 'ok'
            ELSE 'none for half an hour on this server; after a failover it may lie in the other server''s msdb' END
FROM msdb.dbo.backupset WHERE database_name = N'$(DatabaseName)' AND type = 'L'
UNION ALL
SELECT 'agent jobs', CAST(COUNT(*) AS nvarchar(8)), CASE COUNT(*) WHEN 5 THEN 'ok' ELSE 'run 40_jobs.sql on this server' END
FROM msdb.dbo.sysjobs WHERE name LIKE N'CM %' AND enabled = 1
UNION ALL
SELECT 'agent alerts', CAST(COUNT(*) AS nvarchar(8)), CASE COUNT(*) WHEN 4 THEN 'ok' ELSE 'run 40_jobs.sql on this server' END
FROM msdb.dbo.sysalerts WHERE name LIKE N'CM %' AND enabled = 1
UNION ALL
SELECT 'query store', CAST(is_query_store_on AS nvarchar(8)), CASE is_query_store_on WHEN 1 THEN 'ok' ELSE 'run 10_database.sql' END
FROM sys.databases WHERE name = N'$(DatabaseName)'
UNION ALL
SELECT 'collation', collation_name,
       CASE collation_name WHEN N'Latin1_General_100_CI_AS_SC' THEN 'ok' ELSE 'another than 10_database.sql makes it with' END
FROM sys.databases WHERE name = N'$(DatabaseName)';
GO
SELECT 'replica ' + r.replica_server_name AS what,
       s.role_desc + N', ' + s.connected_state_desc + N', ' + s.synchronization_health_desc AS found,
       CASE WHEN s.synchronization_health_desc = N'HEALTHY' AND r.availability_mode_desc = N'SYNCHRONOUS_COMMIT' THEN 'ok'
            WHEN r.availability_mode_desc <> N'SYNCHRONOUS_COMMIT' THEN 'make it synchronous: else a failover loses bookings'
            ELSE 'see Always On dashboard: no automatic failover now' END AS verdict
FROM sys.availability_replicas r JOIN sys.dm_hadr_availability_replica_states s ON s.replica_id = r.replica_id;
GO
SELECT 'commits that are lost when the primary dies alone' AS what,
       CAST(required_synchronized_secondaries_to_commit AS nvarchar(8)) + N' secondaries must have a commit' AS found,
       CASE WHEN required_synchronized_secondaries_to_commit >= 1 THEN 'ok'
            ELSE 'a forced failover loses bookings: 30_ag_primary.sql says what to weigh' END AS verdict
FROM sys.availability_groups;
GO
SELECT 'login ' + p.name AS what, CONVERT(nvarchar(90), p.sid, 1) AS found,
       CASE WHEN p.is_disabled = 1 THEN 'disabled' ELSE 'ok; the SID must be the same on every replica' END AS verdict
FROM sys.server_principals p WHERE p.name IN (N'cm_app', N'cm_migration', N'cm_cuic');
GO
USE [$(DatabaseName)];
GO
SELECT 'user ' + u.name AS what, CASE WHEN l.sid IS NULL THEN N'no login has its SID' ELSE N'login ' + l.name END AS found,
       CASE WHEN l.sid IS NULL THEN 'orphaned: make the login with this SID (20_logins.sql)' ELSE 'ok' END AS verdict
FROM sys.database_principals u LEFT JOIN sys.server_principals l ON l.sid = u.sid
WHERE u.name IN (N'cm_app', N'cm_migration', N'cm_cuic');
GO
SELECT 'schema' AS what, version_num AS found, 'compare with make doctor' AS verdict FROM dbo.alembic_version
UNION ALL
SELECT 'report views', CAST(COUNT(*) AS nvarchar(8)), CASE WHEN COUNT(*) >= 5 THEN 'ok' ELSE 'run python -m shared.db.migrate' END
FROM sys.views WHERE name LIKE N'report[_]%'
UNION ALL
SELECT 'master', CAST(epoch AS nvarchar(24)) + N' on ' + COALESCE(node, N'nobody'), 'ok' FROM dbo.mastership;
GO
