"""The database both engines share: SQL Server in production, SQLite for one machine."""
