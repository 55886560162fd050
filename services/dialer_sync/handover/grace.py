"""Grace periods: for how long UCCE's list, read again and again, has not shown a contact that it may still be given.

Only time in which this master really looked counts. It begins with the first complete reading that lacks the contact,
ends with any call that UCCE does not answer in its own words (what waits there for a UCCE that stalls comes after the
stall, however long that was), and of the time between two readings no more counts than `longest_gap`: a machine that
was suspended has not looked.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from shared.clock import SteadyClock

MIN_READINGS = 4  # so many readings at least make a whole grace period


@dataclass(slots=True)
class _Absence:
    counted: float
    looked_at: float


class GracePeriods:
    """By contact key. Times are seconds; `whole` is the settle grace."""

    def __init__(self, whole: float, clock: SteadyClock) -> None:
        self._longest_gap = whole / MIN_READINGS
        self._clock = clock
        self._absences: dict[str, _Absence] = {}

    def looked(self, absent: Iterable[str], began: float | None = None) -> None:
        """A reading that ends now lacks these contacts. Each was absent at some moment since it `began`, so only what
        lies between two readings counts.
        """
        now = self._clock()
        began = now if began is None else began
        for key in absent:
            absence = self._absences.setdefault(key, _Absence(0.0, now))
            absence.counted += max(0.0, min(began - absence.looked_at, self._longest_gap))
            absence.looked_at = now

    def is_over(self, key: str, seconds: float) -> bool:
        """Whether the contact has been absent for so long, by readings."""
        absence = self._absences.get(key)
        return absence is not None and absence.counted >= seconds

    def forget(self, keys: Iterable[str]) -> None:
        """These begin anew, when they are looked for again."""
        for key in keys:
            self._absences.pop(key, None)

    def keep_only(self, keys: Collection[str]) -> None:
        self._absences = {key: absence for key, absence in self._absences.items() if key in keys}

    def begin_anew(self) -> None:
        """UCCE did not answer in its own words."""
        self._absences.clear()

    def next_look(self) -> float | None:
        """Seconds until the next reading is worth its call; None when nothing is awaited."""
        if not self._absences:
            return None
        last = min(absence.looked_at for absence in self._absences.values())
        return max(self._longest_gap / 8, last + self._longest_gap / 2 - self._clock())
