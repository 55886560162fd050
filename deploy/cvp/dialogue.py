"""The dialogue of CALL_STUDIO.md's CM_Offer and CM_Fetch: what is said, which digits are taken, what is called."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from deploy.cvp.decisions import read_decisions
from deploy.cvp.ivr_calls import IvrCalls

MAX_SLOTS = 5  # of one offer: the digits 1 to 5
MAX_REFUSALS = 3  # of one call, and wrong digits at one menu: then the queue
_LATER, _MORNING, _AFTERNOON, _STAY = "6", "7", "8", "9"


class Keypad(Protocol):
    """Where digits come from."""

    def __call__(self) -> str: ...


class ToQueue(Exception):
    """The call goes back to its queue; `result` is what the application hands to the ICM script."""

    def __init__(self, result: str) -> None:
        super().__init__(result)
        self.result = result


@dataclass
class Dialogue:
    """One call. `speak` says a sentence to the caller."""

    calls: IvrCalls
    skill: str
    ani: str
    call_id: str
    speak: Callable[[str], None]
    keypad: Keypad
    agent: str = ""  # makes the callback personal
    language: str = "en"
    refusals: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._decisions = read_decisions()

    def choose_language(self) -> None:
        """The first menu, said in both languages."""
        for language in self._decisions.prompts["language"]:
            self.speak(self._decisions.prompts["language"][language])
        self.language = {"1": "en", "2": "es"}[self._digit("12")]

    def offer_and_book(self) -> dict[str, Any]:
        """CM_Offer: the answer of the booking. Raises ToQueue."""
        phone = self._phone()
        while True:
            try:
                return self._book(phone, self._slot(phone))
            except _AskAgain as refusal:
                if refusal.step == "phone":
                    phone = self._entered_phone()

    def decline(self) -> None:
        """Tell that the caller stays in the queue."""
        self.calls.post("decline", skill=self.skill, callId=self.call_id, outcome="declined")
        self._say("stay")

    def fetch(self, account_number: str) -> dict[str, Any]:
        """CM_Fetch: the callback of an answered call."""
        self._say("answered")
        return self.calls.get("callback", account=account_number)

    def _phone(self) -> str:
        if not self.ani:
            return self._entered_phone()
        self._say("phone", phone=" ".join(self.ani))
        choice = self._digit("12" + _STAY)
        if choice == _STAY:
            raise ToQueue("declined")
        return self.ani if choice == "1" else self._entered_phone()

    def _entered_phone(self) -> str:
        self._say("phone_entry")
        return self.keypad().rstrip("#")

    def _slot(self, phone: str) -> str:
        """The number of the slot that the caller confirms."""
        part, later = "", ""
        while True:
            offer = self.calls.get("offer", skill=self.skill, phone=phone, callId=self.call_id, max=MAX_SLOTS,
                                   part=part, language=self.language, **{"from": later})  # fmt: skip
            count = int(offer.get("count") or 0)
            if offer["result"] != "ok" or not count:
                self._refuse("no_slots" if offer["result"] == "ok" else offer["result"])
            for number in range(1, count + 1):
                self._say("slot", spoken=offer[f"slot{number}Spoken"], digit=str(number))
            self._say("more")
            choice = self._digit("".join(map(str, range(1, count + 1))) + _LATER + _MORNING + _AFTERNOON + _STAY)
            if choice == _STAY:
                raise ToQueue("declined")
            if choice in (_MORNING, _AFTERNOON):
                part, later = {_MORNING: "morning", _AFTERNOON: "afternoon"}[choice], ""
            elif choice == _LATER:
                later = offer["nextFrom"] or later
            else:
                self._say("confirm", spoken=offer[f"slot{choice}Spoken"])
                if self._digit("12") == "1":
                    return choice

    def _book(self, phone: str, slot: str) -> dict[str, Any]:
        booked = self.calls.post("book", skill=self.skill, phone=phone, slot=slot, callId=self.call_id,
                                 language=self.language, agentId=self.agent, data_language=self.language)  # fmt: skip
        if booked["result"] != "ok":
            self._refuse(booked["result"])
        self._say("booked", spoken=booked["spoken"])
        return booked

    def _refuse(self, code: str) -> None:
        """Say the code's sentence and take its step. Raises."""
        decision = self._decisions.for_code(code)
        self.speak(decision.prompt[self.language])
        self.refusals += 1
        if decision.step in ("end", "queue") or self.refusals >= MAX_REFUSALS:
            raise ToQueue("booked" if decision.step == "end" else code)
        raise _AskAgain(decision.step)

    def _digit(self, allowed: str) -> str:
        for _ in range(MAX_REFUSALS):
            digit = self.keypad()
            if len(digit) == 1 and digit in allowed:
                return digit
            self._say("again")
        raise ToQueue("declined")

    def _say(self, prompt: str, **values: str) -> None:
        self.speak(self._decisions.prompts[prompt][self.language].format(**values))


class _AskAgain(Exception):
    """A refusal after which the caller chooses again."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step
