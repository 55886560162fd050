"""The errors that end a term as master or a cycle."""


class ElectionError(Exception):
    """ZooKeeper did not do what the election asked; the text says what, in words for an operator."""


class ElectionUnavailable(ElectionError):
    """No answer in time, or no connection: nothing is known about the lock."""


class LockLost(ElectionError):
    """The lock is certainly not ours (any more)."""


class NotMaster(Exception):
    """This node may not talk to UCCE now. Raised before anything was sent."""


class StaleEpoch(NotMaster):
    """The database has seen a newer epoch than ours: what we were about to write is not ours to write."""


class LostTransactions(NotMaster):
    """The database has counted fewer hand-overs than were claimed: it lost transactions, and may not be acted on."""


class WrongClock(NotMaster):
    """This node's wall clock cannot be trusted: it may not say what is due."""
