"""Serves the actions to rasa at POST /actions/webhook, inside the app: loopback and a secret header only."""

from __future__ import annotations

import hmac
import ipaddress
import json
import logging
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

SECRET_HEADER = "X-Action-Secret"
log = logging.getLogger(__name__)


def action_router(actions: Sequence[Action], secret: str) -> APIRouter:
    """Return the route that runs the actions.

    secret: made at start and given to rasa; without the check a proxy on the same host would be "loopback" too.
    """
    executor = ActionExecutor()
    for action in actions:
        executor.register_function(action.name(), action.run)
    router = APIRouter()

    @router.post("/actions/webhook", include_in_schema=False)
    async def run_action(request: Request) -> dict[str, Any]:
        _refuse_strangers(request, secret)
        call = _call_in(await request.body())
        try:
            result = await executor.run(call)
        except ActionNotFoundException as error:
            raise HTTPException(404, f"no action {error.action_name}") from error
        except ActionExecutionRejection as error:
            detail = {"error": error.message, "action_name": error.action_name}
            raise HTTPException(400, detail) from error
        return {"events": [], "responses": []} if result is None else dict(result)

    return router


def _call_in(body: bytes) -> dict[str, Any]:
    try:
        call = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "no JSON") from error
    tracker = call.get("tracker") if isinstance(call, dict) else None
    if not isinstance(tracker, dict) or "sender_id" not in tracker or not isinstance(call.get("next_action"), str):
        raise HTTPException(400, "no action call")
    return {"domain": {}, **call}


def _refuse_strangers(request: Request, secret: str) -> None:
    given = request.headers.get(SECRET_HEADER, "")
    host = request.client.host if request.client else ""
    if not _is_loopback(host) or not secret or not hmac.compare_digest(given.encode(), secret.encode()):
        raise HTTPException(403, "the dialogue server only")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == ""  # a unix socket has no address
