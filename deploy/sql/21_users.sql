-- Users and least-privilege roles. They live in the database and travel with it: run this on the primary only, after
-- 20_logins.sql on every replica.
--   sqlcmd -S CM-SQL1 -E -b -I -v DatabaseName=CampaignManager -i 21_users.sql
--
-- cm_app       the services: read and write rows, nothing else; of the audit log they only write new ones (60_grants.sql)
-- cm_migration python -m shared.db.migrate: make and change tables, too; not used while the product runs
-- cm_cuic      CUIC: read the report views only (granted by 60_grants.sql, after each migration)
:on error exit
SET NOCOUNT ON;
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
GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON SCHEMA::dbo TO cm_app_role;
GRANT SELECT, INSERT, UPDATE, DELETE, REFERENCES, ALTER ON SCHEMA::dbo TO cm_migration_role;
GRANT CREATE TABLE TO cm_migration_role;
GRANT CREATE PROCEDURE TO cm_migration_role;
GRANT CREATE VIEW TO cm_migration_role;
GO
ALTER ROLE cm_app_role ADD MEMBER cm_app;
ALTER ROLE cm_migration_role ADD MEMBER cm_migration;
ALTER ROLE cm_report_role ADD MEMBER cm_cuic;
GO
PRINT 'next: python -m shared.db.migrate with the login cm_migration, then 60_grants.sql';
GO
