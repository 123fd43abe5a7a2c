"""How to reach people again: sealed, found with the right key only, gone with the conversation."""

from __future__ import annotations

from sqlalchemy import Engine, select

from channels.store.addresses import ADDRESSES, WEB, AddressBook


async def test_a_person_of_a_messaging_channel_is_found_again(engine: Engine) -> None:
    """A push needs the id itself, not its hash."""
    book = AddressBook(engine, b"key")
    await book.remember("c1", "telegram", "123456789")

    found = await book.find("c1")

    assert found is not None
    assert (found.channel, found.person) == ("telegram", "123456789")


async def test_the_id_does_not_lie_open_in_the_database(engine: Engine) -> None:
    """A copied database must not name people."""
    await AddressBook(engine, b"key").remember("c1", "zalo", "5550001234567890123")

    with engine.connect() as connection:
        row = connection.execute(select(ADDRESSES)).one()

    assert "5550001234567890123" not in str(row)


async def test_another_key_finds_nobody(engine: Engine) -> None:
    """After the key was changed the old ids are of no use, and nothing breaks."""
    await AddressBook(engine, b"key").remember("c1", "zalo", "p")

    assert await AddressBook(engine, b"another").find("c1") is None


async def test_a_person_on_the_web_has_no_address_but_the_conversation(engine: Engine) -> None:
    """The open page asks by itself; nothing else leads to it."""
    book = AddressBook(engine, b"key")
    await book.remember("c1", WEB, "browser-7f")

    found = await book.find("c1")

    assert found is not None
    assert found.person == "c1"


async def test_forgetting_leaves_nothing(engine: Engine) -> None:
    """“Xóa dữ liệu của tôi” reaches the addresses too."""
    book = AddressBook(engine, b"key")
    await book.remember("c1", "telegram", "1")
    await book.forget("c1")

    assert await book.find("c1") is None


async def test_addresses_of_silent_people_go_with_the_retention(engine: Engine) -> None:
    """Nothing is kept longer than the notice says."""
    book = AddressBook(engine, b"key")
    await book.remember("c1", "telegram", "1")

    assert book.forget_older_than(1) == 0
    assert book.forget_older_than(-1) == 1
