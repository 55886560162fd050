"""The times of the election, and the rules between them, which are checked at start."""

from dataclasses import dataclass

from shared.config import BadSetting

LEASE_SHARE = 2 / 3  # of the session timeout: the rest is for ZooKeeper's ticks and for clocks that drift
CONFIRM_SHARE = 1 / 4  # of the lease
OPERATION_SHARE = 1 / 4  # of the lease
_SESSIONS_PER_CALL = 1 / (LEASE_SHARE * (1 - OPERATION_SHARE))  # so many times a call's time, a session lasts at least


@dataclass(frozen=True, slots=True)
class Timing:
    """All in seconds, derived from the ZooKeeper session timeout."""

    session_timeout: float
    lease: float
    confirm_interval: float
    operation_timeout: float

    @classmethod
    def of(cls, session_timeout: float) -> "Timing":
        lease = session_timeout * LEASE_SHARE
        return cls(session_timeout, lease, lease * CONFIRM_SHARE, lease * OPERATION_SHARE)

    def problem(self, ucce_timeout: float) -> str | None:
        """Why these times cannot work with UCCE calls of `ucce_timeout` seconds, naming the settings; or None.

        The master confirms its lock before a call when too little of the lease is left, so a call fits when it is
        shorter than a lease less one ZooKeeper operation. It then ends before another master can begin.
        """
        if self.confirm_interval + 2 * self.operation_timeout > self.lease:
            return (
                f"confirming every {self.confirm_interval:g} s with two tries of {self.operation_timeout:g} s "
                f"does not fit into a lease of {self.lease:g} s (from CM_ZOOKEEPER_SESSION_TIMEOUT)"
            )
        if ucce_timeout + self.operation_timeout > self.lease:
            return (
                f"a UCCE call may take {ucce_timeout:g} s (the longer of CM_UCCE_TIMEOUT and CM_UCCE_IMPORT_TIMEOUT), "
                f"but with a ZooKeeper session of {self.session_timeout:g} s (CM_ZOOKEEPER_SESSION_TIMEOUT) it may "
                f"last {self.lease - self.operation_timeout:g} s at most: it must end before another node can become "
                "master. Make it shorter, or set CM_ZOOKEEPER_SESSION_TIMEOUT to "
                f"{ucce_timeout * _SESSIONS_PER_CALL:g} or more (and maxSessionTimeout of the ZooKeeper servers)"
            )
        return None


def checked(session_timeout: float, ucce_timeout: float) -> Timing:
    """The times for these settings. Raises BadSetting."""
    timing = Timing.of(session_timeout)
    problem = timing.problem(ucce_timeout)
    if problem:
        raise BadSetting(problem)
    return timing
