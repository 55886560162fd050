#!/usr/bin/env bash
# For compose.yml: runs the scripts against the container's server, as an integrator does by hand against a real one.
set -euo pipefail

secret() { cat "/run/secrets/$1"; }
# The same login keeps its SID at every start: derived from its name, as nobody else makes logins here.
sid() { echo "0x$(printf 'campaign-manager %s' "$1" | md5sum | cut -c1-32)"; }

# sqlcmd takes the password and the scripts' variables from the environment: a command line can be read by anybody.
SQLCMDPASSWORD=$(secret sa_password)
CmAppPassword=$(secret app_password) CmMigrationPassword=$(secret migration_password)
CmReportPassword=$(secret report_password)
CmAppSid=$(sid app) CmMigrationSid=$(sid migration) CmReportSid=$(sid report)
DatabaseName=CampaignManager
export SQLCMDPASSWORD CmAppPassword CmMigrationPassword CmReportPassword CmAppSid CmMigrationSid CmReportSid DatabaseName

for script in 10_database 20_logins 21_users; do
    /opt/mssql-tools18/bin/sqlcmd -S sqlserver -U sa -C -b -I -i "/sql/$script.sql"
done
