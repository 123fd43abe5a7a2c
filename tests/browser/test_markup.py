"""The widget's pure functions: text to structure, links that may be followed, numbers that are masked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.visitor import Site, Visitor

Visit = Callable[..., Visitor]

STRUCTURE = {
    "Một\nhai\n\nba": "<p>Một<br>hai</p><p>ba</p>",
    "• a\n• b": "<ul><li>a</li><li>b</li></ul>",
    "1. a\n   • b\n   • c\n2. d": "<ol><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ol>",
    "1. a\n\n2. b": "<ol><li>a</li><li>b</li></ol>",
    "1. a\n   tiếp theo": "<ol><li>a<br>tiếp theo</li></ol>",
    "1. a\n\nHết.": "<ol><li>a</li></ol><p>Hết.</p>",
    "3. c": '<ol start="3"><li>c</li></ol>',
    "**Lệ phí:** 0 đồng\n**Hẹn:** mai": (
        "<dl><div><dt>Lệ phí</dt><dd>0 đồng</dd></div><div><dt>Hẹn</dt><dd>mai</dd></div></dl>"
    ),
    "**Đăng ký khai sinh**: miễn phí.": "<p><strong>Đăng ký khai sinh</strong>: miễn phí.</p>",
    "**Đăng ký khai sinh** cần:\n1. a": "<p><strong>Đăng ký khai sinh</strong> cần:</p><ol><li>a</li></ol>",
    "Hồ sơ **H50.05-261102-0001**: **xong**": (
        '<p>Hồ sơ <strong><span class="code">H50.05-261102-0001</span></strong>: <strong>xong</strong></p>'
    ),
    "000.00.16.H46-200715-0001, 1.001193.": (
        '<p><span class="code">000.00.16.H46-200715-0001</span>, <span class="code">1.001193</span>.</p>'
    ),
    "118/2025/NĐ-CP ngày 09-06-2025": "<p>118/2025/NĐ-CP ngày 09-06-2025</p>",
    "**Lệ phí:** chưa nêu\nHỏi thêm nơi nộp.": (
        "<dl><div><dt>Lệ phí</dt><dd>chưa nêu</dd></div></dl><p>Hỏi thêm nơi nộp.</p>"
    ),
    "cần **hai** thứ": "<p>cần <strong>hai</strong> thứ</p>",
    "(**a**), **b**.": "<p>(<strong>a</strong>), <strong>b</strong>.</p>",
    "N*** V** A**": "<p>N*** V** A**</p>",
    "2 * 3 ** 4": "<p>2 * 3 ** 4</p>",
    "a < b & c": "<p>a &lt; b &amp; c</p>",
    "20.000 đồng": "<p>20.000 đồng</p>",
    "2026. Năm": "<p>2026. Năm</p>",
    "xem https://x.example/a.": "<p>xem https://x.example/a.</p>",
    "": "",
}

LINKS = {
    "https://dichvucong.gov.vn/x": "https://dichvucong.gov.vn/x",
    "/thu-tuc/1.001193": "{site}thu-tuc/1.001193",
    "http://dichvucong.gov.vn/x": None,
    "javascript:alert(1)": None,
    " javascript:alert(1)": None,
    "data:text/html,x": None,
    "https://dichvucong.gov.vn@evil.example/": None,
    "//evil.example/x": None,
    "http://": None,
}

# (what was written, the assistant has just asked for the digits) → what stays on the screen
MASKED = {
    ("1234", False): "••••",
    ("1 2 3 4", False): "••••",
    ("số là 1234 nhé", True): "số là •••• nhé",
    ("năm 2024", False): "năm 2024",
    ("cccd 044090001234", False): "cccd ••••",
    ("đt 0912 345 678", False): "đt ••••",
    ("đt 0912.345.678", False): "đt ••••",
    ("thẻ 9704 1234 5678 9012", False): "thẻ ••••",
    ("H50.07-261109-0204 4 số cuối 2010", False): "H50.07-261109-0204 4 số cuối ••••",
    ("2 0 1 0, hồ sơ H50.07-261109-0204", False): "••••, hồ sơ H50.07-261109-0204",
    ("hồ sơ h50.07-26110-0204 số 2010", False): "hồ sơ h50.07-26110-0204 số ••••",
    ("261109-0204 số 2010", False): "261109-0204 số ••••",
    ("thủ tục 1.001193 năm 2024", False): "thủ tục 1.001193 năm 2024",
    ("nghị định 118/2025/NĐ-CP", False): "nghị định 118/2025/NĐ-CP",
    ("H50.05-261102-0001", True): "H50.05-261102-0001",
    ("000.00.16.H46-200715-0001", True): "000.00.16.H46-200715-0001",
    ("1.001193", True): "1.001193",
    ("1.001193.000.00.00.H56", True): "1.001193.000.00.00.H56",
}

RENDER = """async ([text, links]) => {
  const {renderText} = await import("/widget-src/markup.js");
  const box = document.createElement("div");
  box.append(...renderText(text, new Set(links)));
  return box.innerHTML;
}"""
SAFE_URL = """async ([url, base]) => (await import("/widget-src/markup.js")).safeUrl(url, base)"""
MASK = """async ([text, asked]) => (await import("/widget-src/secrets.js")).maskSecrets(text, asked)"""


def test_reply_text_becomes_real_structure(visit: Visit) -> None:
    """A screen reader says "list of three", and what is no list stays a sentence."""
    page = visit().page
    assert {text: page.evaluate(RENDER, [text, []]) for text in STRUCTURE} == STRUCTURE


def test_a_listed_address_inside_the_text_can_be_pressed(visit: Visit) -> None:
    """Its closing full stop is not part of it."""
    html: Any = visit().page.evaluate(RENDER, ["xem https://a.gov.vn/b.", ["https://a.gov.vn/b"]])
    assert 'href="https://a.gov.vn/b"' in html
    assert html.endswith("</a>.</p>")


def test_only_https_and_the_portals_own_pages_are_followed(visit: Visit, site: Site) -> None:
    """Whatever reaches the list of links."""
    page = visit().page
    expected = {url: to and to.replace("{site}", site.url) for url, to in LINKS.items()}
    assert {url: page.evaluate(SAFE_URL, [url, site.url]) for url in LINKS} == expected


def test_identity_numbers_are_masked_and_codes_are_not(visit: Visit) -> None:
    """The code is what people look up again; the digits beside it are what must not stay."""
    page = visit().page
    assert {case: page.evaluate(MASK, list(case)) for case in MASKED} == MASKED
