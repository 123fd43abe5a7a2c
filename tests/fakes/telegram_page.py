"""A small local page in front of the fake Bot API: anybody can talk to the assistant without an account or token."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from tests.fakes.telegram import TOKEN, FakeTelegram

PAGE = Path(__file__).with_name("telegram_chat.html")
ONE_SECOND = [{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}]
FILE = {"file_id": "x", "file_unique_id": "x", "duration": 1}
#: What the page can send beside words.
THINGS: dict[str, dict[str, Any]] = {"photo": {"photo": ONE_SECOND}, "voice": {"voice": FILE}}


class Page:
    """The routes of the page; a chat is whatever number the browser made up."""

    def __init__(self, fake: FakeTelegram) -> None:
        self._fake = fake

    def app(self) -> Starlette:
        """Return the Bot API with the page in front."""
        return self._fake.app(
            [
                Route("/", self._page),
                Route("/ui/{chat:int}", self._look),
                Route("/ui/{chat:int}/files/{message:int}", self._file),
                Route("/ui/{chat:int}/{deed}", self._do, methods=["POST"]),
            ]
        )

    async def _page(self, request: Request) -> Response:
        return FileResponse(PAGE, headers={"Cache-Control": "no-store"})

    async def _look(self, request: Request) -> Response:
        chat = self._fake.chat(request.path_params["chat"])
        shown = {
            "messages": chat.messages,
            "actions": len(chat.actions),
            "notices": list(self._fake.notices.values()),
            "commands": self._fake.commands,
            "is_blocked": chat.is_blocked,
            "is_connected": bool(self._fake.calls),
            "violations": self._fake.violations,
        }
        return JSONResponse(shown)

    async def _file(self, request: Request) -> Response:
        content = self._fake.chat(request.path_params["chat"]).files.get(request.path_params["message"])
        return Response(content, media_type="application/pdf") if content else Response(status_code=404)

    async def _do(self, request: Request) -> Response:
        chat, deed = request.path_params["chat"], request.path_params["deed"]
        told: dict[str, Any] = json.loads(await request.body() or b"{}")
        if deed == "say" and str(told.get("text") or "").strip():
            await self._fake.says(chat, str(told["text"])[:4096])
        elif deed == "press":
            await self._fake.presses(chat, str(told["title"]), int(told["message"]))
        elif deed == "send" and told.get("thing") in THINGS:
            await self._fake.sends(chat, **THINGS[told["thing"]])
        elif deed == "block":
            self._fake.chat(chat).is_blocked = not self._fake.chat(chat).is_blocked
        else:
            return JSONResponse({"detail": "?"}, 400)
        return JSONResponse({"ok": True})


def environment(url: str) -> dict[str, str]:
    """Return what the app has to be told to talk to the fake at this address."""
    return {"MOT_CUA_TELEGRAM_TOKEN": TOKEN, "MOT_CUA_TELEGRAM_API_URL": url}


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.telegram", description="Telegram giả lập để thử")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--quiet", action="store_true", help="không in hướng dẫn")
    given = parser.parse_args(arguments)
    url = f"http://127.0.0.1:{given.port}"
    settings = environment(url) | {"MOT_CUA_TELEGRAM_INTAKE": "polling"}
    if not given.quiet:
        print("Ghi vào .env của trợ lý rồi chạy `make run`:", *(f"{k}={v}" for k, v in settings.items()), sep="\n")
        print(f"Telegram giả lập: mở {url} để trò chuyện (Ctrl-C để dừng)", flush=True)
    uvicorn.run(Page(FakeTelegram()).app(), host="127.0.0.1", port=given.port, log_level="warning")
    return 0
