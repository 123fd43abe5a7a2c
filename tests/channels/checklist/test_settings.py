"""The public address in links and QR codes."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from channels.checklist.settings import PublicSettings


def test_links_are_relative_and_codes_local_until_an_address_is_set() -> None:
    """A wrong host would be worse than none."""
    unset = PublicSettings(public_url="")

    assert (unset.link_base, unset.qr_base(8000)) == ("", "http://localhost:8000")


def test_a_slash_at_the_end_does_not_double() -> None:
    """People copy the address from their browser."""
    settings = PublicSettings(public_url="https://motcua.test/")

    assert (settings.link_base, settings.qr_base(8000)) == ("https://motcua.test", "https://motcua.test")


@pytest.mark.parametrize("wrong", ["motcua.test", "ftp://motcua.test", "https://motcua.test/app", "https://a b"])
def test_what_is_no_address_is_refused_at_the_start(wrong: str) -> None:
    """Not by the first citizen who scans the code."""
    with pytest.raises(ValidationError):
        PublicSettings(public_url=wrong)
