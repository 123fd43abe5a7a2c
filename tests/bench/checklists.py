"""Prints the checklist of every procedure for every case and reads each back: `python -m tests.bench.checklists`."""

from __future__ import annotations

import logging
import sys
import time
from collections import Counter

from channels.checklist.content import cases_of, checklist_of
from knowledge.catalogue import load_catalogue
from tests.channels.checklist.printed import Printed, missing_from


class _Complaints(logging.Handler):
    """Collects what the PDF library warns of, such as a letter without a shape."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


def main() -> int:
    complaints = _Complaints()
    logging.getLogger("fpdf").addHandler(complaints)
    started, slowest_s = time.perf_counter(), 0.0
    pages: Counter[int] = Counter()
    wrong: list[str] = []
    for procedure in load_catalogue().procedures.values():
        for case in (None, *cases_of(procedure)):
            checklist = checklist_of(procedure, [case] if case else [])
            before = time.perf_counter()
            printed = Printed.of(checklist)
            slowest_s = max(slowest_s, time.perf_counter() - before)
            pages[printed.pages] += 1
            wrong += [f"{procedure.code} ({case}): {words}" for words in missing_from(printed, checklist)]
    print(f"{pages.total()} danh sách trong {time.perf_counter() - started:.0f} s, lâu nhất {slowest_s * 1000:.0f} ms")
    print("số trang:", dict(sorted(pages.items())))
    for line in [*wrong, *complaints.heard]:
        print("THIẾU", line)
    return 1 if wrong or complaints.heard else 0


if __name__ == "__main__":
    sys.exit(main())
