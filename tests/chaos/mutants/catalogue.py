"""The catalogue of mutants: what is wrong with the product, and who must notice. tests/unit/test_mutants.py keeps it
matching the code.
"""

from tests.chaos.mutants.bookings import BOOKINGS
from tests.chaos.mutants.hand_over import HAND_OVER
from tests.chaos.mutants.mutant import Mutant

CATALOGUE: tuple[Mutant, ...] = (*HAND_OVER, *BOOKINGS)
