"""All mutants, each with the checks that must notice it. tests/unit/test_mutants.py holds them against the code."""

from tests.chaos.mutants.bookings import BOOKINGS
from tests.chaos.mutants.hand_over import HAND_OVER
from tests.chaos.mutants.mutant import Mutant

CATALOGUE: tuple[Mutant, ...] = (*HAND_OVER, *BOOKINGS)
