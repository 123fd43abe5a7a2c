"""Reads a printed checklist back as a stranger would: text, letters, fonts, links."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import pypdf

from channels.checklist import Checklists
from channels.checklist.content import Checklist
from channels.checklist.pdf import printable

HERE = Checklists("https://motcua.test")


def squeezed(text: str) -> str:
    """Return the text without blanks, since lines break anywhere."""
    return "".join(printable(text).split())


@dataclass(frozen=True)
class Printed:
    """A PDF read back."""

    body: bytes
    reader: pypdf.PdfReader

    @classmethod
    def of(cls, checklist: Checklist) -> Printed:
        body = HERE.render(checklist)
        return cls(body, pypdf.PdfReader(io.BytesIO(body)))

    @property
    def pages(self) -> int:
        return len(self.reader.pages)

    @property
    def text(self) -> str:
        return squeezed("".join(page.extract_text() for page in self.reader.pages))

    @property
    def links(self) -> set[str]:
        found: set[str] = set()
        for page in self.reader.pages:
            for reference in page.get("/Annots") or ():
                found.add(str(reference.get_object()["/A"]["/URI"]))
        return found

    @property
    def fonts(self) -> list[Any]:
        """Return the font descriptors, one for each embedded face."""
        found = {}
        for page in self.reader.pages:
            for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
                descendant = font.get_object()["/DescendantFonts"][0].get_object()
                found[font.get_object()["/BaseFont"]] = descendant["/FontDescriptor"].get_object()
        return list(found.values())


def wanted_on(checklist: Checklist) -> list[str]:
    """Return what should stand on the paper."""
    procedure = checklist.procedure
    wanted = [procedure.short_title, procedure.code, checklist.as_of, *procedure.conditions]
    for group in checklist.groups:
        wanted += [paper.name for paper in group.papers]
        wanted += [group.case[1:]] if group.case else []
    wanted += [amount.text for amount in (*checklist.durations, *checklist.fees)]
    wanted += [paper.form for group in checklist.groups for paper in group.papers if paper.form]
    wanted += [procedure.authority] if procedure.authority else []
    return wanted


def missing_from(printed: Printed, checklist: Checklist) -> list[str]:
    """Return what should stand on the paper and does not."""
    text = printed.text
    return [words for words in wanted_on(checklist) if squeezed(words) not in text]
