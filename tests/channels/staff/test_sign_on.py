"""The province's sign-on against a strict provider: who gets in as what, and what proves nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from joserfc.jwk import OctKey, RSAKey
from pydantic import SecretStr

from channels.staff.desk import Desk, build_desk
from channels.staff.guard import COOKIE
from channels.staff.passwords import Passwords
from channels.staff.roles import Role
from channels.staff.settings import StaffSettings
from channels.store.database import open_database
from tests.fakes.identity_provider import CLIENT, ISSUER, SECRET, FakeProvider
from tests.fakes.staff import FAST, PASSWORD, browser

#: Seconds since 1970 that no slow run of the tests catches up with.
LONG_AGO, LONG_HENCE = 946_684_800, 4_102_444_800

SETTINGS = StaffSettings(
    oidc_discovery_url=f"{ISSUER}/.well-known/openid-configuration",
    oidc_client_id=CLIENT,
    oidc_client_secret=SecretStr(SECRET),
    oidc_roles={"can-bo-mot-cua": "clerk", "quan-ly": "manager", "quan-tri": "admin"},
)


@pytest.fixture
def provider() -> FakeProvider:
    """The province's provider."""
    return FakeProvider()


@pytest.fixture
def desk(tmp_path: Path, provider: FakeProvider) -> Iterator[Desk]:
    """A desk that asks it."""
    engine = open_database(f"sqlite:///{tmp_path / 'app.db'}")
    transport = httpx.ASGITransport(provider.app)
    yield build_desk(engine, b"key", SETTINGS, passwords=Passwords(FAST), transport=transport)
    engine.dispose()


@pytest_asyncio.fixture
async def away(provider: FakeProvider) -> AsyncIterator[httpx.AsyncClient]:
    """The same browser at the provider's pages."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(provider.app)) as one:
        yield one


async def travel(visitor: httpx.AsyncClient, away: httpx.AsyncClient, to: str = "/can-bo") -> httpx.Response:
    """Go to the provider and come back, as the browser does."""
    left = await visitor.get("/can-bo/dang-nhap/tinh", params={"tiep": to})
    assert left.status_code == 303, left.text
    returned = await away.get(left.headers["Location"])
    assert returned.status_code == 302, returned.text
    return await visitor.get(returned.headers["Location"])


async def test_an_officer_of_the_province_gets_in(
    visitor: httpx.AsyncClient, away: httpx.AsyncClient, desk: Desk
) -> None:
    """With the role that the claim maps to; the account is made at the first time."""
    page = await travel(visitor, away, "/can-bo/mat-khau")
    assert page.status_code == 200 and 'content="0;url=/can-bo/mat-khau"' in page.text
    cookies = page.headers.get_list("set-cookie")
    assert any(one.startswith(COOKIE) and "SameSite=strict" in one for one in cookies)
    assert "Nguyễn Thị Lan" in (await visitor.get("/can-bo/mat-khau")).text
    account = desk.accounts.known("lan.nguyen")
    assert account.role is Role.CLERK and account.password is None
    assert [entry.did for entry in desk.audit.store.entries()] == ["sign_in", "account_added"]


async def test_a_second_visit_finds_the_same_account_with_its_role_of_today(
    visitor: httpx.AsyncClient, away: httpx.AsyncClient, desk: Desk, provider: FakeProvider
) -> None:
    """The provider decides on roles; the name there may change, the id does not."""
    await travel(visitor, away)
    provider.person |= {"roles": ["can-bo-mot-cua", "quan-ly"], "preferred_username": "lan.tran"}
    await travel(visitor, away)
    [account] = desk.accounts.store.accounts()
    assert (account.name, account.role) == ("lan.nguyen", Role.MANAGER)


async def test_a_local_account_of_the_same_name_is_not_taken_over(
    visitor: httpx.AsyncClient, away: httpx.AsyncClient, desk: Desk, provider: FakeProvider
) -> None:
    """Whoever may choose names at the provider must not become an admin here."""
    desk.accounts.add("chu", "Chú Quản", Role.ADMIN, PASSWORD)
    provider.person["preferred_username"] = "chu"
    await travel(visitor, away)
    assert {account.name[:5] for account in desk.accounts.store.accounts()} == {"chu", "tinh-"}
    assert desk.accounts.known("chu").subject is None


@pytest.mark.parametrize("roles", [[], ["nhan-vien"], None, "nhan-vien", {"can-bo-mot-cua": True}])
async def test_whoever_has_no_role_for_the_desk_stays_outside(
    visitor: httpx.AsyncClient, away: httpx.AsyncClient, desk: Desk, provider: FakeProvider, roles: Any
) -> None:
    """Everybody of the province has an account at the provider."""
    provider.claims["roles"] = roles
    assert (await travel(visitor, away)).status_code == 403
    assert desk.accounts.store.count() == 0


async def test_a_nested_claim_can_name_the_roles(tmp_path: Path, provider: FakeProvider) -> None:
    """Keycloak puts them into realm_access.roles."""
    settings = SETTINGS.model_copy(update={"oidc_role_claim": "realm_access.roles"})
    engine = open_database(f"sqlite:///{tmp_path / 'nested.db'}")
    transport = httpx.ASGITransport(provider.app)
    desk = build_desk(engine, b"key", settings, passwords=Passwords(FAST), transport=transport)
    app = FastAPI()
    desk.install(app, [])
    provider.userinfo = {"sub": "u-1", "realm_access": {"roles": ["quan-ly"]}}
    async with browser(app) as visitor, httpx.AsyncClient(transport=transport) as away:
        assert (await travel(visitor, away)).status_code == 200, "the ID token says nothing, userinfo does"
        assert desk.accounts.known("lan.nguyen").role is Role.MANAGER
        provider.userinfo = {"sub": "u-2", "realm_access": {"roles": ["quan-ly"]}}
        assert (await travel(visitor, away)).status_code == 403, "userinfo of somebody else"
    engine.dispose()


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another journey's"},
        {"nonce": None},
        {"aud": "another client"},
        {"aud": [CLIENT, "other"], "azp": "other"},
        {"iss": "https://evil.test"},
        {"exp": LONG_AGO},
        {"exp": None},
        {"sub": None},
        {"iat": LONG_HENCE},
    ],
    ids=str,
)
async def test_a_token_that_proves_nothing_is_refused(
    visitor: httpx.AsyncClient, away: httpx.AsyncClient, desk: Desk, provider: FakeProvider, claims: dict[str, Any]
) -> None:
    """Replayed, made for others, over, or without an owner."""
    provider.claims = claims
    assert (await travel(visitor, away)).status_code == 403
    assert COOKIE not in visitor.cookies and desk.accounts.store.count() == 0
    assert desk.audit.store.entries()[0].did == "sign_in_failed"


async def test_a_token_signed_by_another_key_is_refused(
    visitor: httpx.AsyncClient, away: httpx.AsyncClient, desk: Desk, provider: FakeProvider
) -> None:
    """Also by the client secret, which is no proof of the provider."""
    provider.key = RSAKey.generate_key(2048, {"kid": "one"})
    assert (await travel(visitor, away)).status_code == 403
    provider.key, provider.algorithm = OctKey.import_key(SECRET * 2, {"kid": "one"}), "HS256"  # type: ignore[assignment]
    assert (await travel(visitor, away)).status_code == 403


async def test_the_provider_may_change_its_keys(
    visitor: httpx.AsyncClient, away: httpx.AsyncClient, provider: FakeProvider
) -> None:
    """Without a restart of ours."""
    await travel(visitor, away)
    provider.key = provider.published = RSAKey.generate_key(2048, {"kid": "two", "use": "sig", "alg": "RS256"})
    assert (await travel(visitor, away)).status_code == 200


async def test_coming_back_counts_only_for_the_browser_that_left(
    visitor: httpx.AsyncClient, away: httpx.AsyncClient, app: FastAPI
) -> None:
    """A link with a stranger's code must not sign anybody in; nor may a journey be used twice."""
    left = await visitor.get("/can-bo/dang-nhap/tinh")
    returned = (await away.get(left.headers["Location"])).headers["Location"]
    async with browser(app) as victim:
        assert (await victim.get(returned)).status_code == 400
        await victim.get("/can-bo/dang-nhap/tinh")
        assert (await victim.get(returned)).status_code == 403
        assert COOKIE not in victim.cookies
    assert (await visitor.get(returned)).status_code == 200
    assert (await visitor.get(returned)).status_code == 400


async def test_the_journey_is_sealed_and_never_leads_elsewhere(visitor: httpx.AsyncClient) -> None:
    """The verifier stays secret, the way back stays at the desk."""
    left = await visitor.get("/can-bo/dang-nhap/tinh", params={"tiep": "https://evil.test"})
    asked = parse_qs(urlsplit(left.headers["Location"]).query)
    cookie = next(iter(left.headers.get_list("set-cookie")))
    assert asked["code_challenge_method"] == ["S256"] and asked["nonce"][0] not in cookie
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/can-bo/dang-nhap/tinh" in cookie


async def test_a_closed_account_stays_closed(
    visitor: httpx.AsyncClient, away: httpx.AsyncClient, desk: Desk, provider: FakeProvider
) -> None:
    """An admin here has the last word."""
    await travel(visitor, away)
    desk.accounts.disable("lan.nguyen")
    visitor.cookies.clear()
    assert (await travel(visitor, away)).status_code == 403


async def test_a_provider_that_is_another_or_silent_is_told(visitor: httpx.AsyncClient, provider: FakeProvider) -> None:
    """Nobody is sent to a false door; those with a password still get in."""
    provider.issuer = "https://evil.test"
    assert (await visitor.get("/can-bo/dang-nhap/tinh")).status_code == 503
    page = (await visitor.get("/can-bo/dang-nhap")).text
    assert "Đăng nhập bằng tài khoản của tỉnh" in page


async def test_nobody_signs_in_with_an_empty_password_to_an_account_of_the_province(
    visitor: httpx.AsyncClient, away: httpx.AsyncClient, desk: Desk
) -> None:
    """It has none, so none fits."""
    from tests.fakes.staff import sign_in

    await travel(visitor, away)
    visitor.cookies.clear()
    assert (await sign_in(visitor, "lan.nguyen", "")).status_code == 401
