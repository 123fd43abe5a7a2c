"""One log-in for all, renewed when refused."""

from __future__ import annotations

import asyncio

import pytest

from actions.one_stop.errors import OneStopUnavailable
from actions.one_stop.sessions import Session, Token
from actions.one_stop.upstream import Answer

pytestmark = pytest.mark.asyncio


class Gate:
    """Counts log-ins and accepts only the newest token."""

    def __init__(self, lifetime_s: float | None = None) -> None:
        self.log_ins = 0
        self.accepts_nothing = False
        self._lifetime_s = lifetime_s
        self.session = Session(self._log_in)

    async def _log_in(self) -> Token:
        await asyncio.sleep(0)
        self.log_ins += 1
        return Token(f"token {self.log_ins}", self._lifetime_s)

    async def send(self, token: str) -> Answer:
        """Answer one question."""
        await asyncio.sleep(0)
        return Answer(self.accepts_nothing or token != f"token {self.log_ins}", token.encode())

    async def ask(self) -> bytes:
        """Ask through the session."""
        return (await self.session.use(self.send, lambda answer: answer.session_refused)).content


async def test_citizens_at_the_same_moment_share_one_log_in() -> None:
    """A hundred log-ins at eight in the morning would look like an attack."""
    gate = Gate()

    answers = await asyncio.gather(*(gate.ask() for _ in range(100)))

    assert set(answers) == {b"token 1"}
    assert gate.log_ins == 1


async def test_a_refused_token_is_renewed_once_for_all() -> None:
    """When a session expires, everybody in flight is refused at once."""
    gate = Gate()
    await gate.ask()
    gate.log_ins = 7

    answers = await asyncio.gather(*(gate.ask() for _ in range(100)))

    assert set(answers) == {b"token 8"}
    assert gate.log_ins == 8


async def test_refused_right_after_a_log_in_is_an_outage() -> None:
    """No endless circle of log-ins."""
    gate = Gate()
    gate.accepts_nothing = True

    with pytest.raises(OneStopUnavailable):
        await gate.ask()

    assert gate.log_ins == 2


async def test_a_token_is_renewed_before_it_ends() -> None:
    """Saves the citizen the refused request."""
    gate = Gate(lifetime_s=0.0)
    await gate.ask()

    assert await gate.ask() == b"token 2"


async def test_a_token_is_not_printed() -> None:
    """Tokens open the records of a whole province."""
    assert "secret" not in repr(Token("secret"))
