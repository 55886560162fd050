"""A process that loads its configuration snapshot, waits for a line on stdin, and then books with that snapshot."""

import sys
from contextlib import closing

from shared.callbacks.booking import book
from shared.callbacks.booking_request import ApiCaller, BookingRequest
from shared.callbacks.config_cache import ConfigCache
from shared.db.session import Database
from shared.errors import DomainError
from tests.support.configured_database import NOW, phone


def main(url: str) -> None:
    with closing(Database(url, timeout=10)) as database:
        config_cache = ConfigCache(database)
        (client,) = config_cache.current().clients.values()
        print("loaded", flush=True)
        sys.stdin.readline()
        request = BookingRequest(phone=phone(), start="2026-11-23T09:10", skill="Billing")
        try:
            answer = book(database, config_cache, request, ApiCaller(client.id, client.name, "ivr"), NOW)
        except DomainError as refusal:
            print(refusal.code)
        else:
            print(answer.callback.account_number)


if __name__ == "__main__":
    main(sys.argv[1])
