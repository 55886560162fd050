-- Logins. They live on each server, and the databases of a group do not carry them: run this on EVERY replica with the same
-- SIDs, else users and logins no longer match after a failover. Users and roles: 21_users.sql, on the primary.
--
-- No password stands here or on a command line: sqlcmd takes variables from the environment.
--   export CmAppPassword=… CmMigrationPassword=… CmReportPassword=…
--   export CmAppSid=0x$(openssl rand -hex 16) CmMigrationSid=0x$(openssl rand -hex 16) CmReportSid=0x$(openssl rand -hex 16)
--   sqlcmd -S CM-SQL1 -E -b -I -i 20_logins.sql      (keep the SIDs for the other replica)
--
-- cm_app       the services
-- cm_migration python -m shared.db.migrate; not used while the product runs
-- cm_cuic      CUIC
:on error exit
SET NOCOUNT ON;
GO
IF NOT EXISTS (SELECT 1 FROM sys.server_principals WHERE name = N'cm_app')
    CREATE LOGIN cm_app WITH PASSWORD = N'$(CmAppPassword)', SID = $(CmAppSid), CHECK_POLICY = ON, CHECK_EXPIRATION = OFF;
GO
IF NOT EXISTS (SELECT 1 FROM sys.server_principals WHERE name = N'cm_migration')
    CREATE LOGIN cm_migration WITH PASSWORD = N'$(CmMigrationPassword)', SID = $(CmMigrationSid), CHECK_POLICY = ON, CHECK_EXPIRATION = OFF;
GO
IF NOT EXISTS (SELECT 1 FROM sys.server_principals WHERE name = N'cm_cuic')
    CREATE LOGIN cm_cuic WITH PASSWORD = N'$(CmReportPassword)', SID = $(CmReportSid), CHECK_POLICY = ON, CHECK_EXPIRATION = OFF;
GO
PRINT 'next: 21_users.sql on the primary';
GO
