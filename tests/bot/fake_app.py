"""A small strict app for tests: answers action calls over real HTTP and keeps what it was asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.remote_actions import SECRET_HEADER

SECRET = "a secret for tests"
ASKS = {"action_ask_application_code": "Mã hồ sơ?", "action_ask_pin_token": "4 số cuối?"}
SAYS = {"action_emergency": "utter_emergency", "action_scam_or_secret": "utter_scam_or_secret"}
REPLIES = {
    "action_answer",
    "action_life_event",
    "action_show_status",
    "action_follow",
    "action_unfollow",
    "action_affirm",
    "action_deny",
    "action_cancelled",
    "action_delete_my_data",
    "action_privacy",
    "action_handover",
    "action_complaint",
    "action_feedback",
}


@dataclass
class FakeApp:
    """Answers every action with its own name; refuses a call without the secret or with an unknown action."""

    calls: list[dict[str, Any]] = field(default_factory=list)
    delay_s: float = 0.0
    broken: bool = False

    def application(self) -> web.Application:
        application = web.Application()
        application.add_routes([web.post("/actions/webhook", self.answer)])
        return application

    async def answer(self, request: web.Request) -> web.Response:
        call = await request.json()
        self.calls.append(call)
        name = call["next_action"]
        if request.headers.get(SECRET_HEADER) != SECRET:
            return web.json_response({"error": "wrong secret"}, status=403)
        if self.broken:
            return web.json_response({"error": "broken", "action_name": name}, status=500)
        if name == "validate_application_status_form":
            return web.json_response({"events": _validated(call), "responses": []})
        if name in ASKS:
            return web.json_response({"events": [], "responses": [_said(ASKS[name], "status_asked")]})
        if name in SAYS:
            named = {**_said("", "out_of_scope"), "text": None, "response": SAYS[name]}
            return web.json_response({"events": [], "responses": [named]})
        if name not in REPLIES:
            return web.json_response({"error": "unknown action", "action_name": name}, status=404)
        events = _forgotten() if name == "action_show_status" else []
        return web.json_response({"events": events, "responses": [_said(f"[{name}]", "answered")]})

    def names(self) -> list[str]:
        """Return the actions called so far, validation left out."""
        return [call["next_action"] for call in self.calls if not call["next_action"].startswith("validate_")]

    def last(self, name: str) -> dict[str, Any]:
        """Return the last call of an action."""
        return next(call for call in reversed(self.calls) if call["next_action"] == name)


def _validated(call: dict[str, Any]) -> list[dict[str, Any]]:
    code = call["tracker"]["slots"].get("application_code")
    if code and call["tracker"]["latest_message"].get("text", "").count("9999"):
        return [_slot("application_code", None)]
    return []


def _forgotten() -> list[dict[str, Any]]:
    return [_slot("application_code", None), _slot("pin_token", None)]


def _slot(name: str, value: object) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value, "timestamp": None}


def _said(text: str, outcome: str) -> dict[str, Any]:
    custom = {"turn": {"outcome": outcome}}
    return {"text": text, "buttons": [], "elements": [], "custom": custom, "template": None, "response": None}
