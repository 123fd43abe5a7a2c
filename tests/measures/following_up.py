"""Asks follow-up questions in conversations with the running system and counts the right answers."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from knowledge.vietnamese import fold

FOLLOW_UPS = Path(__file__).parent / "follow_ups.yml"
#: How many follow-ups one conversation takes before the next begins.
PER_TALK = 6
#: Lines that stand together only in the overview, which names every kind of fact and so answers no follow-up.
OVERVIEW = ("Thời hạn giải quyết:", "Cách nộp:", "Nơi giải quyết:")


@dataclass(frozen=True)
class FollowUp:
    """A follow-up that was asked: what was said before and then, and what went wrong (empty = right)."""

    start: str
    said: str
    fault: str


def ask_follow_ups(url: str, path: Path = FOLLOW_UPS) -> list[FollowUp]:
    """Return every start with every follow-up, judged."""
    stored = yaml.safe_load(path.read_text(encoding="utf8"))
    with httpx.Client(base_url=url, timeout=60.0, trust_env=False) as http:
        return [one for start in stored["starts"] for one in _talks(http, start, stored["follow_ups"])]


def _talks(http: httpx.Client, start: dict[str, Any], follow_ups: list[dict[str, Any]]) -> Iterator[FollowUp]:
    for first in range(0, len(follow_ups), PER_TALK):
        conversation = uuid.uuid4().hex
        opened = _say(http, conversation, start["says"])
        if opened["outcome"] == "asked_back" and start["code"] in opened["candidates"]:
            opened = _say(http, conversation, str(opened["candidates"].index(start["code"]) + 1))
        for follow_up in follow_ups[first : first + PER_TALK]:
            turn = _say(http, conversation, follow_up["says"])
            yield FollowUp(start["says"], follow_up["says"], _fault(opened, turn, start["code"], follow_up["shows"]))


def _fault(opened: dict[str, Any], turn: dict[str, Any], code: str, shows: list[str]) -> str:
    if opened["procedure_code"] != code:
        return f"the talk began with {opened['procedure_code'] or opened['outcome']}"
    if turn["procedure_code"] != code:
        return f"{turn['outcome']} about {turn['procedure_code']}"
    text = fold(" ".join(reply["text"] for reply in turn["replies"]))
    if all(fold(line) in text for line in OVERVIEW):
        return "the whole overview again"
    return "" if any(fold(part) in text for part in shows) else f"another kind of fact: {text[:60]}"


def _say(http: httpx.Client, conversation: str, text: str) -> dict[str, Any]:
    body = {"conversation_id": conversation, "message_id": uuid.uuid4().hex, "text": text}
    response = http.post("/api/v1/messages", json=body)
    response.raise_for_status()
    turn: dict[str, Any] = response.json()
    return turn
