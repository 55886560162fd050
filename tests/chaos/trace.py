"""The trace of one callback: what clients asked, what was recorded, what UCCE received, in the order of time."""

from tests.chaos.checks import Breach
from tests.chaos.evidence import Evidence


def shortest_trace(evidence: Evidence, breaches: list[Breach]) -> str:
    """The shortest trace among the broken callbacks, or the breaches alone when none has one."""
    accounts = {breach.account for breach in breaches if breach.account}
    if not accounts:
        return "\n".join(breach.text for breach in breaches[:10])
    traces = {account: _lines(evidence, account) for account in accounts}
    account = min(traces, key=lambda one: len(traces[one]))
    wrong = [f"  broken: {breach.text}" for breach in breaches if breach.account == account]
    return "\n".join([f"callback {account}", *wrong, *sorted(traces[account])])


def _lines(evidence: Evidence, account: str) -> list[str]:
    row = evidence.callbacks.get(account)
    keys = {call["key"] for call in evidence.calls if call["account"] == account and call["key"]}
    lines = [f"  now     {row}"] if row else ["  now     there is no such callback"]
    for call in evidence.calls:
        if call["account"] == account or (call["key"] and call["key"] in keys):
            said = call["status"] if call["error"] is None else call["error"]
            lines.append(f"  {call['began'][11:23]}  client {call['client']} {call['op']} {call['request']} → {said} "
                         f"at {call['ended'][11:23]}")  # fmt: skip
    for event in evidence.events.get(account, []):
        lines.append(
            f"  {event.at:%H:%M:%S.%f}  #{event.id} {event.from_status} → {event.to_status} by {event.who}: {event.why}"
        )
    for attempt in evidence.attempts.get(account, []):
        lines.append(f"  {attempt.claimed_at:%H:%M:%S.%f}  attempt {attempt.contact_key} epoch {attempt.epoch} "
                     f"imported {attempt.imported_at} finished {attempt.finished_at} {attempt.outcome}")  # fmt: skip
    for one in evidence.received:
        if any(key.startswith(account) for key in one["accountNumbers"]):
            lines.append(f"  {one['at'][11:23]}  UCCE received #{one['sequence']}, taken {one['taken']}, "
                         f"status {one['status']}, {one['ending']}")  # fmt: skip
    if lines[1:]:
        first, last = min(lines[1:])[2:14], max(lines[1:])[2:14]
        for fault in evidence.faults:
            if first <= fault["at"][11:23] <= last:
                words = [fault[name] for name in ("fault", "phase", "started_again") if name in fault]
                lines.append(f"  {fault['at'][11:23]}  fault: {' '.join(map(str, words))}")
    return lines
