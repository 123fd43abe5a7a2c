"""The statistics page in a real browser: charts that the policy lets through, in light and dark, for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

import pytest

from channels.staff.desk import Desk
from channels.staff.roles import Role
from channels.statistics import Statistics, build_statistics
from channels.store.database import open_database
from channels.store.turns import TurnNote
from channels.web.pages import Pages
from tests.browser.staff_site import OfficerTab, officer_tab, serve_desk
from tests.browser.test_accessibility import PHONE, violations
from tests.fakes.staff import make_desk
from tests.fakes.tiny_search import make_search

OUTCOMES = ["answered"] * 6 + ["asked_back", "small_talk", "nothing_found", "status_shown", "life_event_shown"]
QUESTIONS = ["nuôi cá sấu có phải xin phép không", "nuôi cá sấu có phải xin phép không?", "mua vé máy bay ở đâu"]


def fill(statistics: Statistics) -> None:
    """Let sixty days happen."""
    dice = Random(7)
    now = datetime.now(timezone.utc)
    for number in range(400):
        outcome = dice.choice(OUTCOMES)
        at = now - timedelta(days=dice.randrange(60), minutes=dice.randrange(600))
        code = dice.choice(["1.000001", "1.000001", "1.000002", "1.000005"])
        note = TurnNote(
            f"{number:032x}",
            dice.choice(["web", "web", "zalo", "telegram"]),
            at,
            outcome,
            dice.choice([24.0, 80.0, 140.0, 900.0]),
            topics=(code,) if outcome == "answered" else (),
            life_event="di_hoc" if outcome == "life_event_shown" else None,
            words=dice.choice(QUESTIONS) if outcome == "nothing_found" else None,
        )
        statistics.turns.add(note)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, pages: Pages) -> Iterator[tuple[str, Desk]]:
    """A desk with two months of turns."""
    folder: Path = tmp_path_factory.mktemp("statistics")
    engine = open_database(f"sqlite:///{folder / 'app.db'}")
    statistics = build_statistics(engine, make_search().index.catalogue, 90)
    fill(statistics)
    desk = make_desk(engine)
    with serve_desk(desk, pages, statistics.routers(desk)) as url:
        yield url, desk
    engine.dispose()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_and_the_policy_blocks_nothing(
    browser: Any, site: tuple[str, Desk], scheme: str, viewport: dict[str, int]
) -> None:
    """Also with every definition and table opened."""
    tab = officer_tab(browser, *site, Role.MANAGER, color_scheme=scheme, viewport=viewport)
    tab.open("/can-bo/thong-ke?ky=30")
    assert violations(tab.page) == []
    tab.page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    assert violations(tab.page) == []
    tab.finish()


def test_bars_are_drawn_in_the_desks_colours(browser: Any, site: tuple[str, Desk]) -> None:
    """A style that the policy blocks leaves black boxes."""
    tab = officer_tab(browser, *site, Role.MANAGER).open("/can-bo/thong-ke?ky=30")
    bars = tab.page.evaluate(
        "[...document.querySelectorAll('.chart .bar rect, .chart rect.rect')].map((bar) => "
        "[getComputedStyle(bar).fill, bar.getBoundingClientRect().height])"
    )

    assert len(bars) > 30
    assert {fill for fill, _ in bars} == {"rgb(11, 74, 134)", "rgb(178, 90, 0)"}
    assert max(height for _, height in bars) > 80
    tab.finish()


def test_a_narrow_screen_scrolls_only_inside_the_charts(browser: Any, site: tuple[str, Desk]) -> None:
    """The page itself must not move sideways."""
    tab: OfficerTab = officer_tab(browser, *site, Role.MANAGER, viewport=PHONE).open("/can-bo/thong-ke")

    assert tab.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    tab.finish()


def test_a_period_is_chosen_by_keyboard(browser: Any, site: tuple[str, Desk]) -> None:
    """The shortcut of the menu, then the choice."""
    tab = officer_tab(browser, *site, Role.MANAGER).open("/can-bo/thong-ke")
    tab.page.get_by_role("link", name="7 ngày").focus()
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/can-bo/thong-ke?ky=7")

    assert tab.page.get_by_role("link", name="7 ngày").get_attribute("aria-current") == "true"
    tab.finish()
