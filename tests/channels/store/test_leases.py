"""One worker of many does a thing."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from channels.store.leases import Leases
from tests.fakes.one_stop import NOON

LASTS = timedelta(seconds=30)
SECOND = timedelta(seconds=1)


def test_the_first_has_it_until_it_ends(engine: Engine) -> None:
    """Else two workers would ask twice as fast as agreed."""
    leases = Leases(engine)

    assert leases.take("poller", "a", NOON, LASTS)
    assert not leases.take("poller", "b", NOON + 29 * SECOND, LASTS)
    assert leases.take("poller", "b", NOON + 30 * SECOND, LASTS)
    assert not leases.take("poller", "a", NOON + 31 * SECOND, LASTS)


def test_renewing_keeps_it(engine: Engine) -> None:
    """For as long as the worker lives."""
    leases = Leases(engine)
    for seconds in (0, 15, 30, 45):
        assert leases.take("poller", "a", NOON + seconds * SECOND, LASTS)
    assert not leases.take("poller", "b", NOON + 60 * SECOND, LASTS)


def test_what_is_given_up_is_free_at_once(engine: Engine) -> None:
    """A restart need not wait for the lease to end; and nobody gives up another's."""
    leases = Leases(engine)
    leases.take("poller", "a", NOON, LASTS)
    leases.give_up("poller", "b")
    assert not leases.take("poller", "b", NOON, LASTS)

    leases.give_up("poller", "a")
    assert leases.take("poller", "b", NOON, LASTS)


def test_leases_of_different_names_are_different(engine: Engine) -> None:
    """One worker may look while another sends."""
    leases = Leases(engine)

    assert leases.take("poller", "a", NOON, LASTS) and leases.take("sweeper", "b", NOON, LASTS)
