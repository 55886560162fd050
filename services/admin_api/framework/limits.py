"""What may outlast the load balancer's usual limit for a request (CM_REQUEST_TIMEOUT), decided here for all routes.

- A change of many rows is a job (services/admin_api/jobs): the request answers 202 at once, one job runs at a time on
  all nodes, each chunk is a transaction of its own together with the progress, and the result is kept.
- A file to download is made whole before its first byte is sent, in bounded memory, within LIMIT_SECONDS and MAX_ROWS:
  it comes complete, or the answer is a problem.
- A report's page has LIMIT_SECONDS as well. Everything else keeps to the usual limit.
"""

LIMIT_SECONDS = 25.0  # for a report or a file: below the load balancer's CM_LONG_REQUEST_TIMEOUT
MAX_ROWS = 100_000  # of a report as a file: a spreadsheet takes about a million
MAX_LIST_ROWS = 1_000_000  # of the do-not-call list as a file

MAX_IMPORT_BYTES = 4 * 1024 * 1024  # of a file: as the load balancer's
MAX_IMPORT_LINES = 350_000  # more than 4 MiB of whole numbers have
MAX_ERROR_LINES = 1_000  # kept of an import; those beyond it are counted only
MAX_BULK_CALLBACKS = 10_000  # of one bulk action
MAX_WAITING_JOBS = 20  # beside the one that runs
