"""What a clerk may read of a conversation: words without ID numbers, secrets and addresses, the way they are kept.

Citizens' words come masked from the gateway; here goes what only a talk with a person holds: passwords, codes sent by
SMS, and what clerks write themselves.
"""

from __future__ import annotations

import re

from channels.masking import hide_people
from channels.privacy import HIDDEN, mask_numbers

_TOKEN = re.compile(r"pin_[0-9a-f]{12}")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
#: A code or a password that is named as one: "otp 123456", "mật khẩu là hoa123".
_SECRET = re.compile(
    r"(?P<name>\b(?:otp|mã\s+(?:otp|xác\s+(?:nhận|thực)|pin)|ma\s+(?:xac\s+(?:nhan|thuc)|pin)|mật\s+khẩu|mat\s+khau|password|pass|passcode)"
    r"\b(?:\s+(?:của\s+\w+|cua\s+\w+|em|tôi|toi|mình|minh))?\s*(?:là|la|:|=)?\s*)(?P<value>(?=\S*\d)\S{3,40})",
    re.IGNORECASE,
)


def mask_line(text: str) -> str:
    """Return a line as it may be kept and read: numbers, secrets, e-mail addresses and check digits hidden.

    Codes of applications and procedures stay: without them nobody could help.

    >>> mask_line("mã otp là 482913, mail a.b@c.vn, số 0912 345 678")
    'mã otp là •••, mail •••, số •••'
    """
    text = _EMAIL.sub(HIDDEN, _TOKEN.sub(HIDDEN, text))
    text = _SECRET.sub(lambda found: found["name"] + HIDDEN + ("," if found["value"].endswith(",") else ""), text)
    return mask_numbers(text, None, expects_digits=False, codes_ask=False)


def mask_officer(text: str) -> str:
    """Return a clerk's words as they may be kept: names of people are hidden too."""
    return hide_people(mask_line(text))


def is_masked(text: str) -> bool:
    """Tell whether something was hidden."""
    return HIDDEN in text
