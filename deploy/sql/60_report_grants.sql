-- CUIC may read the report views, and nothing else. On the primary, after each python -m shared.db.migrate: a migration
-- that changes a view drops and makes it again, and a view that is made again has no grants.
--   sqlcmd -S cm-ag,1433 -E -b -I -v DatabaseName=CampaignManager -i 60_report_grants.sql
:on error exit
SET NOCOUNT ON;
USE [$(DatabaseName)];
GO
GRANT SELECT ON dbo.report_realtime TO cm_report_role;
GRANT SELECT ON dbo.report_scheduled TO cm_report_role;
GRANT SELECT ON dbo.report_made TO cm_report_role;
GRANT SELECT ON dbo.report_results TO cm_report_role;
GRANT SELECT ON dbo.report_requests TO cm_report_role;
-- The value lists of the reports (deploy/cuic) read names only.
GRANT SELECT ON dbo.skill (id, name) TO cm_report_role;
GRANT SELECT ON dbo.campaign (id, name) TO cm_report_role;
SELECT name AS readable_for_cuic FROM sys.views WHERE name LIKE N'report[_]%' ORDER BY name;
GO
