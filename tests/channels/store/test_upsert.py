"""One statement writes a row whether it is there or not."""

from __future__ import annotations

from sqlalchemy import Engine, select

from channels.store.attempts import KEYS
from channels.store.upsert import upsert


def test_a_row_is_written_once_and_then_over(engine: Engine) -> None:
    """In every kind of database."""
    with engine.begin() as connection:
        for key, moment in (("a", 1), ("a", 2), ("b", 3)):
            connection.execute(upsert(engine, KEYS, {"key": key, "last_us": moment}))
        rows = {key: moment for key, moment in connection.execute(select(KEYS))}

    assert rows == {"a": 2, "b": 3}
