"""Who makes the retries of a campaign: we or UCCE, never both. Pure.

Ours by default: UCCE dials each contact once, and we hand the callback over again by the campaign's policy, inside its
window. Or UCCE's, when the campaign says so: it dials by its own attempts and delays, and each of its results is final
for us. With both, a customer could be called outside the promised slot, and more often than either owner counts.
"""

from collections.abc import Mapping
from typing import Any

DEFAULT_DELAY_MINUTES = 15  # until our next try after a result for which the campaign names no delay


def own_attempts(retries_by_ucce: bool, max_attempts: int) -> int:
    """How often we hand a callback over at most."""
    return 1 if retries_by_ucce else max_attempts


def ucce_parameters(retries_by_ucce: bool, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """A campaign's parameters as UCCE is to have them: its `maxAttempts` is 1 wherever the retries are ours, whatever
    the parameters say. What is left out UCCE decides, and its own default is 3."""
    return {**parameters, **({} if retries_by_ucce else {"maxAttempts": 1})}


def conflicts(
    retries_by_ucce: bool, max_attempts: int, retry_delays: Mapping[str, int], parameters: Mapping[str, Any]
) -> dict[str, str]:
    """What speaks against the owner that was chosen, by field of the API; empty when only one retries."""
    by_ucce = parameters.get("maxAttempts")
    if not retries_by_ucce:
        if by_ucce in (None, 1):
            return {}
        return {"parameters.maxAttempts": "UCCE would call again beside us. Leave this out, or set retriesByUcce."}
    by_field = {}
    if max_attempts != 1:
        by_field["maxAttempts"] = "We would call again beside UCCE. This must be 1 while retriesByUcce is set."
    if retry_delays:
        by_field["retryDelays"] = "UCCE retries by its own delays (parameters.retries). Leave this empty."
    if by_ucce is None:
        by_field["parameters.maxAttempts"] = "Say how often UCCE calls, as its retries are the ones that count."
    return by_field
