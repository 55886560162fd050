-- On the secondary, as a sysadmin: run it once BEFORE 30_ag_primary.sql (it makes the endpoint) and once after (it joins).
--   sqlcmd -S CM-SQL2 -E -b -I -i 31_ag_secondary.sql -v GroupName=CM_AG PeerAccount="CC\svc_sql1"
:on error exit
SET NOCOUNT ON;
GO
IF NOT EXISTS (SELECT 1 FROM sys.endpoints WHERE type_desc = N'DATABASE_MIRRORING')
    CREATE ENDPOINT cm_hadr STATE = STARTED AS TCP (LISTENER_PORT = 5022)
        FOR DATABASE_MIRRORING (ROLE = ALL, AUTHENTICATION = WINDOWS NEGOTIATE, ENCRYPTION = REQUIRED ALGORITHM AES);
GO
IF NOT EXISTS (SELECT 1 FROM sys.server_principals WHERE name = N'$(PeerAccount)')
    CREATE LOGIN [$(PeerAccount)] FROM WINDOWS;
DECLARE @endpoint sysname = (SELECT TOP 1 name FROM sys.endpoints WHERE type_desc = N'DATABASE_MIRRORING');
DECLARE @grant nvarchar(400) = N'GRANT CONNECT ON ENDPOINT::' + QUOTENAME(@endpoint) + N' TO [$(PeerAccount)]';
EXEC sys.sp_executesql @grant;
GO
-- The group is known here only through the cluster, and a server that has not joined does not list it: try, and tell.
IF EXISTS (SELECT 1 FROM sys.availability_groups WHERE name = N'$(GroupName)')
    PRINT 'joined already';
ELSE
BEGIN TRY
    ALTER AVAILABILITY GROUP [$(GroupName)] JOIN;
    ALTER AVAILABILITY GROUP [$(GroupName)] GRANT CREATE ANY DATABASE;  -- automatic seeding
    PRINT 'joined';
END TRY
BEGIN CATCH
    PRINT 'not joined (the first run, before 30_ag_primary.sql, ends like this): ' + ERROR_MESSAGE();
END CATCH
GO
