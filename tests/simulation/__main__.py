"""`python -m tests.simulation --seeds 1..1000`: simulate seeds; a failing seed is replayed, shortened and printed."""

import os
import sys

if os.environ.get("PYTHONHASHSEED") != "0":  # sets must have the same order in every run of a seed
    os.environ["PYTHONHASHSEED"] = "0"
    os.execv(sys.executable, [sys.executable, "-m", "tests.simulation", *sys.argv[1:]])  # noqa: S606

from tests.simulation.command import main

sys.exit(main())
