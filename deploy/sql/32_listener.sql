-- The listener: the one name that services and CUIC connect to. On the primary, as a sysadmin.
-- One subnet:  -v ListenerIp="(N'192.0.2.20', N'255.255.255.0')"
-- Two subnets: -v ListenerIp="(N'192.0.2.20', N'255.255.255.0'), (N'198.51.100.20', N'255.255.255.0')"
--   sqlcmd -S CM-SQL1 -E -b -I -i 32_listener.sql -v GroupName=CM_AG ListenerName=cm-ag ListenerIp="(…)" ListenerPort=1433
-- The cluster's computer account needs the right to create the computer object cm-ag in its OU (or create it beforehand).
:on error exit
SET NOCOUNT ON;
GO
IF NOT EXISTS (SELECT 1 FROM sys.availability_group_listeners WHERE dns_name = N'$(ListenerName)')
    ALTER AVAILABILITY GROUP [$(GroupName)] ADD LISTENER N'$(ListenerName)' (WITH IP ($(ListenerIp)), PORT = $(ListenerPort));
GO
-- Two subnets and CUIC: CUIC cannot set MultiSubnetFailover (ucce/REFERENCE.md 6.1, 7.2), so let DNS name only the address
-- that is online. In PowerShell on a cluster node, then take the listener offline and online once:
--   Get-ClusterResource "CM_AG_cm-ag" | Set-ClusterParameter RegisterAllProvidersIP 0
--   Get-ClusterResource "CM_AG_cm-ag" | Set-ClusterParameter HostRecordTTL 60
SELECT l.dns_name, l.port, i.ip_address, i.state_desc
FROM sys.availability_group_listeners l JOIN sys.availability_group_listener_ip_addresses i ON i.listener_id = l.listener_id;
GO
