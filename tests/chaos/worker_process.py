"""`python -m tests.chaos.worker_process`: the product's worker, with armed checkpoints and a clock that can be wrong.

The clock is set off in the one place where the product reads it. (libfaketime was tried: it breaks Python's own
`time.sleep`, which then ends with EINVAL, and so tests itself rather than the product.)
"""

import sys
from datetime import timedelta

from shared import clock
from tests.chaos import fault_injection

_right = clock.utcnow
clock.utcnow = lambda: _right() + timedelta(seconds=fault_injection.clock_is_off())  # before anybody takes it by name

from services.dialer_sync.__main__ import main  # noqa: E402

if __name__ == "__main__":
    fault_injection.lose_commits()
    sys.exit(main([], checkpoint=fault_injection.checkpoint))
