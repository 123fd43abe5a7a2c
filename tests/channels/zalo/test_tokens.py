"""The access token: renewed once for all who need it, and a lost sign-in is told plainly."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest
from sqlalchemy import Engine

from channels.store.zalo_tokens import ZaloTokenStore
from channels.zalo.api import ZaloApi
from channels.zalo.errors import SignedOut, ZaloRefused, ZaloUnreachable
from channels.zalo.oauth import ZaloOAuth
from channels.zalo.rendering import ZaloMessage
from channels.zalo.settings import ZaloSettings
from channels.zalo.tokens import Tokens
from tests.channels.zalo.conftest import KEY
from tests.fakes.zalo import FakeZalo, Mood

ANNA = "17"
HELLO = ZaloMessage("chào")


def tokens_of(settings: ZaloSettings, database: Engine) -> Tokens:
    """Return what one worker process has."""
    store = ZaloTokenStore(database, KEY, settings.app_id)
    return Tokens(store, ZaloOAuth(settings).exchange, settings.refresh_token.get_secret_value())


@pytest.fixture
def tokens(settings: ZaloSettings, database: Engine, zalo: FakeZalo) -> Tokens:
    zalo.text(ANNA, "chào")  # opens the window
    return tokens_of(settings, database)


async def test_a_message_goes_out_with_a_token_got_on_the_way(
    tokens: Tokens, settings: ZaloSettings, zalo: FakeZalo
) -> None:
    """The first refresh token of the settings is enough to begin."""
    await ZaloApi(settings, tokens).send(ANNA, HELLO)

    assert zalo.texts(ANNA) == ["chào"]
    assert zalo.asked == [zalo.first_refresh]


async def test_a_token_that_ended_is_renewed_once_and_the_message_sent(
    tokens: Tokens, settings: ZaloSettings, zalo: FakeZalo
) -> None:
    """Error −216 means: renew, and try this message again."""
    api = ZaloApi(settings, tokens)
    await api.send(ANNA, HELLO)
    zalo.pass_time(26)
    await api.send(ANNA, HELLO)

    assert len(zalo.texts(ANNA)) == 2
    assert len(zalo.asked) == 2


async def test_many_who_meet_the_end_at_once_ask_once(tokens: Tokens, settings: ZaloSettings, zalo: FakeZalo) -> None:
    """Eight answers on their way, one renewal."""
    api = ZaloApi(settings, tokens)
    await tokens.access()
    zalo.end_access()
    await asyncio.gather(*(api.send(ANNA, HELLO) for _ in range(8)))

    assert len(zalo.texts(ANNA)) == 8
    assert len(zalo.asked) == 2


async def test_two_workers_share_one_renewal(
    tokens: Tokens, settings: ZaloSettings, database: Engine, zalo: FakeZalo
) -> None:
    """The second one finds what the first one brought, in the database."""
    one, two = ZaloApi(settings, tokens), ZaloApi(settings, tokens_of(settings, database))
    await asyncio.gather(*(api.send(ANNA, HELLO) for api in (one, two)))
    zalo.end_access()
    await asyncio.gather(*(api.send(ANNA, HELLO) for api in (one, two, one, two)))

    assert len(zalo.texts(ANNA)) == 6
    assert len(zalo.asked) == len(set(zalo.asked)) == 2


async def test_a_token_that_is_refused_again_is_no_endless_loop(
    tokens: Tokens, settings: ZaloSettings, zalo: FakeZalo
) -> None:
    """One renewal and one more try, no third."""
    zalo.errors.extend([-216, -216, 0])

    with pytest.raises(ZaloRefused, match="-216"):
        await ZaloApi(settings, tokens).send(ANNA, HELLO)


async def test_a_lost_sign_in_is_a_state_of_its_own(
    tokens: Tokens, settings: ZaloSettings, zalo: FakeZalo, caplog: pytest.LogCaptureFixture
) -> None:
    """−14020: only a person can help, and has to learn what to do."""
    await tokens.access()
    zalo.lose()
    with caplog.at_level(logging.ERROR), pytest.raises(SignedOut):
        await ZaloApi(settings, tokens).send(ANNA, HELLO)
    with pytest.raises(SignedOut):
        await tokens.access()

    state = await tokens.state()
    assert (state["ok"], state["needed"], state["token"]) == (False, False, "lost")
    assert "login-token" in state["reason"]
    assert [record.message.count("login-token") for record in caplog.records] == [1]
    assert len(zalo.asked) == 2


async def test_after_signing_in_anew_messages_go_out_again(
    tokens: Tokens, settings: ZaloSettings, database: Engine, zalo: FakeZalo
) -> None:
    """Without a restart: the running workers look into the database."""
    await tokens.access()
    zalo.lose()
    with pytest.raises(SignedOut):
        await ZaloApi(settings, tokens).send(ANNA, HELLO)
    await asyncio.to_thread(ZaloTokenStore(database, KEY, settings.app_id).put_first, zalo.sign_in_anew())
    await ZaloApi(settings, tokens).send(ANNA, HELLO)

    assert zalo.texts(ANNA) == ["chào"]
    assert (await tokens.state())["ok"]


@pytest.mark.parametrize("mood", [Mood.ERROR, Mood.GARBAGE])
async def test_trouble_at_zalo_keeps_the_refresh_token(
    tokens: Tokens, settings: ZaloSettings, zalo: FakeZalo, mood: Mood
) -> None:
    """A 500 is no loss."""
    zalo.mood = mood
    with pytest.raises(ZaloUnreachable):
        await tokens.access()
    zalo.mood = Mood.WELL

    assert await tokens.access()


async def test_a_wrong_app_secret_does_not_use_the_token_up(
    settings: ZaloSettings, database: Engine, zalo: FakeZalo
) -> None:
    """A mistake in the settings can be mended without signing in anew."""
    wrong = settings.model_copy(update={"app_secret": settings.oa_secret})
    with pytest.raises(ZaloRefused):
        await tokens_of(wrong, database).access()
    assert not (await tokens_of(wrong, database).state())["ok"]

    assert await tokens_of(settings, database).access()


async def test_nobody_signed_in_is_told_too(settings: ZaloSettings, database: Engine) -> None:
    """A new installation says what is missing."""
    tokens = Tokens(ZaloTokenStore(database, KEY, settings.app_id), ZaloOAuth(settings).exchange, "")

    with pytest.raises(SignedOut):
        await tokens.access()
    assert (await tokens.state())["token"] == "none"


async def test_the_token_is_renewed_before_it_ends(settings: ZaloSettings, database: Engine, zalo: FakeZalo) -> None:
    """Nobody has to wait for it, and a quiet account does not lose its sign-in after three months."""
    store = ZaloTokenStore(database, KEY, settings.app_id)
    exchange = ZaloOAuth(settings).exchange
    first = settings.refresh_token.get_secret_value()
    await Tokens(store, exchange, first).access()
    keeping = asyncio.create_task(Tokens(store, exchange, first, early_s=26 * 3600).keep_fresh())
    async with asyncio.timeout(20):
        while len(zalo.asked) < 2 or (pair := store.read().pair) is None or pair.refresh in zalo.asked:
            await asyncio.sleep(0.01)  # the new pair is noted a moment after it was given
    keeping.cancel()

    assert pair.expires_s > time.time()
