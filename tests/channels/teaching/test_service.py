"""Who may decide on what, and what becomes of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Engine

from channels.staff.roles import Role
from channels.store.teaching import State, question_key
from channels.teaching.errors import AlreadyDecided, ChangeRefused, NotAllowedHere, RebuildRefused
from channels.teaching.files import Change
from channels.teaching.service import INTENTS
from tests.channels.teaching.conftest import officer
from tests.fakes.teaching import make_teaching
from tests.test_architecture import ROOT

LAN, MINH, HOA = officer("lan", Role.CLERK), officer("minh", Role.EDITOR), officer("hoa", Role.EDITOR)
ADMIN = officer("quan", Role.ADMIN)
NAME = Change(True, "1.000001", "làm thẻ coi sách")
KEY = question_key("làm thẻ coi sách")


def card(root: Path) -> str:
    return (root / "knowledge/catalogue/thu_vien/1.000001-cap-the-doc-sach.yml").read_text(encoding="utf8")


async def test_a_clerk_proposes_and_an_editor_approves(engine: Engine, root: Path) -> None:
    """Only then the file changes."""
    teaching, _, _ = make_teaching(engine, root)
    await teaching.propose(LAN, NAME, [KEY])
    (waiting,) = teaching.store.in_state(State.OPEN)
    assert NAME.words not in card(root)
    await teaching.approve(MINH, waiting.id)

    assert f"- {NAME.words}\n" in card(root)
    approved = teaching.store.get(waiting.id)
    assert approved is not None and approved.state is State.APPROVED and approved.decided_by == "minh"
    assert approved.file == "knowledge/catalogue/thu_vien/1.000001-cap-the-doc-sach.yml"


async def test_nobody_approves_their_own_but_admins(engine: Engine, root: Path) -> None:
    """Four eyes; an admin is the way out where there is only one editor."""
    teaching, _, _ = make_teaching(engine, root)
    for who in (LAN, MINH, ADMIN):
        await teaching.propose(who, Change(True, "1.000001", f"thẻ của {who.name}"), [])
    admins, minhs, lans = (one.id for one in teaching.store.in_state(State.OPEN))

    for who, number in ((MINH, minhs), (LAN, lans), (LAN, minhs)):
        with pytest.raises(NotAllowedHere):
            await teaching.approve(who, number)
        with pytest.raises(NotAllowedHere):
            await teaching.reject(who, number, "không")
    await teaching.approve(HOA, minhs)
    await teaching.approve(ADMIN, admins)


async def test_a_change_that_the_checks_refuse_stays_open(engine: Engine, root: Path) -> None:
    """The editor reads why and may reject it."""
    teaching, _, _ = make_teaching(engine, root)
    await teaching.propose(LAN, Change(True, "1.000001", "nuôi ong lấy mật"), [])
    (waiting,) = teaching.store.in_state(State.OPEN)

    with pytest.raises(ChangeRefused, match="đã là cách gọi"):
        await teaching.approve(MINH, waiting.id)
    assert [one.id for one in teaching.store.in_state(State.OPEN)] == [waiting.id]
    await teaching.reject(MINH, waiting.id, "là thủ tục khác")
    with pytest.raises(AlreadyDecided):
        await teaching.approve(MINH, waiting.id)


async def test_two_editors_at_once_write_one_line(engine: Engine, root: Path) -> None:
    """One of them hears that it is done."""
    teaching, _, _ = make_teaching(engine, root)
    await teaching.propose(LAN, NAME, [])
    (waiting,) = teaching.store.in_state(State.OPEN)
    await teaching.rebuilder.adopt()
    results = await asyncio.gather(
        teaching.approve(MINH, waiting.id), teaching.approve(HOA, waiting.id), return_exceptions=True
    )

    assert sum(isinstance(result, AlreadyDecided) for result in results) == 1
    assert card(root).count(NAME.words) == 1


async def test_what_was_approved_can_be_taken_back(engine: Engine, root: Path) -> None:
    """After a build that fell because of it; the question is on the list again."""
    teaching, _, _ = make_teaching(engine, root)
    before = card(root)
    await teaching.propose(LAN, NAME, [KEY])
    (waiting,) = teaching.store.in_state(State.OPEN)
    await teaching.approve(MINH, waiting.id)
    await teaching.withdraw(MINH, waiting.id)

    assert card(root) == before and teaching.store.settled() == {}
    with pytest.raises(AlreadyDecided):
        await teaching.withdraw(MINH, waiting.id)


async def test_words_with_faults_are_not_even_proposed(engine: Engine, root: Path) -> None:
    """What is hidden in a citizen's words must not become the assistant's."""
    teaching, _, _ = make_teaching(engine, root)
    looked = await teaching.propose(LAN, Change(True, "1.000001", "thẻ của •••"), [KEY])

    assert looked.faults and teaching.store.in_state(State.OPEN) == [] and teaching.store.settled() == {}


async def test_the_first_change_keeps_what_is_in_service(engine: Engine, root: Path) -> None:
    """Otherwise the next start would build the changed files and serve them unmeasured."""
    teaching, _, dialogue = make_teaching(engine, root)
    await teaching.propose(LAN, NAME, [])
    (waiting,) = teaching.store.in_state(State.OPEN)
    dialogue.is_up = False
    with pytest.raises(RebuildRefused, match="không trả lời"):
        await teaching.approve(MINH, waiting.id)
    assert NAME.words not in card(root) and teaching.store.in_state(State.OPEN)
    dialogue.is_up = True
    await teaching.approve(MINH, waiting.id)
    live = teaching.rebuilder.folder.live()

    assert (
        live is not None
        and Path(live.model).read_bytes() == b"a model"
        and (live.sources, live.code) == ("abc", "c0de")
    )


def test_every_intent_of_the_list_has_examples_and_every_other_is_left_out_on_purpose() -> None:
    """A choice that leads nowhere would be found out by the editor only."""
    import yaml

    from channels.teaching.files import DataFiles

    there = DataFiles(ROOT, ROOT / "var" / "lock").intents()
    told = set(yaml.safe_load(INTENTS.read_text(encoding="utf8")))

    assert told <= there
    assert there - told == {
        "affirm", "cancel", "choose_option", "choose_procedure", "deny", "go_back", "inform_code", "inform_pin",
        "none_of_these",
    }  # fmt: skip
