"""Nothing that a citizen or a server writes can become code, and links lead only where they may."""

from __future__ import annotations

from collections.abc import Callable

from channels.web.headers import SECURITY_HEADERS
from tests.browser.visitor import Visitor

Visit = Callable[..., Visitor]


def test_markup_in_a_message_stays_text(visit: Visit) -> None:
    """The policy would stop the script; the widget must not even try."""
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    visitor = visit().open().say(attack, "Anh/chị vừa viết")
    assert attack in visitor.log.inner_text()
    assert visitor.page.locator("mot-cua-chat img, mot-cua-chat script").count() == 0


def test_addresses_that_were_not_listed_are_no_links(visit: Visit) -> None:
    """A sentence may repeat what somebody wrote; only the listed addresses can be pressed."""
    visitor = visit().open().say("<b>", "Anh/chị vừa viết")
    assert visitor.log.get_by_role("link").count() == 0


def test_links_open_apart_and_tell_the_other_site_nothing(visit: Visit) -> None:
    """The conversation stays where it is."""
    visitor = visit().open().say("làm giấy khai sinh cần giấy tờ gì", "Tờ khai theo mẫu")
    link = visitor.log.get_by_role("link", name="Xem trên Cổng Dịch vụ công quốc gia")
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert link.get_attribute("href").startswith("https://dichvucong.gov.vn/")
    assert "mở thẻ mới" in link.inner_text()


def test_the_policy_really_is_in_force(visit: Visit) -> None:
    """A test of "no violations" means something only where a violation would be seen."""
    visitor = visit()
    policy = visitor.page.request.get(visitor.site.url).headers["content-security-policy"]
    assert policy == SECURITY_HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    seen = visitor.page.evaluate(
        """async () => {
          try { document.body.innerHTML += "<p>x</p>"; } catch (error) { return error.name; }
          return "allowed";
        }"""
    )
    assert seen == "TypeError"
    visitor.page.evaluate("() => { window.policyViolations.length = 0; }")
