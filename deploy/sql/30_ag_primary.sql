-- The availability group, on the first primary, as a sysadmin. Before it, on both servers: Windows failover cluster with a
-- quorum witness, "Always On availability groups" enabled for the service (SQL Server Configuration Manager, or
-- Enable-SqlAlwaysOn; restart), TCP 5022 open between them, one full backup of the database taken.
-- The service accounts are domain accounts and may connect to each other's endpoint (step 2).
--   sqlcmd -S CM-SQL1 -E -b -I -i 30_ag_primary.sql -v DatabaseName=CampaignManager GroupName=CM_AG Domain=cc.example \
--       Primary=CM-SQL1 Secondary=CM-SQL2 PeerAccount="CC\svc_sql2" Options="DB_FAILOVER = ON" \
--       RequiredSecondaries=1
-- Standard edition: Options="BASIC, DB_FAILOVER = ON" (one database, two replicas, no readable secondary).
-- Run it once more when 31_ag_secondary.sql has joined and the secondary is SYNCHRONIZED: only then step 4 does something.
--
-- RequiredSecondaries is REQUIRED_SYNCHRONIZED_SECONDARIES_TO_COMMIT, and decides what happens while the secondary is away:
--   1  a commit is acknowledged only when the secondary has it, too. Nothing that a caller was promised is ever lost, but
--      while the secondary is down nothing can be booked. Before its planned maintenance:
--      ALTER AVAILABILITY GROUP CM_AG SET (REQUIRED_SYNCHRONIZED_SECONDARIES_TO_COMMIT = 0), and 1 again afterwards.
--   0  the primary goes on alone. If it dies as well, the secondary takes over only by a forced failover (WITH
--      ALLOW_DATA_LOSS), and what was committed in between is gone: bookings for good; hand-overs are noticed, and read
--      back from UCCE (deploy/README.md, "The database lost its last transactions").
--   SYNCHRONOUS_COMMIT alone does not do it: it waits only for a secondary that is connected and synchronized.
:on error exit
SET NOCOUNT ON;
GO
-- 1. the endpoint; run the same on the secondary first (31_ag_secondary.sql does)
IF NOT EXISTS (SELECT 1 FROM sys.endpoints WHERE type_desc = N'DATABASE_MIRRORING')
    CREATE ENDPOINT cm_hadr STATE = STARTED AS TCP (LISTENER_PORT = 5022)
        FOR DATABASE_MIRRORING (ROLE = ALL, AUTHENTICATION = WINDOWS NEGOTIATE, ENCRYPTION = REQUIRED ALGORITHM AES);
GO
-- 2. the other server's service account may connect to it
IF NOT EXISTS (SELECT 1 FROM sys.server_principals WHERE name = N'$(PeerAccount)')
    CREATE LOGIN [$(PeerAccount)] FROM WINDOWS;
DECLARE @endpoint sysname = (SELECT TOP 1 name FROM sys.endpoints WHERE type_desc = N'DATABASE_MIRRORING');
DECLARE @grant nvarchar(400) = N'GRANT CONNECT ON ENDPOINT::' + QUOTENAME(@endpoint) + N' TO [$(PeerAccount)]';
EXEC sys.sp_executesql @grant;
GO
-- 3. the group: synchronous, so that nothing acknowledged is lost; automatic, so that nobody is called at night
IF NOT EXISTS (SELECT 1 FROM sys.availability_groups WHERE name = N'$(GroupName)')
    CREATE AVAILABILITY GROUP [$(GroupName)] WITH ($(Options))
    FOR DATABASE [$(DatabaseName)]
    REPLICA ON
        N'$(Primary)' WITH (ENDPOINT_URL = N'TCP://$(Primary).$(Domain):5022', FAILOVER_MODE = AUTOMATIC,
            AVAILABILITY_MODE = SYNCHRONOUS_COMMIT, SEEDING_MODE = AUTOMATIC, SECONDARY_ROLE (ALLOW_CONNECTIONS = NO)),
        N'$(Secondary)' WITH (ENDPOINT_URL = N'TCP://$(Secondary).$(Domain):5022', FAILOVER_MODE = AUTOMATIC,
            AVAILABILITY_MODE = SYNCHRONOUS_COMMIT, SEEDING_MODE = AUTOMATIC, SECONDARY_ROLE (ALLOW_CONNECTIONS = NO));
GO
-- 4. how many secondaries a commit waits for; before one is synchronized, 1 would stop every write
IF EXISTS (SELECT 1 FROM sys.dm_hadr_database_replica_states
           WHERE is_local = 0 AND synchronization_state_desc = N'SYNCHRONIZED')
    ALTER AVAILABILITY GROUP [$(GroupName)] SET (REQUIRED_SYNCHRONIZED_SECONDARIES_TO_COMMIT = $(RequiredSecondaries));
ELSE
    PRINT 'no secondary is synchronized yet: run this script again when one is';
GO
PRINT 'next: 31_ag_secondary.sql on $(Secondary), then 32_listener.sql here';
GO
