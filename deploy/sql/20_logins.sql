-- Logins, users and least-privilege roles. Logins live on each server: run this on EVERY replica with the same SIDs, else
-- users and logins no longer match after a failover. Users and roles live in the database: they are made where it can be
-- written (the primary) and travel by themselves.
--
-- No password stands here or on a command line: sqlcmd takes variables from the environment.
--   export CmAppPassword=… CmMigrationPassword=… CmReportPassword=…
--   export CmAppSid=0x$(openssl rand -hex 16) CmMigrationSid=0x$(openssl rand -hex 16) CmReportSid=0x$(openssl rand -hex 16)
--   sqlcmd -S CM-SQL1 -E -b -v DatabaseName=CampaignManager -i 20_logins.sql      (keep the SIDs for the other replica)
--
-- cm_app       the services: read and write rows, nothing else
-- cm_migration python -m shared.db.migrate: make and change tables, too; not used while the product runs
-- cm_cuic      CUIC: read the report views only (granted by 60_report_grants.sql, after each migration)
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
IF DB_ID(N'$(DatabaseName)') IS NULL OR CAST(DATABASEPROPERTYEX(N'$(DatabaseName)', 'Updateability') AS NVARCHAR(20)) <> N'READ_WRITE'
BEGIN
    PRINT 'logins are there; the database cannot be written here, so users and roles come from the primary';
    SET NOEXEC ON;  -- skips the rest
END
GO
USE [$(DatabaseName)];
GO
IF DATABASE_PRINCIPAL_ID(N'cm_app') IS NULL CREATE USER cm_app FOR LOGIN cm_app WITH DEFAULT_SCHEMA = dbo;
IF DATABASE_PRINCIPAL_ID(N'cm_migration') IS NULL CREATE USER cm_migration FOR LOGIN cm_migration WITH DEFAULT_SCHEMA = dbo;
IF DATABASE_PRINCIPAL_ID(N'cm_cuic') IS NULL CREATE USER cm_cuic FOR LOGIN cm_cuic WITH DEFAULT_SCHEMA = dbo;
GO
IF DATABASE_PRINCIPAL_ID(N'cm_app_role') IS NULL CREATE ROLE cm_app_role;
IF DATABASE_PRINCIPAL_ID(N'cm_migration_role') IS NULL CREATE ROLE cm_migration_role;
IF DATABASE_PRINCIPAL_ID(N'cm_report_role') IS NULL CREATE ROLE cm_report_role;
GO
-- On the schema, so that tables of later versions are covered.
GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA::dbo TO cm_app_role;
GRANT SELECT, INSERT, UPDATE, DELETE, REFERENCES, ALTER ON SCHEMA::dbo TO cm_migration_role;
GRANT CREATE TABLE TO cm_migration_role;
GRANT CREATE VIEW TO cm_migration_role;
GO
ALTER ROLE cm_app_role ADD MEMBER cm_app;
ALTER ROLE cm_migration_role ADD MEMBER cm_migration;
ALTER ROLE cm_report_role ADD MEMBER cm_cuic;
GO
SET NOEXEC OFF;
GO
PRINT 'next: python -m shared.db.migrate with the login cm_migration, then 60_report_grants.sql';
GO
