"""What is broken, and how: DECK holds every fault, APART those that must be alone."""

from tests.chaos.faults import database, people, processes, ucce, worker
from tests.chaos.faults.deck import APART, DECK, Fault

__all__ = ["APART", "DECK", "Fault", "database", "people", "processes", "ucce", "worker"]
