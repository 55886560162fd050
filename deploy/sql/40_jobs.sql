-- SQL Server Agent jobs. They live in msdb, which no availability group carries: run this on EVERY replica. Each job
-- runs only on the primary replica, so that the same jobs on all replicas do the work once.
--   sqlcmd -S CM-SQL1 -E -b -I -i 40_jobs.sql -v DatabaseName=CampaignManager BackupPath=\\backup\cm BackupDays=14 Operator=""
--   sqlcmd -S CM-SQL2 -E -b -I -i 40_jobs.sql -v DatabaseName=CampaignManager BackupPath=\\backup\cm BackupDays=14 Operator=""
-- BackupPath: a share that every replica's service account can write, for these backups alone. BackupDays: older ones are
-- deleted there. Operator: an existing Agent operator who gets a mail when a job fails or an alert is raised, or "".
-- A job or an alert that is there already is made anew.
:on error exit
SET QUOTED_IDENTIFIER ON;
SET NOCOUNT ON;
USE msdb;
GO
CREATE TABLE #cm_job (name sysname, command nvarchar(max), freq_type int, freq_interval int, subday_type int,
    subday_interval int, start_time int, recurrence int);
INSERT INTO #cm_job VALUES
(N'CM full backup', N'
IF sys.fn_hadr_is_primary_replica(N''$(DatabaseName)'') = 0 RETURN;  -- NULL: in no group, so the job runs
DECLARE @file nvarchar(400) = N''$(BackupPath)\$(DatabaseName)_'' + FORMAT(SYSUTCDATETIME(), ''yyyyMMdd_HHmmss'') + N''.bak'';
BACKUP DATABASE [$(DatabaseName)] TO DISK = @file WITH CHECKSUM, COMPRESSION, INIT;
RESTORE VERIFYONLY FROM DISK = @file WITH CHECKSUM;', 4, 1, 1, 0, 020000, 0),
(N'CM log backup', N'
IF sys.fn_hadr_is_primary_replica(N''$(DatabaseName)'') = 0 RETURN;
DECLARE @file nvarchar(400) = N''$(BackupPath)\$(DatabaseName)_'' + FORMAT(SYSUTCDATETIME(), ''yyyyMMdd_HHmmss'') + N''.trn'';
BACKUP LOG [$(DatabaseName)] TO DISK = @file WITH CHECKSUM, COMPRESSION, INIT;', 4, 1, 4, 15, 000500, 0),
(N'CM integrity check', N'
SET QUOTED_IDENTIFIER ON;  -- the Agent has it off, and filtered indexes need it
IF sys.fn_hadr_is_primary_replica(N''$(DatabaseName)'') = 0 RETURN;
DBCC CHECKDB (N''$(DatabaseName)'') WITH NO_INFOMSGS, DATA_PURITY;', 8, 1, 1, 0, 033000, 1),
(N'CM statistics', N'
SET QUOTED_IDENTIFIER ON;
IF sys.fn_hadr_is_primary_replica(N''$(DatabaseName)'') = 0 RETURN;
EXEC [$(DatabaseName)].sys.sp_updatestats;', 4, 1, 1, 0, 043000, 0),
(N'CM old backups', N'
IF sys.fn_hadr_is_primary_replica(N''$(DatabaseName)'') = 0 RETURN;
DECLARE @before nvarchar(30) = CONVERT(nvarchar(30), DATEADD(day, -$(BackupDays), GETDATE()), 126);
EXEC master.dbo.xp_delete_file 0, N''$(BackupPath)'', N''bak'', @before;
EXEC master.dbo.xp_delete_file 0, N''$(BackupPath)'', N''trn'', @before;', 4, 1, 1, 0, 050000, 0);

DECLARE @name sysname, @command nvarchar(max), @type int, @interval int, @subday int, @every int, @start int, @recur int;
DECLARE @notify int = CASE WHEN N'$(Operator)' = N'' THEN 0 ELSE 2 END;
DECLARE @operator sysname = NULLIF(N'$(Operator)', N'');
DECLARE @owner sysname = SUSER_SNAME(0x01);  -- sa, whatever it was renamed to
DECLARE jobs CURSOR LOCAL FAST_FORWARD FOR SELECT * FROM #cm_job;
OPEN jobs;
FETCH NEXT FROM jobs INTO @name, @command, @type, @interval, @subday, @every, @start, @recur;
WHILE @@FETCH_STATUS = 0
BEGIN
    IF EXISTS (SELECT 1 FROM dbo.sysjobs WHERE name = @name) EXEC dbo.sp_delete_job @job_name = @name;
    EXEC dbo.sp_add_job @job_name = @name, @description = N'Campaign Manager (deploy/sql/40_jobs.sql)',
        @owner_login_name = @owner, @notify_level_email = @notify, @notify_email_operator_name = @operator;
    EXEC dbo.sp_add_jobstep @job_name = @name, @step_name = N'on the primary replica', @subsystem = N'TSQL',
        @database_name = N'master', @command = @command, @retry_attempts = 1, @retry_interval = 5;
    EXEC dbo.sp_add_jobschedule @job_name = @name, @name = N'schedule', @freq_type = @type, @freq_interval = @interval,
        @freq_recurrence_factor = @recur, @freq_subday_type = @subday, @freq_subday_interval = @every,
        @active_start_time = @start;
    EXEC dbo.sp_add_jobserver @job_name = @name;
    PRINT @name;
    FETCH NEXT FROM jobs INTO @name, @command, @type, @interval, @subday, @every, @start, @recur;
END
CLOSE jobs; DEALLOCATE jobs;
DROP TABLE #cm_job;
GO
-- Alerts on errors that a DBA must act on.
DECLARE @alerts TABLE (name sysname, message_id int);
INSERT INTO @alerts VALUES (N'CM availability group role change', 1480), (N'CM data movement suspended', 35264),
    (N'CM data movement resumed', 35265), (N'CM transaction log full', 9002);
DECLARE @alert sysname, @message int, @operator sysname = NULLIF(N'$(Operator)', N'');
DECLARE alerts CURSOR LOCAL FAST_FORWARD FOR SELECT name, message_id FROM @alerts;
OPEN alerts;
FETCH NEXT FROM alerts INTO @alert, @message;
WHILE @@FETCH_STATUS = 0
BEGIN
    IF EXISTS (SELECT 1 FROM dbo.sysalerts WHERE name = @alert) EXEC dbo.sp_delete_alert @name = @alert;
    EXEC dbo.sp_add_alert @name = @alert, @message_id = @message, @severity = 0, @delay_between_responses = 60,
        @include_event_description_in = 1;
    IF @operator IS NOT NULL
        EXEC dbo.sp_add_notification @alert_name = @alert, @operator_name = @operator, @notification_method = 1;
    PRINT @alert;
    FETCH NEXT FROM alerts INTO @alert, @message;
END
CLOSE alerts; DEALLOCATE alerts;
GO
