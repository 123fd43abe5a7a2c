"""Payloads as callback data: `/ask_fee{"procedure_code": "1.001193"}` becomes `ask_fee|p=1.001193`.

Nothing is stored, so buttons of any age work after a restart and on every worker.
"""

from __future__ import annotations

import json
import re
from typing import Any

MAX_DATA_BYTES = 64
_SHORT = {"procedure_code": "p", "application_code": "a", "followed_code": "f", "life_event": "l", "value": "v"}
_LONG = {short: name for name, short in _SHORT.items()}
_PAYLOAD = re.compile(r"/([a-z_]+)(\{.*\})?")
_DATA = re.compile(r"[a-z_]+(?:\|[a-z_]+=[^|=]*)*")
#: What stands between the parts of callback data, written out inside a value.
_ESCAPES = (("%", "%25"), ("|", "%7C"), ("=", "%3D"))


class NoButton(ValueError):
    """The payload cannot be put behind a button: it is malformed or does not fit."""


def encode(payload: str) -> str:
    """Return callback data of at most 64 bytes.

    Raises:
        NoButton: it is no payload, or too long.
    """
    found = _PAYLOAD.fullmatch(payload)
    if not found:
        raise NoButton(payload[:40])
    values = _values(found[2])
    parts = [f"{_SHORT.get(name, name)}={_escaped(value)}" for name, value in values.items()]
    data = "|".join([found[1], *parts])
    if len(data.encode()) > MAX_DATA_BYTES or not _DATA.fullmatch(data):
        raise NoButton(payload[:80])
    return data


def decode(data: str) -> str | None:
    """Return the payload of a button; None for what was never one of ours."""
    if not _DATA.fullmatch(data) or len(data.encode()) > MAX_DATA_BYTES:
        return None
    intent, *parts = data.split("|")
    pairs = [part.split("=", 1) for part in parts]
    values = {_LONG.get(name, name): _unescaped(value) for name, value in pairs}
    return f"/{intent}{json.dumps(values, ensure_ascii=False)}" if values else f"/{intent}"


def value_of(data: str, intent: str, name: str) -> str | None:
    """Return one value of callback data of this intent, e.g. the procedure code of `pdf|p=1.001193`."""
    payload = decode(data) or ""
    found = _PAYLOAD.fullmatch(payload)
    return _values(found[2]).get(name) if found and found[1] == intent else None


def _values(text: str | None) -> dict[str, str]:
    try:
        values: Any = json.loads(text or "{}")
    except ValueError as error:
        raise NoButton("no JSON") from error
    if not all(isinstance(value, str) for value in values.values()):
        raise NoButton("values are words")
    return dict(values)


def _escaped(value: str) -> str:
    for sign, written in _ESCAPES:
        value = value.replace(sign, written)
    return value


def _unescaped(value: str) -> str:
    for sign, written in reversed(_ESCAPES):
        value = value.replace(written, sign)
    return value
