"""Says what strangers said next to the running system, each in a conversation of its own, and counts how it went."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from actions.bearing_fitting import NONE, STAY, TalkCase, load_talks

CLIENTS = 4
#: Counted as an answer that names one procedure.
_ANSWERED = "answered"
KINDS = {STAY: "vẫn thủ tục đang nói", "other": "chuyển sang thủ tục khác", NONE: "không phải việc của mình"}


@dataclass(frozen=True)
class Talked:
    """What the system made of a message. outcome and codes as the turn tells them; candidates: what it offered."""

    case: TalkCase
    outcome: str
    code: str | None
    candidates: tuple[str, ...]

    @property
    def kind(self) -> str:
        return self.case.wants[0] if self.case.wants[0] in KINDS else "other"

    @property
    def is_right(self) -> bool:
        """Tell whether the subject was right; what is none of ours must not be answered with another procedure."""
        if self.kind == NONE:
            return self.outcome != _ANSWERED or self.code == self.case.about
        return self.outcome == _ANSWERED and self.code in self._wanted

    @property
    def is_asked_well(self) -> bool:
        """Tell whether it was asked which is meant, the right one among the choices."""
        return bool(self._wanted.intersection(self.candidates)) and not self.is_right

    @property
    def _wanted(self) -> set[str]:
        return {self.case.about} if self.kind == STAY else set(self.case.wants)


def talk_all(url: str, path: Path) -> list[Talked]:
    """Return every told message with what was made of it."""
    with (
        httpx.Client(base_url=url, timeout=60.0, trust_env=False) as http,
        ThreadPoolExecutor(CLIENTS) as clients,
    ):
        return list(clients.map(lambda case: _talk(http, case), load_talks(path)))


def _talk(http: httpx.Client, case: TalkCase) -> Talked:
    conversation = uuid.uuid4().hex
    _send(http, conversation, {"payload": f'/choose_procedure{{"procedure_code": "{case.about}"}}'})
    turn = _send(http, conversation, {"text": case.says})
    return Talked(case, turn["outcome"], turn["procedure_code"], tuple(turn["candidates"]))


def _send(http: httpx.Client, conversation: str, said: dict[str, str]) -> dict[str, Any]:
    body = {"conversation_id": conversation, "message_id": uuid.uuid4().hex, **said}
    response = http.post("/api/v1/messages", json=body)
    response.raise_for_status()
    turn: dict[str, Any] = response.json()
    return turn


def talk_lines(talked: Sequence[Talked]) -> list[str]:
    """Return a Markdown table: how many stayed, moved and were refused rightly, or were asked well."""
    number, right = Counter(one.kind for one in talked), Counter(one.kind for one in talked if one.is_right)
    asked = Counter(one.kind for one in talked if one.is_asked_well)
    rows = ["| người ta nói về | số câu | đúng | hỏi lại, có lựa chọn đúng |", "|---|---|---|---|"]
    for kind, name in KINDS.items():
        if number[kind]:
            share, back = right[kind] / number[kind], asked[kind] / number[kind]
            rows.append(f"| {name} | {number[kind]} | **{share:.3f}** | {back:.3f} |")
    return rows
