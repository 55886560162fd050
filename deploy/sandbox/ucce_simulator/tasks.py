"""Answers of asynchronous writes (?async=true), kept until they are fetched (ucce/REFERENCE.md 1.2)."""

import itertools
import threading

from deploy.sandbox.ucce_simulator import errors, xmlbody
from deploy.sandbox.ucce_simulator.wire import BASE_PATH, Answer

_PATH = f"{BASE_PATH}/asyncrequeststatus/db"


class Tasks:
    """Assumption: the work is done at once; the first poll says IN_PROGRESS all the same, so that clients must poll.

    Answers are kept in memory: after a restart a poll gets 404.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._answers: dict[str, Answer] = {}
        self._polled: set[str] = set()

    def keep(self, answer: Answer, base: str) -> Answer:
        """Keep the real answer; returns the 202 that is sent instead."""
        with self._lock:
            number = str(next(self._numbers))
            self._answers[number] = answer
        return _progress("IN_QUEUE", f"{base}{_PATH}/{number}")

    def fetch(self, number: str, base: str) -> Answer:
        with self._lock:
            answer = self._answers.get(number)
            first = number not in self._polled
            self._polled.add(number)
        if answer is None:
            raise errors.not_found("There is no such request")
        return _progress("IN_PROGRESS", f"{base}{_PATH}/{number}") if first else answer


def _progress(state: str, location: str) -> Answer:
    body = xmlbody.render("asyncRequestStatus", [("progress", state)])
    return Answer(202, body, headers={"Location": location})
