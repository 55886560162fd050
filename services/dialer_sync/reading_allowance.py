"""How much of UCCE's lists one cycle reads for results."""

from services.dialer_sync.cycle_context import CycleContext

MAX_PAGES, MAX_SECONDS = 100, 5.0  # of a cycle, whichever ends first; what is left is read in the next cycles


class CycleAllowance:
    """How many pages one cycle may still read; before each of them, what is due is handed over."""

    def __init__(self, context: CycleContext) -> None:
        self._context = context
        self._pages = MAX_PAGES
        self._ends = context.clock() + MAX_SECONDS

    def is_spent(self) -> bool:
        return self._pages <= 0 or self._context.clock() > self._ends

    def take(self) -> bool:
        if self.is_spent():
            return False
        self._pages -= 1
        self._context.before_reading()
        return True
