"""`python -m tests.chaos.worker`: the product's worker, with its checkpoints armed and a wall clock that can be wrong.

The clock is set off in the one place where the product reads it. (libfaketime was tried: it breaks Python's own
`time.sleep`, which then ends with EINVAL, and so tests itself rather than the product.)
"""

import sys
from datetime import timedelta

from shared import clock
from tests.chaos import sabotage

_right = clock.utcnow
clock.utcnow = lambda: _right() + timedelta(seconds=sabotage.clock_is_off())  # before anybody takes it by name

from services.dialer_sync.__main__ import main  # noqa: E402

if __name__ == "__main__":
    sabotage.lose_commits()
    sys.exit(main([], checkpoint=sabotage.checkpoint))
