"""The expected transitions and results, written by hand from services/README.md and ucce/REFERENCE.md 2.3."""

# (from, to): every legal transition of a callback but the undo of a cancellation, which nobody does here; None is
# before its booking
STEPS = {
    (None, "scheduled"),
    ("scheduled", "scheduled"),  # moved
    ("scheduled", "importing"),
    ("scheduled", "cancelled"),
    ("scheduled", "expired"),
    ("importing", "imported"),
    ("importing", "scheduled"),  # UCCE took nothing
    ("importing", "failed"),  # UCCE refuses it for good
    ("imported", "completed"),
    ("imported", "failed"),
    ("imported", "scheduled"),  # to be tried again
}

# CallResult → (outcome, whether it may be tried again, whether the callback is completed)
RESULTS = {
    3: ("invalid_number", False, False),
    8: ("no_answer", True, False),
    9: ("busy", True, False),
    10: ("answered", False, True),
    12: ("machine", True, False),
    21: ("short_call", True, False),
}
MAX_ATTEMPTS = 2  # of every campaign here, without delay (system_under_test.py)

REFUSES = "UCCE refuses contacts within batches"
PURGES = "UCCE purges what is through"
# Faults that explain a callback with the outcome `refused`; for `result_lost` see Evidence.lost_in_ucce.
REFUSED_BY = (REFUSES, "UCCE takes the good rows of a refused batch")
# No fault lasts as long as a window (the slot and an hour), so only callbacks that this fault made overdue may expire.
OVERDUE = "callbacks become overdue and are moved while the database is busy"
# Sets starts as well, to the present minute.
DUE_NOW = "callbacks become due and are moved while the database is busy"
# Faults after which UCCE dials a contact a second time.
DIALLED_AGAIN_BY = ("UCCE's dialer dies",)
# Puts the database back to an earlier moment.
PUT_BACK = "database put back to an earlier copy"
# Makes rows old, and lets retention run.
AGED = "rows grow old, and retention runs"
