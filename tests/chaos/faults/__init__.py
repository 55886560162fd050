"""The faults; DECK holds all of them."""

from tests.chaos.faults import database, people, processes, ucce, worker
from tests.chaos.faults.deck import DECK, Fault

__all__ = ["DECK", "Fault", "database", "people", "processes", "ucce", "worker"]
