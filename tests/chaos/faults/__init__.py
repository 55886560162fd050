"""What is broken, and how: DECK holds every fault."""

from tests.chaos.faults import database, people, processes, ucce, worker
from tests.chaos.faults.deck import DECK, Fault

__all__ = ["DECK", "Fault", "database", "people", "processes", "ucce", "worker"]
