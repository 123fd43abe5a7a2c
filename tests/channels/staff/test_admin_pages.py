"""What admins do at the desk: accounts and the audit log; and that nobody else does."""

from __future__ import annotations

import re

import httpx
import pytest
from fastapi import FastAPI

from channels.staff.account_pages import build_account_router
from channels.staff.audit_pages import build_audit_router
from channels.staff.desk import Desk
from tests.fakes.staff import browser, post, sign_in


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    """An app with both pages."""
    app = FastAPI()
    desk.install(app, [build_account_router(desk), build_audit_router(desk)])
    return app


@pytest.mark.parametrize("role", ["clerk", "editor", "manager"])
@pytest.mark.parametrize("path", ["/can-bo/tai-khoan", "/can-bo/nhat-ky"])
async def test_only_admins_open_them(visitor: httpx.AsyncClient, role: str, path: str) -> None:
    """Nor do others see them in the menu."""
    await sign_in(visitor, role)
    assert (await visitor.get(path)).status_code == 403
    assert (await post(visitor, path)).status_code == 403
    assert path not in (await visitor.get("/can-bo/mat-khau")).text


async def test_an_admin_adds_a_clerk_who_then_gets_in(visitor: httpx.AsyncClient, app: FastAPI, desk: Desk) -> None:
    """The one-time password is on the screen once and nowhere else."""
    await sign_in(visitor, "admin")
    fields = {"ten": "lan.nguyen", "ho-ten": "Nguyễn <b>Lan</b>", "vai-tro": "clerk"}
    page = (await post(visitor, "/can-bo/tai-khoan", **fields)).text
    made = re.search(r"<code>([a-z0-9-]{19})</code>", page)
    assert made is not None and "<b>Lan</b>" not in page
    assert made[1] not in (await visitor.get("/can-bo/tai-khoan")).text
    entry = desk.audit.store.entries()[0]
    assert (entry.who, entry.did, entry.note) == ("admin", "account_added", "lan.nguyen, clerk")
    async with browser(app) as other:
        assert (await sign_in(other, "lan.nguyen", made[1])).headers["Location"] == "/can-bo/mat-khau"


async def test_roles_locks_and_resets_are_written_down(visitor: httpx.AsyncClient, desk: Desk) -> None:
    """Who made whom a manager can be read later."""
    await sign_in(visitor, "admin")
    await post(visitor, "/can-bo/tai-khoan/clerk/vai-tro", **{"vai-tro": "manager"})
    await post(visitor, "/can-bo/tai-khoan/clerk/khoa")
    await post(visitor, "/can-bo/tai-khoan/clerk/mo")
    await post(visitor, "/can-bo/tai-khoan/clerk/cap-lai")
    done = [entry.did for entry in desk.audit.store.entries(limit=4)]
    assert done == ["account_reset", "account_enabled", "account_disabled", "account_role"]
    account = desk.accounts.known("clerk")
    assert account.role.key == "manager" and account.disabled_at is None and account.one_time_until is not None


async def test_a_locked_clerk_is_out_at_once(visitor: httpx.AsyncClient, app: FastAPI) -> None:
    """In the middle of their work."""
    await sign_in(visitor, "admin")
    async with browser(app) as clerk:
        await sign_in(clerk, "clerk")
        await post(visitor, "/can-bo/tai-khoan/clerk/khoa")
        assert (await clerk.get("/can-bo/mat-khau")).status_code == 303


@pytest.mark.parametrize(("path", "fields"), [("khoa", {}), ("vai-tro", {"vai-tro": "clerk"}), ("cap-lai", {})])
async def test_the_last_admin_cannot_lose_the_desk(
    visitor: httpx.AsyncClient, desk: Desk, path: str, fields: dict[str, str]
) -> None:
    """Not by oneself and not by mistake."""
    await sign_in(visitor, "admin")
    assert (await post(visitor, f"/can-bo/tai-khoan/admin/{path}", **fields)).status_code == 422
    assert desk.accounts.known("admin").disabled_at is None


@pytest.mark.parametrize("fields", [{"ten": "x"}, {"ten": "clerk"}, {"ten": "moi", "vai-tro": "god"}])
async def test_a_faulty_account_is_explained(visitor: httpx.AsyncClient, fields: dict[str, str]) -> None:
    """The form comes back with a sentence."""
    await sign_in(visitor, "admin")
    answer = await post(visitor, "/can-bo/tai-khoan", **{"ho-ten": "Ai đó", "vai-tro": "clerk", **fields})
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert (await post(visitor, "/can-bo/tai-khoan/nobody/khoa")).status_code == 422


async def test_the_log_is_read_by_application_without_its_code_in_the_address(
    visitor: httpx.AsyncClient, desk: Desk
) -> None:
    """A citizen asks who looked; the admin's own look is a line too."""
    desk.audit.write_as("lan", "clerk", "status_seen", "tại quầy", application="H50.05-261102-0001")
    desk.audit.write_as("minh", "clerk", "status_seen", "gọi điện", application="H50.05-261102-0002")
    await sign_in(visitor, "admin")
    page = (await post(visitor, "/can-bo/nhat-ky", **{"ho-so": "H50.05-261102-0001"})).text
    assert "tại quầy" in page and "gọi điện" not in page
    assert desk.audit.store.entries()[0].did == "audit_seen"
    nothing = (await post(visitor, "/can-bo/nhat-ky", **{"ho-so": "nonsense"})).text
    assert "Không có dòng nào" in nothing


async def test_older_lines_are_a_page_further(visitor: httpx.AsyncClient, desk: Desk) -> None:
    """With the same filter."""
    for number in range(130):
        desk.audit.write_as("lan", "clerk", "status_seen", f"lần {number:03}")
    await sign_in(visitor, "admin")
    first = (await visitor.get("/can-bo/nhat-ky", params={"viec": "status_seen"})).text
    older = re.search(r'href="(/can-bo/nhat-ky\?[^"]+)">Cũ hơn', first)
    assert older is not None and "lần 129" in first and "lần 029" not in first
    second = (await visitor.get(older[1].replace("&amp;", "&"))).text
    assert "lần 029" in second and "lần 030" not in second and "Cũ hơn" not in second
