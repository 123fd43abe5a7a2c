"""The list of papers to print (danh sách giấy tờ): what it holds, its web page and its PDF.

`Checklists` is what other channels use: the PDF as bytes, and where the page is found.
"""

from __future__ import annotations

from channels.checklist.content import Checklist, checklist_of
from channels.checklist.pdf import write_pdf
from channels.checklist.words import Words
from knowledge.model import Procedure

__all__ = ["Checklist", "Checklists", "Words", "checklist_of"]


class Checklists:
    """Makes checklists whose QR code and links lead to one public address."""

    def __init__(self, public_url: str) -> None:
        """public_url: where citizens reach the app, without a slash at the end."""
        self._public_url = public_url
        self._words = Words.load()

    def render_pdf(self, procedure: Procedure, case: str | None = None) -> bytes:
        """Return the checklist of a procedure as a PDF; CPU work, call it in a thread.

        case: one of the procedure's cases (`Checklist.cases`); None or another text shows all of them.
        """
        return self.render(checklist_of(procedure, [case] if case else []))

    def render(self, checklist: Checklist) -> bytes:
        """Return a checklist as a PDF; CPU work, call it in a thread."""
        return write_pdf(checklist, self._words, self.chat_url(checklist.procedure.code))

    def checklist_url(self, code: str) -> str:
        """Return the address of a procedure's checklist page."""
        return f"{self._public_url}/thu-tuc/{code}/danh-sach"

    def chat_url(self, code: str) -> str:
        """Return the address that opens the chat at a procedure; the QR code holds it."""
        return f"{self._public_url}/#hoi={code}"
