#!/usr/bin/env bash
# For compose.yml: runs the scripts against the container's server, as an integrator does by hand against a real one.
set -euo pipefail

secret() { cat "/run/secrets/$1"; }
# The same login keeps its SID at every start: derived from its name, as nobody else makes logins here.
sid() { echo "0x$(printf 'campaign-manager %s' "$1" | md5sum | cut -c1-32)"; }

SQLCMDPASSWORD=$(secret sa_password)
export SQLCMDPASSWORD
run() {
    /opt/mssql-tools18/bin/sqlcmd -S sqlserver -U sa -C -b -i "/sql/$1" -v DatabaseName=CampaignManager "${@:2}"
}

run 10_database.sql
run 20_logins.sql \
    CmAppPassword="$(secret app_password)" CmAppSid="$(sid app)" \
    CmMigrationPassword="$(secret migration_password)" CmMigrationSid="$(sid migration)" \
    CmReportPassword="$(secret report_password)" CmReportSid="$(sid report)"
