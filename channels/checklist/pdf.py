"""Draws a checklist as a PDF (A4): tick boxes, facts, source, and a QR code that opens the chat.

An ordinary procedure fits one page: the letters become a little smaller before another page is begun.
"""

from __future__ import annotations

import io
import unicodedata
from datetime import datetime, time, timezone

import segno
from fpdf import FPDF, Align, ViewerPreferences, XPos, YPos
from fpdf.enums import MethodReturnValue

from channels.checklist.content import Amount, Checklist, PaperGroup
from channels.checklist.fonts import FAMILY, STYLES
from channels.checklist.words import Words
from knowledge.model import Paper

#: Tried in turn until everything stands on one page; the first is taken when nothing helps.
SCALES = (1.0, 0.92, 0.84)
LANGUAGE = "vi-VN"
# Millimetres.
MARGIN, BOTTOM, QR, GAP = 16.0, 19.0, 27.0, 5.0
WIDTH = 210 - 2 * MARGIN
TICK, COUNT = 9.0, 17.0
NAME = WIDTH - TICK - 2 * COUNT
LABEL = 36.0
INK, MUTED, BRAND, TINT, LINE = (23, 34, 46), (74, 90, 106), (11, 74, 134), (238, 243, 249), (170, 182, 194)


def write_pdf(checklist: Checklist, words: Words, chat_url: str) -> bytes:
    """Return the PDF; letters are embedded, only those that are used."""
    fewest = _drawn(checklist, words, chat_url, SCALES[0])
    for scale in SCALES[1:]:
        if fewest.pages_count == 1:
            break
        smaller = _drawn(checklist, words, chat_url, scale)
        if smaller.pages_count < fewest.pages_count:
            fewest = smaller
    return bytes(fewest.output())


def _drawn(checklist: Checklist, words: Words, chat_url: str, scale: float) -> _Sheet:
    sheet = _Sheet(checklist, words, scale)
    sheet.head(chat_url)
    sheet.papers()
    sheet.facts()
    return sheet


class _Sheet(FPDF):
    """The pages of one checklist; every measure of letters is multiplied by `scale`."""

    def __init__(self, checklist: Checklist, words: Words, scale: float) -> None:
        super().__init__(format="A4")
        self._list = checklist
        self._words = words
        self._scale = scale
        procedure = checklist.procedure
        for style, path in STYLES.items():
            self.add_font(FAMILY, style, path)
        self.set_title(printable(f"{words.say('utter_checklist_name')}: {procedure.short_title}"))
        self.set_lang(LANGUAGE)
        self.set_subject(words.say("utter_checklist_code", code=procedure.code))
        self.set_creator("Một Cửa")
        self.set_creation_date(datetime.combine(procedure.as_of, time(), timezone.utc))  # same facts, same bytes
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.set_margins(MARGIN, 14, MARGIN)
        self.set_auto_page_break(True, BOTTOM)
        self.alias_nb_pages("{tờ}")
        self.set_draw_color(*LINE)
        self.set_line_width(0.2)
        self.add_page()

    def footer(self) -> None:
        """Print source, age and page number under every page."""
        self.set_y(-BOTTOM + 3)
        self.line(MARGIN, self.get_y(), MARGIN + WIDTH, self.get_y())
        self.set_y(self.get_y() + 1)
        self._style(7.5, color=MUTED)
        source = self._words.say("utter_checklist_source", as_of=self._list.as_of)
        page = self._words.say("utter_checklist_page", page=self.page_no(), pages="{tờ}")
        self.cell(WIDTH - 17, 3.6, source)
        self.cell(17, 3.6, page, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.cell(WIDTH, 3.6, self._list.source_url, link=self._list.source_url)

    def head(self, chat_url: str) -> None:
        """Print name, title, code and case, with the QR code beside them."""
        top, narrow = self.get_y(), WIDTH - QR - GAP
        self._qr(chat_url, top)
        procedure = self._list.procedure
        self._style(10, "B", BRAND)
        self._write(self._words.say("utter_checklist_name"), narrow)
        self._style(15, "B")
        self._write(procedure.short_title, narrow, leading=1.3)
        self._style(9, color=MUTED)
        if self._list.official_title:
            self._write(self._words.say("utter_checklist_official_title", title=self._list.official_title), narrow)
        code = self._words.say("utter_checklist_code", code=procedure.code)
        self._write(f"{code} · {procedure.field}", narrow)
        if self._list.groups:
            self._write(self._words.say("utter_checklist_tick"), narrow)
        self.set_y(max(self.get_y(), top + QR + 9) + 1)
        if self._list.chosen:
            self._style(10, "B")
            self._write(self._words.say("utter_checklist_case", cases="; ".join(self._list.chosen)), WIDTH)
        elif self._list.shows_all_cases:
            self._style(10)
            self._write(self._words.say("utter_checklist_all_cases"), WIDTH)
        self.set_y(self.get_y() + 1.5)

    def papers(self) -> None:
        """Print the papers by group; a heading never stands alone at the foot of a page."""
        if not self._list.groups:
            self._style(10)
            self._write(self._words.say("utter_checklist_no_papers"), WIDTH)
            return
        self._table_head()
        with_headings = len(self._list.groups) > 1 or self._list.groups[0].case
        for group in self._list.groups:
            if with_headings:
                if self._room_for(self._paper_height(group.papers[0]) + 8):
                    self._table_head()
                self._group_head(group)
            for paper in group.papers:
                self._paper(paper)
        if self._list.has_uncounted:
            self._style(8, color=MUTED)
            self._write(self._words.say("utter_checklist_counts_missing"), WIDTH, before=1)

    def facts(self) -> None:
        """Print time, fee, office, ways of handing in and conditions, and what this list is not."""
        say, procedure = self._words.say, self._list.procedure
        not_stated = say("utter_checklist_not_stated")
        self.set_y(self.get_y() + 3 * self._scale)
        self._fact(say("utter_checklist_duration"), [self._amount(item) for item in self._list.durations])
        self._fact(say("utter_checklist_fee"), [self._amount(item) for item in self._list.fees])
        self._fact(say("utter_checklist_place"), [procedure.authority or not_stated])
        anywhere = [say("utter_checklist_anywhere")] if self._list.anywhere else []
        self._fact(say("utter_checklist_channels"), [self._list.channels or not_stated, *anywhere])
        if procedure.conditions:
            self._fact(say("utter_checklist_conditions"), list(procedure.conditions))
        self._style(8, color=MUTED)
        self._write(say("utter_checklist_summary"), WIDTH, before=2)

    def _qr(self, address: str, top: float) -> None:
        picture = io.BytesIO()
        segno.make_qr(address, error="m").save(picture, kind="svg", border=0, omitsize=True)
        left = MARGIN + WIDTH - QR
        picture.seek(0)
        self.image(picture, left, top, QR, QR, link=address, alt_text=address)
        self.set_xy(left - 2, top + QR + 1)
        self._style(7, color=MUTED)
        self.multi_cell(QR + 4, 3.2, self._words.say("utter_checklist_scan"), align=Align.C)
        self.set_xy(MARGIN, top)

    def _table_head(self) -> None:
        self._style(8.5, "B", BRAND)
        height = 6 * self._scale
        self.set_fill_color(*TINT)
        say = self._words.say
        self.cell(TICK, height, "", fill=True)
        self.cell(NAME, height, say("utter_checklist_paper"), fill=True)
        self.cell(COUNT, height, say("utter_checklist_originals"), fill=True, align=Align.C)
        self.cell(
            COUNT, height, say("utter_checklist_copies"), fill=True, align=Align.C, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )

    def _group_head(self, group: PaperGroup) -> None:
        title = self._words.say("utter_checklist_always") if group.case is None else group.case
        self._style(9.5, "B")
        self._write(title[:1].upper() + title[1:], WIDTH, before=1.6, after=0.6)
        self.line(MARGIN, self.get_y(), MARGIN + WIDTH, self.get_y())

    def _paper_height(self, paper: Paper) -> float:
        self._style(10)
        return self._height(_name_of(paper), NAME - 2) + 2.2 * self._scale

    def _paper(self, paper: Paper) -> None:
        height = self._paper_height(paper)
        if self._room_for(height):
            self._table_head()
        top, inset = self.get_y(), 1.1 * self._scale
        box = 4.0 * self._scale
        self.set_draw_color(*INK)
        self.rect(MARGIN + 1.5, top + inset + 0.4, box, box)
        self.set_draw_color(*LINE)
        self._style(10)
        self.set_xy(MARGIN + TICK, top + inset)
        self._write(_name_of(paper), NAME - 2)
        counted = bool(paper.originals or paper.copies)
        self.set_xy(MARGIN + TICK + NAME, top + inset)
        if counted:
            for number in (paper.originals, paper.copies):
                self.cell(COUNT, self._line(), str(number) if number else "–", align=Align.C)
        else:
            self._style(9, color=MUTED)
            text = self._words.say("utter_checklist_count_not_stated")
            self.cell(2 * COUNT, self._line(), text, align=Align.C)
        self.set_xy(MARGIN, top + height)
        self.line(MARGIN, top + height, MARGIN + WIDTH, top + height)

    def _amount(self, amount: Amount) -> str:
        return f"{amount.text} ({self._words.say('utter_checklist_inferred')})" if amount.inferred else amount.text

    def _fact(self, label: str, values: list[str]) -> None:
        values = values or [self._words.say("utter_checklist_not_stated")]
        texts = [f"• {value}" for value in values] if len(values) > 1 else values
        self._style(9.5)
        height = sum(self._height(text, WIDTH - LABEL) for text in texts)
        self._room_for(min(height, 60.0))
        top = self.get_y()
        self._style(9.5, "B", BRAND)
        self.cell(LABEL, self._line(), label)
        self._style(9.5)
        self.set_y(top)
        for text in texts:
            self.set_x(MARGIN + LABEL)
            self._write(text, WIDTH - LABEL)
        self.set_y(self.get_y() + 1.2 * self._scale)

    def _style(self, size: float, style: str = "", color: tuple[int, int, int] = INK) -> None:
        self.set_font(FAMILY, style, size * self._scale)
        self.set_text_color(*color)

    def _line(self, leading: float = 1.36) -> float:
        return float(self.font_size) * leading

    def _write(self, text: str, width: float, leading: float = 1.36, before: float = 0, after: float = 0) -> None:
        left = self.get_x()
        if before:
            self.set_xy(left, self.get_y() + before * self._scale)
        self.multi_cell(width, self._line(leading), printable(text), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        if after:
            self.set_y(self.get_y() + after * self._scale)

    def _height(self, text: str, width: float) -> float:
        lines = self.multi_cell(
            width, self._line(), printable(text), align=Align.L, dry_run=True, output=MethodReturnValue.LINES
        )
        return len(lines) * self._line()  # type: ignore[arg-type]

    def _room_for(self, height: float) -> bool:
        """Begin a new page when this does not fit any more; tell whether it did."""
        if not self.will_page_break(height):
            return False
        self.add_page()
        return True


def _name_of(paper: Paper) -> str:
    if not paper.form or paper.form in paper.name:
        return paper.name
    return f"{paper.name} ({paper.form})"


def printable(text: str) -> str:
    """Return the text in composed letters and signs that the typeface has."""
    return unicodedata.normalize("NFC", text).replace("↔", "–")
