"""The widget on the page of another portal: one script tag, another address, no cookies."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from starlette.responses import HTMLResponse

from channels.web.demo import create_demo_app
from channels.web.demo_api import CannedAssistant
from channels.web.origins import allow_portals
from channels.web.pages import Pages
from tests.browser.visitor import Site, Visitor

Visit = Callable[..., Visitor]
PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Cổng của một sở</title>
<body><h1>Cổng của một sở</h1><script src="http://127.0.0.1:{port}/static/mot-cua.js" defer></script></body></html>"""


@pytest.fixture
def site(pages: Pages) -> Iterator[Site]:
    """An assistant on 127.0.0.1 that allows the pages of localhost: to a browser two different sites."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    assistant = CannedAssistant()
    app = create_demo_app(assistant, pages)
    allow_portals(app, f"http://localhost:{port}")

    @app.get("/so")
    async def page() -> HTMLResponse:
        return HTMLResponse(PAGE.format(port=port))

    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline, "the test server did not start"
        time.sleep(0.01)
    yield Site(f"http://127.0.0.1:{port}/", assistant)
    server.should_exit = True
    thread.join(5)
    listener.close()


def test_one_tag_brings_the_chat_to_another_portal(visit: Visit, site: Site) -> None:
    """Question and answer cross from one site to the other; a refusal tells how long to wait."""
    visitor = visit(load=False)
    other = site.url.replace("127.0.0.1", "localhost")
    visitor.page.goto(f"{other}so")
    visitor.open().say("làm giấy khai sinh cho con cần giấy tờ gì", "Tờ khai theo mẫu")
    assert visitor.page.evaluate("location.hostname") == "localhost"
    assert len(site.assistant.turns) == 1
