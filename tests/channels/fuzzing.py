"""Invented requests against the whole app: what its OpenAPI allows and forbids, and plain noise."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import httpx
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from channels.following.webhook import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from channels.telegram.webhook import SECRET_HEADER
from tests.fakes.whole_app import ACTION_SECRET, ONE_STOP_SECRET, TELEGRAM_SECRET

#: An open stream of events ends only when its reader goes.
STREAMS = "/api/v1/events"
KINDS = ["application/json", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded", ""]
PAGES = ["/thu-tuc/{}", "/thu-tuc/{}/danh-sach", "/thu-tuc/{}/danh-sach.pdf", "/tim-kiem", "/static/{}", "/{}"]
Found = list[str]


def run(one: Callable[..., None], examples: int, **strategies: st.SearchStrategy[Any]) -> None:
    """Call it with so many examples, the same each time, by no clock; whatever it raises comes out."""
    bounded = settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    bounded(given(**strategies)(one))()


def by_the_schema(url: str, app: FastAPI, examples: int) -> Found:
    """Send what the OpenAPI describes, rightly and wrongly filled in; return what went wrong."""
    schema = schemathesis.openapi.from_dict(app.openapi()).exclude(path=STREAMS)
    schema.config.update(base_url=url)
    found: Found = []
    checks = [not_a_server_error, status_code_conformance, response_schema_conformance]
    for made in schema.get_all_operations():
        operation: Any = made.ok()  # type: ignore[union-attr]

        def one(case: Any) -> None:
            try:
                case.call_and_validate(checks=checks, timeout=10)
            except Exception as error:
                found.append(f"{case.method} {case.path}: {str(error)[:2000]}")
                raise

        try:
            run(one, examples, case=operation.as_strategy())
        except Exception as error:
            if not found:
                found.append(f"{operation.label}: {error!r}")
    return found


def noise() -> st.SearchStrategy[bytes]:
    """Return bytes, and JSON of any shape."""
    scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
    keys = (
        st.sampled_from(["event_name", "message", "update_id", "text", "tracker", "next_action", "codes"]) | st.text()
    )
    shapes = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=12)
    return st.binary(max_size=300) | shapes.map(lambda value: json.dumps(value).encode())


def posts_of(app: FastAPI) -> Iterator[str]:
    """Return the paths of all POST routes, also of those that the OpenAPI leaves out."""
    for path, methods in _routes(app.routes):
        if "POST" in methods:
            yield path


def _routes(routes: Any) -> Iterator[tuple[str, set[str]]]:
    for route in routes:
        if methods := getattr(route, "methods", None):
            yield str(route.path), methods
        elif hasattr(route, "effective_route_contexts"):
            for context in route.effective_route_contexts():
                yield str(context.path), set(context.methods or ())


def by_noise(url: str, app: FastAPI, examples: int) -> Found:
    """Send noise to every POST route, unsigned, and signed where a secret opens the door."""
    found: Found = []
    with httpx.Client(base_url=url, timeout=10, trust_env=False) as http:
        for path in sorted(set(posts_of(app))):
            for signed in (_unsigned, _signed):

                def one(body: bytes, kind: str, path: str, signed: Signer) -> None:
                    told = answer_to(http, path, body, {"Content-Type": kind, **signed(body)})
                    if told >= "500":
                        found.append(f"POST {path} {signed.__name__}: {told} on {body!r}")
                        raise AssertionError(found[-1])

                try:
                    run(
                        one,
                        examples,
                        body=noise(),
                        kind=st.sampled_from(KINDS),
                        path=st.just(path),
                        signed=st.just(signed),
                    )
                except AssertionError:
                    continue
    return found


def by_addresses(url: str, examples: int) -> Found:
    """Ask pages for procedures, cases and questions that nobody ever wrote."""
    found: Found = []
    word = st.text(max_size=40) | st.sampled_from(["1.001193", "1.001193.000.00.00.H56", "9.999999", "../", "%00"])
    name = st.sampled_from(["q", "linh-vuc", "cap", "truc-tuyen", "su-kien", "trang", "truong-hop", "hoi"]) | st.text()
    page = st.sampled_from(PAGES)
    with httpx.Client(base_url=url, timeout=10, trust_env=False) as http:

        def one(page: str, word: str, query: list[tuple[str, str]]) -> None:
            address = page.format(quote(word, safe="", errors="replace"))
            told = http.get(address, params=[(key, value) for key, value in query]).status_code
            if told >= 500:
                found.append(f"GET {address} {query}: {told}")
                raise AssertionError(found[-1])

        with contextlib.suppress(AssertionError):
            run(one, examples, page=page, word=word, query=st.lists(st.tuples(name, word), max_size=3))
    return found


def answer_to(http: httpx.Client, path: str, body: bytes, headers: dict[str, str]) -> str:
    """Return the status of an answer, or "no answer" when the line was cut."""
    try:
        return str(http.post(path, content=body, headers=headers).status_code)
    except httpx.TransportError:
        return "no answer"


Signer = Callable[[bytes], dict[str, str]]


def _unsigned(body: bytes) -> dict[str, str]:
    return {}


def _signed(body: bytes) -> dict[str, str]:
    now = str(int(time.time()))
    return {
        SECRET_HEADER: TELEGRAM_SECRET,
        "X-Action-Secret": ACTION_SECRET,
        TIMESTAMP_HEADER: now,
        SIGNATURE_HEADER: sign(ONE_STOP_SECRET.encode(), now, body),
    }
