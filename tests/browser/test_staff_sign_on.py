"""The province's sign-on in a real browser, the provider on another site: strict cookies must survive the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from pydantic import SecretStr
from starlette.responses import PlainTextResponse, Response

from channels.staff.desk import build_desk, staff_router
from channels.staff.guard import COOKIE, Clerk
from channels.staff.passwords import Passwords
from channels.staff.settings import StaffSettings
from channels.store.database import open_database
from tests.browser.staff_site import officer_tab
from tests.browser.test_accessibility import violations
from tests.fakes.identity_provider import CLIENT, SECRET, FakeProvider
from tests.fakes.staff import FAST
from tests.serving import listening, serving

#: To a browser these two are different sites.
DESK, PROVIDER = "127.0.0.1", "localhost"


def _home() -> Any:
    router = staff_router()

    @router.get("/can-bo")
    async def home(officer: Clerk, q: str = "") -> Response:
        return PlainTextResponse(f"{officer.full_name} {q}")

    return router


def test_an_officer_signs_in_at_the_province_and_lands_where_they_wanted(browser: Any, tmp_path: Path) -> None:
    """From a bookmark, over the provider's site, to the page, signed in."""
    listener, providers = listening(), listening()
    port, provider_port = listener.getsockname()[1], providers.getsockname()[1]
    provider = FakeProvider("", f"http://{DESK}:{port}/can-bo/dang-nhap/tinh/ve")
    with serving(provider.app, providers, lifespan="auto"):
        provider.address = provider.issuer = f"http://{PROVIDER}:{provider_port}/realms/tinh"
        settings = StaffSettings(
            oidc_discovery_url=f"{provider.address}/.well-known/openid-configuration",
            oidc_client_id=CLIENT,
            oidc_client_secret=SecretStr(SECRET),
            oidc_roles={"can-bo-mot-cua": "clerk"},
        )
        engine = open_database(f"sqlite:///{tmp_path / 'app.db'}")
        desk = build_desk(engine, b"key", settings, passwords=Passwords(FAST))
        app = FastAPI()
        desk.install(app, [_home()])
        with serving(app, listener, lifespan="auto"):
            tab = officer_tab(browser, f"http://{DESK}:{port}", desk, role=None).open("/can-bo?q=khai+sinh")
            link = tab.page.get_by_role("link", name="Đăng nhập bằng tài khoản của tỉnh")
            assert violations(tab.page) == []
            link.click()
            tab.page.wait_for_url(f"http://{DESK}:{port}/can-bo?q=khai*sinh")
            assert tab.page.inner_text("body") == "Nguyễn Thị Lan khai sinh"
            [cookie] = [one for one in tab.page.context.cookies() if one["name"] == COOKIE]
            assert (cookie["sameSite"], cookie["httpOnly"]) == ("Strict", True)
            tab.finish()
        engine.dispose()
