"""The widget on the page of another portal: one script tag, another address, no cookies."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from starlette.responses import HTMLResponse

from channels.web.demo import create_demo_app
from channels.web.demo_api import CannedAssistant
from channels.web.origins import allow_portals
from channels.web.pages import Pages
from tests.browser.visitor import Site, Visitor
from tests.serving import listening, serving

Visit = Callable[..., Visitor]
PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Cổng của một sở</title>
<body><h1>Cổng của một sở</h1><script src="http://127.0.0.1:{port}/static/mot-cua.js" defer></script></body></html>"""


@pytest.fixture
def site(pages: Pages) -> Iterator[Site]:
    """An assistant on 127.0.0.1 that allows the pages of localhost: to a browser two different sites."""
    listener = listening()
    port = listener.getsockname()[1]
    assistant = CannedAssistant()
    app = create_demo_app(assistant, pages)
    allow_portals(app, f"http://localhost:{port}")

    @app.get("/so")
    async def page() -> HTMLResponse:
        return HTMLResponse(PAGE.format(port=port))

    with serving(app, listener, lifespan="auto") as url:
        yield Site(f"{url}/", assistant)


def test_one_tag_brings_the_chat_to_another_portal(visit: Visit, site: Site) -> None:
    """Question and answer cross from one site to the other; a refusal tells how long to wait."""
    visitor = visit(load=False)
    other = site.url.replace("127.0.0.1", "localhost")
    visitor.page.goto(f"{other}so")
    visitor.open().say("làm giấy khai sinh cho con cần giấy tờ gì", "Tờ khai theo mẫu")
    assert visitor.page.evaluate("location.hostname") == "localhost"
    assert len(site.assistant.turns) == 1
