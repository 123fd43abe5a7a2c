"""The kinds of question one may ask about a procedure, and which of them a message asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any


class Kind(str, Enum):
    """A kind of question; the value is the name of its intent without "ask_"."""

    DOCUMENTS = "documents"
    FEE = "fee"
    DURATION = "duration"
    PLACE = "place"
    STEPS = "steps"
    RESULT = "result"
    LEGAL_BASIS = "legal_basis"
    FORM = "form"
    ELIGIBILITY = "eligibility"
    ONLINE = "online"
    #: By when the citizen must come, what people are given, how long the paper serves: no field of its own holds these;
    #: they are answered with the conditions that tell them, or as not stated. Only phrases give them away, no intent.
    DEADLINE = "deadline"
    BENEFIT = "benefit"
    VALIDITY = "validity"

    @property
    def intent(self) -> str:
        return f"ask_{self.value}"

    def payload(self, procedure_code: str) -> str:
        """Return what a button sends: it names its procedure, so an old button stays about the old answer."""
        return f'/{self.intent}{{"procedure_code": "{procedure_code}"}}'


#: What the button for a kind says; a kind without one is only ever asked in words.
BUTTON_TITLES: Mapping[Kind, str] = {
    Kind.DOCUMENTS: "Giấy tờ cần nộp",
    Kind.FEE: "Lệ phí",
    Kind.DURATION: "Thời hạn",
    Kind.PLACE: "Nộp ở đâu",
    Kind.ONLINE: "Làm trực tuyến",
    Kind.STEPS: "Các bước",
    Kind.RESULT: "Kết quả",
    Kind.LEGAL_BASIS: "Căn cứ pháp lý",
    Kind.FORM: "Mẫu đơn",
    Kind.ELIGIBILITY: "Điều kiện",
}


def kinds_asked(message: Mapping[str, Any], by_phrase_only: bool = False) -> tuple[Kind, ...]:
    """Return the kinds a message asks, in the order of its words; empty when it only names a matter.

    A message may ask several at once ("giấy tờ gì, bao lâu, tốn bao nhiêu"): each is an entity `kind`. When no
    phrase gave a kind away, the intent tells it, unless phrases only are to count.
    """
    entities = sorted(
        (e for e in message.get("entities", ()) if e.get("entity") == "kind"), key=lambda e: int(e.get("start") or 0)
    )
    found = [Kind(e["value"]) for e in entities if e.get("value") in set(Kind)]
    intent = str((message.get("intent") or {}).get("name") or "")
    by_intent = intent.removeprefix("ask_") if intent.startswith("ask_") else ""
    if not found and not by_phrase_only and by_intent in set(Kind):
        found = [Kind(by_intent)]
    return tuple(dict.fromkeys(found))


def from_names(names: Sequence[str] | None) -> tuple[Kind, ...]:
    """Return kinds by their names as kept in a slot; unknown names are left out."""
    return tuple(Kind(name) for name in names or () if name in set(Kind))
