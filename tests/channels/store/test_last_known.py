"""Keeping last answers, in memory and in the database: per citizen and code, forgotten on request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from actions.one_stop.identity import DigitProof
from actions.one_stop.last_known import KnownAnswer, LastKnownStore, MemoryLastKnown
from actions.one_stop.port import Payment, Status
from actions.one_stop.status_view import StatusView, status_view
from channels.store.database import open_database
from channels.store.last_known import LAST_KNOWN, SqlLastKnown
from tests.channels.store.conftest import DATABASES, new_database
from tests.fakes.one_stop import CODE, NOON, make_record

WEEK = timedelta(days=7)
PROOF = DigitProof(b"a key for tests")
RECORD = make_record(PROOF, due_at=NOON)
ANSWER = KnownAnswer(status_view(RECORD, NOON), RECORD.proofs)


@pytest.fixture(params=["memory", *DATABASES])
def last_known(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LastKnownStore]:
    """Each store in turn."""
    if request.param == "memory":
        yield MemoryLastKnown()
        return
    with new_database(request.param, tmp_path) as url:
        engine = open_database(url)
        yield SqlLastKnown(engine, PROOF, WEEK)
        engine.dispose()


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(LAST_KNOWN)) or 0)


async def test_an_answer_is_found_by_its_citizen_and_code_only(last_known: LastKnownStore) -> None:
    """A stranger learns nothing from it, not even that the code exists."""
    await last_known.keep("one", ANSWER)

    assert await last_known.find("one", CODE) == ANSWER
    assert await last_known.find("two", CODE) is None
    assert await last_known.find("one", "H50.05-261120-0976") is None


@pytest.mark.parametrize(
    "facts",
    [
        {"status": None, "status_text": "Chờ liên thông thuế", "due_at": None, "office": None},
        {"status": Status.PAPERS_NEEDED, "papers_to_add": ("Đơn", "Bản vẽ"), "papers_due_at": NOON},
        {"status": Status.PAYMENT_NEEDED, "payment": Payment(100_000, "Lệ phí", "https://dichvucong.gov.vn/")},
    ],
)
async def test_every_fact_comes_back_as_it_was(last_known: LastKnownStore, facts: dict[str, object]) -> None:
    """An absent fact stays absent, a moment keeps Vietnam's time."""
    view: StatusView = replace(ANSWER.view, **facts)  # type: ignore[arg-type]
    await last_known.keep("one", KnownAnswer(view, ANSWER.proofs))
    found = await last_known.find("one", CODE)

    assert found is not None and found.view == view and isinstance(found.view.status, Status | None)
    assert found.view.as_of.utcoffset() == NOON.utcoffset()
    assert PROOF.matches(found.proofs, CODE, "1234") and not PROOF.matches(found.proofs, CODE, "4321")


async def test_a_newer_answer_takes_the_place_of_the_older(last_known: LastKnownStore) -> None:
    """One answer for one citizen and code."""
    newer = replace(ANSWER, view=replace(ANSWER.view, status=Status.FINISHED))
    await last_known.keep("one", ANSWER)
    await last_known.keep("one", newer)

    assert await last_known.find("one", CODE) == newer


async def test_forgetting_one_citizen_leaves_the_others(last_known: LastKnownStore) -> None:
    """ "Xóa dữ liệu của tôi" is about me."""
    await last_known.keep("one", ANSWER)
    await last_known.keep("two", ANSWER)
    await last_known.forget("one")

    assert await last_known.find("one", CODE) is None
    assert await last_known.find("two", CODE) == ANSWER


async def test_answers_survive_a_restart(database_url: str) -> None:
    """The system may be down just when the app starts anew."""
    before = open_database(database_url)
    await SqlLastKnown(before, PROOF, WEEK).keep("one", ANSWER)
    before.dispose()
    after = open_database(database_url)

    assert await SqlLastKnown(after, DigitProof(b"a key for tests"), WEEK).find("one", CODE) == ANSWER
    after.dispose()


async def test_an_answer_under_another_key_is_none(engine: Engine) -> None:
    """Its digits could not be proved, and the owner would be told that they are wrong."""
    await SqlLastKnown(engine, PROOF, WEEK).keep("one", ANSWER)

    assert await SqlLastKnown(engine, DigitProof(), WEEK).find("one", CODE) is None


async def test_answers_past_their_time_are_deleted(engine: Engine) -> None:
    """What may not be shown any more need not be kept."""
    await SqlLastKnown(engine, PROOF, WEEK).keep("old", ANSWER)
    long_ago = datetime.now(timezone.utc) - timedelta(days=8)
    with engine.begin() as connection:
        connection.execute(update(LAST_KNOWN).values(kept_s=int(long_ago.timestamp())))
    await SqlLastKnown(engine, PROOF, WEEK).keep("new", ANSWER)

    assert count(engine) == 1


async def test_nothing_is_kept_when_the_time_is_nought(engine: Engine) -> None:
    """A province may decide to keep no answers at all."""
    await SqlLastKnown(engine, PROOF, timedelta()).keep("one", ANSWER)

    assert count(engine) == 0


async def test_neither_name_nor_digits_stand_in_the_database(engine: Engine) -> None:
    """Names are masked, digits are keyed digests, the key is not told."""
    await SqlLastKnown(engine, PROOF, WEEK).keep("one", ANSWER)
    with engine.connect() as connection:
        kept = repr([tuple(row) for row in connection.execute(select(LAST_KNOWN))])

    assert ANSWER.view.owner_masked in kept
    assert "Nguyễn" not in kept and "000010001234" not in kept and "a key for tests" not in kept
