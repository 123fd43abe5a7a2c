"""The statistics page is for managers; the feed for whoever has the token; the table opens in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import date, datetime, timezone
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from pydantic import SecretStr

from channels.statistics import Statistics, build_statistics
from channels.statistics.charts import Series, bar_chart, lying_bars
from channels.statistics.pages import as_csv
from channels.statistics.settings import StatisticsSettings
from channels.store.database import open_database
from channels.store.days import read_period
from channels.store.turns import TurnNote
from tests.fakes.staff import browser, make_desk, sign_in
from tests.fakes.tiny_search import make_search

TOKEN = "a token of the operations centre"


@pytest.fixture
def statistics(tmp_path: Path) -> Statistics:
    engine = open_database(f"sqlite:///{tmp_path / 'app.db'}")
    settings = StatisticsSettings(token=SecretStr(TOKEN))
    return build_statistics(engine, make_search().index.catalogue, 90, settings)


@pytest_asyncio.fixture
async def visitor(statistics: Statistics, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at an app with the page and the feed."""
    app = FastAPI()
    desk = make_desk(open_database(f"sqlite:///{tmp_path / 'app.db'}"))
    desk.install(app, statistics.routers(desk))
    async with browser(app) as one:
        yield one


def note(words: str | None = None, outcome: str = "answered") -> TurnNote:
    now = datetime.now(timezone.utc)
    return TurnNote("a" * 32, "web", now, outcome, 12.0, topics=("1.000001",), words=words)


async def test_a_manager_sees_every_figure_with_its_definition(
    visitor: httpx.AsyncClient, statistics: Statistics
) -> None:
    """A number whose meaning nobody can look up is believed or dismissed, never used."""
    statistics.turns.add(note())
    statistics.turns.add(note("<b>nuôi cá sấu</b>", "nothing_found"))
    await sign_in(visitor, "manager")
    page = (await visitor.get("/can-bo/thong-ke?ky=7")).text

    assert "50%" in page and "Thẻ đọc sách: làm lần đầu" in page
    assert "&lt;b&gt;nuôi cá sấu&lt;/b&gt;" in page
    assert page.count("Tính thế nào") >= 14


@pytest.mark.parametrize("name", ["clerk", "editor"])
async def test_others_do_not_get_in(visitor: httpx.AsyncClient, name: str) -> None:
    """The page is for managers and admins."""
    await sign_in(visitor, name)

    assert (await visitor.get("/can-bo/thong-ke")).status_code == 403
    assert (await visitor.get("/can-bo/thong-ke.csv")).status_code == 403


@pytest.mark.parametrize("query", ["", "?ky=365", "?ky=99999", "?ky=x", "?tu=2026-01-01&den=2026-01-31", "?tu=a&den=b"])
async def test_any_period_gets_a_page(visitor: httpx.AsyncClient, query: str) -> None:
    """Odd wishes become the usual period."""
    await sign_in(visitor, "manager")

    assert (await visitor.get(f"/can-bo/thong-ke{query}")).status_code == 200


async def test_the_page_holds_no_style_or_script_of_its_own(visitor: httpx.AsyncClient, statistics: Statistics) -> None:
    """The policy forbids both, and a chart whose style is blocked is a black box."""
    statistics.turns.add(note())
    await sign_in(visitor, "manager")
    page = (await visitor.get("/can-bo/thong-ke")).text

    assert "<style" not in page and " style=" not in page
    assert page.count("<script") == page.count("<script src=")


async def test_the_table_can_be_opened_in_a_spreadsheet(visitor: httpx.AsyncClient, statistics: Statistics) -> None:
    """With Vietnamese letters, every count in a row of its own."""
    statistics.turns.add(note())
    await sign_in(visitor, "manager")
    answer = await visitor.get("/can-bo/thong-ke.csv?ky=7")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert "attachment" in answer.headers["Content-Disposition"]
    assert {(row["so_lieu"], row["khoa"], row["so_luong"]) for row in rows} >= {
        ("outcome", "answered", "1"),
        ("procedure", "1.000001", "1"),
    }


def test_a_cell_of_the_table_runs_nothing() -> None:
    """Spreadsheets take a text that begins with = for a formula."""
    assert b"'=HYPERLINK" in as_csv([(date(2026, 11, 1), "event", "=HYPERLINK()", "", 1)])


@pytest.mark.parametrize("given", ["", "Bearer wrong", f"Basic {TOKEN}", "Bearer "])
async def test_the_feed_wants_its_token(visitor: httpx.AsyncClient, given: str) -> None:
    """Figures are no secret, but not everybody's either."""
    answer = await visitor.get("/api/v1/statistics", headers={"Authorization": given})

    assert answer.status_code == 401 and "figures" not in answer.text


async def test_the_feed_gives_figures_with_definitions_and_no_words(
    visitor: httpx.AsyncClient, statistics: Statistics
) -> None:
    """The operations centre shows numbers; questions of citizens stay here."""
    statistics.turns.add(note("nuôi cá sấu", "nothing_found"))
    answer = await visitor.get("/api/v1/statistics?days=7", headers={"Authorization": f"Bearer {TOKEN}"})

    assert answer.json()["figures"]["missed"] == 1
    assert set(answer.json()["definitions"]) >= {"visits", "answered", "speed", "wait"}
    assert "cá sấu" not in answer.text


async def test_without_a_token_there_is_no_feed(tmp_path: Path) -> None:
    """Off until somebody sets it."""
    engine = open_database(f"sqlite:///{tmp_path / 'app.db'}")
    statistics = build_statistics(engine, make_search().index.catalogue, 90, StatisticsSettings(token=None))
    app = FastAPI()
    desk = make_desk(engine)
    desk.install(app, statistics.routers(desk))
    async with browser(app) as visitor:
        assert (await visitor.get("/api/v1/statistics")).status_code == 404


def test_a_chart_is_only_shapes_and_text() -> None:
    """Whatever the library adds for its own pages stays out."""
    charts = [
        bar_chart("a", "Một", ["1", "2"], [Series("x", [1, 2]), Series("y", [0, 3])]),
        bar_chart("b", "Không có gì", [], [Series("x", [])]),
        bar_chart("c", "Toàn số 0", ["1"], [Series("x", [0])]),
        lying_bars("d", "Ba", ['<i>"&', "b"], [5, 6]),
    ]
    for chart in charts:
        assert 'role="img"' in chart
        assert not any(word in chart for word in ("<style", "<script", "style=", "onclick", "<desc", "http://pygal"))
    assert "&lt;i&gt;" in charts[3]


def test_a_period_is_read_from_odd_wishes() -> None:
    """Whatever stands in the address."""
    today = date(2026, 11, 22)

    assert len(read_period(today, "7").days) == 7
    assert len(read_period(today, "-5").days) == 1
    assert read_period(today, "", "2026-03-05", "2026-03-01").first == date(2026, 3, 1)
    assert len(read_period(today, "", "1900-01-01", "2026-01-01").days) == 30
    assert len(read_period(today, "", "2026-11-01", "2027-01-01").days) == 30
