"""SQL Server on a developer's machine: the ODBC driver for `make test-mssql` and `make run` against a server."""
