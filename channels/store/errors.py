"""Why a database cannot be used.

StoreError
├── DatabaseTooOld   waits for `python -m channels store upgrade`
└── DatabaseTooNew   a later version of the app has changed it
"""

from __future__ import annotations


class StoreError(Exception):
    """The database cannot be used as it is; the text tells the person who runs the app what to do."""


class DatabaseTooOld(StoreError):
    """Its tables are of an earlier version."""

    def __init__(self, version: str | None) -> None:
        super().__init__(
            f"Cơ sở dữ liệu còn ở bản {version or 'trước khi có số bản'}. Sao lưu, dừng các tiến trình cũ, "
            "rồi chạy: python -m channels store upgrade"
        )


class DatabaseTooNew(StoreError):
    """Its tables are of a later version."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"Cơ sở dữ liệu ở bản {version}, mới hơn phần mềm này. "
            "Dùng bản phần mềm mới hơn, hoặc khôi phục bản sao lưu."
        )
