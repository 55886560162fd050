"""Booking by the number of an offered slot, or by a start."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.booking_api import idempotency_key
from services.booking_api.ivr.offers import Offer, OfferRequest, make_offer
from services.booking_api.ivr.remembered import RememberedOffer, find_offer, remember
from services.booking_api.request_outcomes import record_outcome
from services.booking_api.schemas import booking_request_of
from shared.callbacks.booking import book
from shared.callbacks.booking_request import ApiCaller, BookingResult
from shared.callbacks.idempotency import RequestKey, fingerprint
from shared.clock import parse_iso
from shared.errors import Code, DomainError, InvalidInput
from shared.phone import digits_of
from shared.text import name_key
from shared.web.dependencies import dependencies

DEFAULT_SLOTS, DEFAULT_LANGUAGE = 3, "en"

# Another start may do: the answer has fresh slots.
TIME_REFUSALS = frozenset(
    {Code.UNKNOWN_OFFER, Code.INVALID_START, Code.START_IN_PAST, Code.OUTSIDE_BOOKING_WINDOW, Code.NO_SLOT,
     Code.OUTSIDE_CALLING_HOURS, Code.SLOT_FULL}
)  # fmt: skip
_NOT_OF_A_BOOKING = ("slot", "offer_id", "language")


@dataclass(frozen=True, slots=True)
class VoiceBooking:
    """A loaded BookSchema with the names that its offer has, and the offer that its `slot` is a number of."""

    body: dict[str, Any]
    offer: RememberedOffer | None
    caller: ApiCaller

    @property
    def language(self) -> str:
        return self.body["language"] or (self.offer.language if self.offer else DEFAULT_LANGUAGE)

    def book(self, now: datetime) -> BookingResult:
        """Raises what a booking does, and `unknown_offer`."""
        deps, start = dependencies(), self._start()
        values = {name: value for name, value in self.body.items() if name not in _NOT_OF_A_BOOKING}
        request = booking_request_of({**values, "start": start})
        return book(deps.database, deps.config_cache, request, self.caller, now, self._key(start))

    def fresh_slots(self, now: datetime) -> Offer | None:
        """What can be offered instead; None where nothing can be said without the skill. Raises as make_offer."""
        if self.body["skill"] is None:
            return None
        request = OfferRequest(
            skill=self.body["skill"],
            campaign=self.body["campaign"],
            phone=self.body["phone"],
            time_zone=self.body["time_zone"],
            call_id=self.body["call_id"],
            most=self.offer.most if self.offer else DEFAULT_SLOTS,
            language=self.language,
        )
        return offered(request, self.caller, now)

    def record(self, outcome: str) -> None:
        """For the report of requests: what did not come as far as the rules of a booking."""
        record_outcome(outcome, **{name: self.body[name] for name in ("call_id", "skill", "campaign")})

    def _start(self) -> str:
        number = self.body["slot"]
        if number is None:
            return str(self.body["start"])
        if self.offer is None or number > len(self.offer.starts):
            raise DomainError(Code.UNKNOWN_OFFER, "No slot of this number was offered in this call. See the slots.")
        return str(self.offer.starts[number - 1])

    def _key(self, start: str) -> RequestKey | None:
        """The client's key. Without one, the same start for the same number in the same call is the same booking, also
        where its data has changed since (the seconds that the call has lasted)."""
        requester, call_id = self.caller.requester, self.body["call_id"]
        own = idempotency_key.idempotency_key(self.body["request_id"])
        if own is not None:  # of what was sent: the newest offer may be another one when it is repeated
            return RequestKey(requester, own, fingerprint({"kind": "voice", **self.body}))
        if call_id is None:
            return None
        about = [call_id, _instant(start), digits_of(self.body["phone"]), name_key(self.body["skill"])]
        hashed = fingerprint({"call": about})
        return RequestKey(requester, f"call {hashed}", hashed, keeps_refusals=False)


def voice_booking(body: dict[str, Any], caller: ApiCaller) -> VoiceBooking:
    """Raises `validation_error`, Unavailable."""
    by_number = body["slot"] is not None
    if by_number == (body["start"] is not None):
        raise InvalidInput({"slot": ["Send slot or start, one of them."]})
    if not by_number:
        if body["skill"] is None:
            raise InvalidInput({"skill": ["Missing data for required field."]})
        return VoiceBooking(body, None, caller)
    if body["call_id"] is None and body["offer_id"] is None:
        raise InvalidInput({"callId": ["Send the callId of the offer, or its offerId."]})
    offer = find_offer(dependencies().database, caller.requester, body["call_id"], body["offer_id"])
    if offer is None:
        return VoiceBooking(body, None, caller)
    time_zone = body["time_zone"] or offer.time_zone
    return VoiceBooking({**body, **_names(body, offer), "time_zone": time_zone}, offer, caller)


def offered(request: OfferRequest, caller: ApiCaller, now: datetime) -> Offer:
    """An offer, remembered if it is of a call; else it only counts for the report. Raises as make_offer."""
    deps = dependencies()
    offer = make_offer(deps.database, deps.config_cache, request, caller, now)
    if request.call_id is not None:
        return remember(deps.database, offer, request, caller, now)
    record_outcome("asked" if offer.slots else "no_slots", slots_offered=len(offer.slots), skill=offer.skill,
                   campaign=offer.campaign)  # fmt: skip
    return offer


def _names(body: dict[str, Any], offer: RememberedOffer) -> dict[str, str]:
    """Skill and campaign of the offer. Raises `validation_error` where the booking names others."""
    names = {"skill": offer.skill, "campaign": offer.campaign}
    wrong = {name: [f"The offer was of {own!r}."] for name, own in names.items()
             if body[name] is not None and name_key(body[name]) != name_key(own)}  # fmt: skip
    if wrong:
        raise InvalidInput(wrong)
    return names


def _instant(start: str) -> str:
    """One text for every way to write an instant; a local time stays as it is."""
    try:
        at = parse_iso(start)
    except ValueError:
        return start
    return at.astimezone(UTC).isoformat() if at.tzinfo else at.isoformat()
