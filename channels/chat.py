"""Talk to the assistant in the terminal: `make chat`. Starts everything when it is not running yet."""

from __future__ import annotations

import asyncio
import sys
import uuid
from dataclasses import dataclass, field

import httpx
from dotenv import load_dotenv

from actions.one_stop.settings import OneStopSettings
from channels.launch import RASA_PYTHON, ROOT, programs, wait_until_ready
from channels.messages import TurnResult
from channels.processes import Keeper
from channels.settings import AppSettings

LEAVE = {"", "thoát", "thoat", "exit", "quit"}


@dataclass
class Terminal:
    """A conversation typed at a prompt; a number picks the button of that place."""

    http: httpx.AsyncClient
    conversation: str = field(default_factory=lambda: f"chat-{uuid.uuid4().hex[:12]}")
    payloads: list[str] = field(default_factory=list)

    async def ask(self, line: str) -> str:
        """Send a line and return what to print."""
        body = {"conversation_id": self.conversation, "message_id": uuid.uuid4().hex}
        number = int(line) if line.isdigit() else 0
        if 1 <= number <= len(self.payloads):
            body["payload"] = self.payloads[number - 1]
        else:
            body["text"] = line
        response = await self.http.post("/api/v1/messages", json=body)
        if response.status_code != 200:
            return str(response.json().get("detail", "Không gửi được."))
        return self._printed(TurnResult.model_validate(response.json()))

    def _printed(self, result: TurnResult) -> str:
        buttons = [button for reply in result.replies for button in reply.buttons]
        self.payloads = [button.payload for button in buttons]
        parts = [reply.text.replace("**", "") for reply in result.replies]
        parts += [f"  {link.title}: {link.url}" for reply in result.replies for link in reply.links]
        if buttons:
            parts.append("  " + "   ".join(f"[{n}] {button.title}" for n, button in enumerate(buttons, 1)))
        return "\n".join(parts)


async def talk(base_url: str) -> None:
    """Read lines and print answers until an empty line or the end of input."""
    async with httpx.AsyncClient(base_url=base_url, timeout=30.0, trust_env=False) as http:
        terminal = Terminal(http)
        print('Hỏi về thủ tục hoặc hồ sơ; số để chọn nút, dòng trống hoặc "thoát" để dừng.')
        while True:
            try:
                line = (await asyncio.to_thread(input, "\nAnh/chị: ")).strip()
            except EOFError:
                return
            if line.lower() in LEAVE:
                return
            print(await terminal.ask(line))


async def _is_up(base_url: str) -> bool:
    try:
        async with httpx.AsyncClient(base_url=base_url, timeout=2.0, trust_env=False) as http:
            return bool((await http.get("/healthz")).json()["ok"])
    except (httpx.HTTPError, ValueError, KeyError):
        return False


async def run() -> int:
    """Talk to the running assistant, or start one for this conversation."""
    load_dotenv(ROOT / ".env")
    settings = AppSettings()
    base_url = f"http://127.0.0.1:{settings.port}"
    if await _is_up(base_url):
        await talk(base_url)
        return 0
    print("Đang khởi động…", flush=True)
    keeper = Keeper(ROOT)
    keeping = asyncio.create_task(keeper.keep(programs(settings, OneStopSettings(), RASA_PYTHON)))
    try:
        if not await wait_until_ready(base_url, keeper):
            print("Không khởi động được; thử `make run` để xem lỗi.", file=sys.stderr)
            return 1
        await talk(base_url)
        return 0
    finally:
        keeper.stop()
        await keeping


if __name__ == "__main__":
    raise SystemExit(asyncio.run(run()))
