"""Slow lines: the widget stays small and is ready quickly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from channels.web.pages import Pages
from tests.browser.visitor import Site, Visitor

Visit = Callable[..., Visitor]

LIMIT_BYTES = 20 * 1024
LIMIT_MS = 1500
KBIT_PER_S = 400
LATENCY_MS = 400


def ready_after_ms(visitor: Visitor) -> float:
    """Load the portal once over the slow line and return when the launcher could be pressed."""
    client = visitor.page.context.new_cdp_session(visitor.page)
    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    bytes_per_s = KBIT_PER_S * 1000 / 8
    line: dict[str, Any] = {"offline": False, "latency": LATENCY_MS}
    line |= {"downloadThroughput": bytes_per_s, "uploadThroughput": bytes_per_s}
    client.send("Network.emulateNetworkConditions", line)
    visitor.load()
    visitor.open().box.wait_for()
    visitor.page.keyboard.press("Escape")
    return float(visitor.page.evaluate("performance.getEntriesByName('mot-cua-ready')[0].startTime"))


def test_everything_the_widget_loads_is_at_most_20_kb(visit: Visit, site: Site, pages: Pages) -> None:
    """Counted on the wire: script and styles in one answer, and nothing else until something is asked."""
    asset = pages.assets.get("mot-cua.js")
    assert asset is not None
    assert asset.compressed is not None
    assert len(asset.compressed) <= LIMIT_BYTES
    visitor = visit(load=False)
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url.removeprefix(site.url).split("?")[0]))
    visitor.load().open()
    assert sorted(set(asked)) == ["", "static/logo.svg", "static/mot-cua.js", "static/portal.css"]


def test_the_launcher_is_ready_in_time_on_a_slow_line(visit: Visit) -> None:
    """400 kbit/s and 400 ms, an empty cache; best of three, since the machine may be busy."""
    times = []
    for _ in range(3):
        visitor = visit(load=False)
        times.append(ready_after_ms(visitor))
        if times[-1] <= LIMIT_MS:
            break
    print(f"ready after {min(times):.0f} ms")
    assert min(times) <= LIMIT_MS
