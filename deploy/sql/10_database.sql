-- The product's database. On the server that is to be the first primary, as a sysadmin, before the availability group:
--   sqlcmd -S CM-SQL1 -E -b -v DatabaseName=CampaignManager -i 10_database.sql
-- Running it again changes nothing that is right already.
:on error exit
SET NOCOUNT ON;
GO
IF DB_ID(N'$(DatabaseName)') IS NULL
BEGIN
    PRINT 'creating $(DatabaseName)';
    CREATE DATABASE [$(DatabaseName)];
END
GO
-- Readers must not block bookings. Needs a moment without other connections, and cannot be done inside a group.
IF (SELECT is_read_committed_snapshot_on FROM sys.databases WHERE name = N'$(DatabaseName)') = 0
BEGIN
    PRINT 'READ_COMMITTED_SNAPSHOT on';
    ALTER DATABASE [$(DatabaseName)] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK AFTER 10;  -- seconds
END
GO
-- An availability group needs it, and so does a restore to a point in time.
IF (SELECT recovery_model_desc FROM sys.databases WHERE name = N'$(DatabaseName)') <> N'FULL'
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
PRINT 'next: 20_logins.sql on every replica; a full backup before 30_ag_primary.sql';
GO
