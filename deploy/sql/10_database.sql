-- The product's database. On the server that is to be the first primary, as a sysadmin, before the availability group:
--   sqlcmd -S CM-SQL1 -E -b -I -v DatabaseName=CampaignManager -i 10_database.sql
-- Running it again changes nothing that is right already.
:on error exit
SET NOCOUNT ON;
GO
IF DB_ID(N'$(DatabaseName)') IS NULL
BEGIN
    PRINT 'creating $(DatabaseName)';
    -- The collation decides which names are equal, whatever the server's own is.
    CREATE DATABASE [$(DatabaseName)] COLLATE Latin1_General_100_CI_AS_SC;
END
GO
-- Readers must not block bookings. Needs a moment without other connections, and cannot be done inside a group.
IF EXISTS (SELECT 1 FROM sys.databases WHERE name = N'$(DatabaseName)' AND is_read_committed_snapshot_on = 0)
BEGIN
    PRINT 'READ_COMMITTED_SNAPSHOT on';
    ALTER DATABASE [$(DatabaseName)] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK AFTER 10;  -- seconds
END
GO
-- An availability group needs it, and so does a restore to a point in time.
IF EXISTS (SELECT 1 FROM sys.databases WHERE name = N'$(DatabaseName)' AND recovery_model_desc <> N'FULL')
BEGIN
    PRINT 'recovery model FULL';
    ALTER DATABASE [$(DatabaseName)] SET RECOVERY FULL;
END
GO
IF EXISTS (SELECT 1 FROM sys.databases WHERE name = N'$(DatabaseName)' AND page_verify_option_desc <> N'CHECKSUM')
    ALTER DATABASE [$(DatabaseName)] SET PAGE_VERIFY CHECKSUM;
IF EXISTS (SELECT 1 FROM sys.databases WHERE name = N'$(DatabaseName)' AND is_auto_close_on = 1)
    ALTER DATABASE [$(DatabaseName)] SET AUTO_CLOSE OFF;
IF EXISTS (SELECT 1 FROM sys.databases WHERE name = N'$(DatabaseName)' AND is_auto_shrink_on = 1)
    ALTER DATABASE [$(DatabaseName)] SET AUTO_SHRINK OFF;
GO
-- What ran slowly, and by which plan, is asked after the fact.
IF EXISTS (SELECT 1 FROM sys.databases WHERE name = N'$(DatabaseName)' AND is_query_store_on = 0)
BEGIN
    PRINT 'query store on';
    ALTER DATABASE [$(DatabaseName)] SET QUERY_STORE = ON (OPERATION_MODE = READ_WRITE, QUERY_CAPTURE_MODE = AUTO,
        MAX_STORAGE_SIZE_MB = 1000, CLEANUP_POLICY = (STALE_QUERY_THRESHOLD_DAYS = 30));
END
GO
PRINT 'next: 20_logins.sql on every replica, 21_users.sql here; a full backup before 30_ag_primary.sql';
GO
