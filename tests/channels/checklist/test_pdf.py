"""The printed checklist read back: every paper, every letter, one page where one is enough."""

from __future__ import annotations

import logging
import unicodedata

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from channels.checklist import Checklists
from channels.checklist.content import checklist_of
from channels.checklist.fonts import STYLES
from channels.checklist.pdf import printable
from knowledge.catalogue import Catalogue, load_catalogue
from knowledge.model import Paper, Procedure
from tests.actions.builders import make_procedure
from tests.channels.checklist.printed import HERE, Printed, missing_from, squeezed, wanted_on

#: Every so many procedures of the catalogue; all of them: python -m tests.bench.checklists
EVERY = 60
VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def sample(catalogue: Catalogue) -> list[Procedure]:
    """Return some of all kinds, and the longest."""
    procedures = list(catalogue.procedures.values())
    longest = sorted(procedures, key=lambda one: len(one.documents) + len(one.conditions))[-4:]
    return [*procedures[::EVERY], *longest]


def test_every_paper_of_the_catalogue_reads_back(catalogue: Catalogue, caplog: pytest.LogCaptureFixture) -> None:
    """A name cut off or a letter without a shape sends somebody home from the counter."""
    with caplog.at_level(logging.WARNING):
        for procedure in sample(catalogue):
            checklist = checklist_of(procedure)
            printed = Printed.of(checklist)
            assert missing_from(printed, checklist) == [], procedure.code
            assert printed.pages == 1 or len(procedure.documents) > 8, procedure.code
            assert printed.pages <= 2, procedure.code
    assert [record.message for record in caplog.records if record.name.startswith("fpdf")] == []


def test_the_typeface_has_every_vietnamese_letter(catalogue: Catalogue) -> None:
    """A box in place of a letter makes a printed name worthless."""
    letters = {unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES} | {"đ"}
    letters |= {letter.upper() for letter in letters} | set("•–“”…≥≤°²³×·")
    for procedure in catalogue.procedures.values():
        letters |= set(printable("".join(wanted_on(checklist_of(procedure)))))
    for path in STYLES.values():
        known = TTFont(path, lazy=True).getBestCmap()
        assert sorted(letter for letter in letters if ord(letter) not in known) == [], path.name


def test_it_carries_its_typeface_as_a_subset() -> None:
    """A shop's printer has no Vietnamese typeface; a phone line has no megabytes."""
    printed = Printed.of(checklist_of(make_procedure(documents=(Paper("Tờ khai"),))))

    assert printed.fonts and all("/FontFile2" in font for font in printed.fonts)
    assert all("+" in str(font["/FontName"]) for font in printed.fonts)
    assert len(printed.body) < 80_000


def test_it_says_what_it_is_and_in_which_language() -> None:
    """A screen reader begins with these."""
    printed = Printed.of(checklist_of(make_procedure()))

    assert printed.reader.metadata is not None
    assert printed.reader.metadata.title == "Danh sách giấy tờ cần chuẩn bị: Đăng ký khai sinh"
    assert printed.reader.trailer["/Root"]["/Lang"] == "vi-VN"  # type: ignore[index]


def test_source_and_chat_can_be_opened_from_it() -> None:
    """On a screen nobody scans their own glass."""
    printed = Printed.of(checklist_of(make_procedure()))

    assert printed.links == {"https://motcua.test/#hoi=1.001193", checklist_of(make_procedure()).source_url}


def test_the_same_facts_give_the_same_bytes() -> None:
    """So that it can be cached, and a difference means that a fact changed."""
    one = checklist_of(make_procedure(documents=(Paper("Tờ khai", 1),)))

    assert HERE.render(one) == HERE.render(one)


def test_many_papers_go_on_to_another_page_with_their_heading() -> None:
    """The head of the columns stands on every page, and every page names its source."""
    papers = tuple(Paper(f"Giấy tờ thứ {number} có tên khá dài để xuống dòng", 1, 2) for number in range(90))
    printed = Printed.of(checklist_of(make_procedure(documents=papers)))

    assert printed.pages > 2
    for page in printed.reader.pages[:-1]:
        assert squeezed("Bản chính") in squeezed(page.extract_text())
    for number, page in enumerate(printed.reader.pages, 1):
        assert squeezed(f"Trang {number}/{printed.pages}") in squeezed(page.extract_text())


def test_one_case_or_all() -> None:
    """Telegram sends it for the case that was picked."""
    procedure = make_procedure(documents=(Paper("Tờ khai"), Paper("Biên bản", case="trẻ bị bỏ rơi")))
    checklists = Checklists("https://motcua.test")

    assert checklists.render_pdf(procedure) == HERE.render(checklist_of(procedure))
    assert checklists.render_pdf(procedure, "trẻ bị bỏ rơi") == HERE.render(checklist_of(procedure, ["trẻ bị bỏ rơi"]))


def test_its_addresses_lead_to_the_public_host() -> None:
    """Other channels show them outside the page."""
    assert HERE.checklist_url("1.001193") == "https://motcua.test/thu-tuc/1.001193/danh-sach"
    assert HERE.chat_url("1.001193") == "https://motcua.test/#hoi=1.001193"


def test_without_papers_there_is_nothing_to_tick() -> None:
    """The sheet says whom to ask instead."""
    text = Printed.of(checklist_of(make_procedure())).text

    assert squeezed("Nguồn không nêu giấy tờ phải nộp") in text
    assert squeezed("Đánh dấu vào ô vuông") not in text
