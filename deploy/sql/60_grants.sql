-- Rights on single tables and views: CUIC may read the report views, and nothing else; the services may add to the audit
-- log, and change or delete nothing of it (old rows go through the procedure purge_audit_log). On the primary, after each
-- python -m shared.db.migrate: what a migration drops and makes again has lost its grants.
--   sqlcmd -S cm-ag,1433 -E -b -I -v DatabaseName=CampaignManager -i 60_grants.sql
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
-- What was done stays as it was written, whoever takes over a service.
DENY UPDATE, DELETE ON dbo.audit_log TO cm_app_role;
DENY UPDATE, DELETE ON dbo.audit_seal TO cm_app_role;
SELECT name AS readable_for_cuic FROM sys.views WHERE name LIKE N'report[_]%' ORDER BY name;
GO
