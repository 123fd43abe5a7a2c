"""Writes down who saw which personal data and who changed what, in words that admins read later."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime, timezone

from channels.staff.roles import Officer
from channels.staff.text import one_line
from channels.store.audit import AuditStore

#: Every kind of line; whoever adds a page adds its words here.
ACTION_WORDS: Mapping[str, str] = {
    "sign_in": "Đăng nhập",
    "sign_in_failed": "Đăng nhập không được",
    "sign_out": "Đăng xuất",
    "password_changed": "Đổi mật khẩu",
    "account_added": "Thêm tài khoản",
    "account_disabled": "Khóa tài khoản",
    "account_enabled": "Mở lại tài khoản",
    "account_role": "Đổi vai trò",
    "account_reset": "Cấp mật khẩu dùng một lần",
    "status_seen": "Xem tình trạng hồ sơ",
    "status_not_found": "Tra hồ sơ không có",
    "owner_name_seen": "Xem họ tên đầy đủ của chủ hồ sơ",
    "conversation_seen": "Xem một cuộc trò chuyện",
    "conversation_taken": "Nhận cuộc trò chuyện",
    "conversation_written": "Nhắn cho người dân",
    "conversation_forwarded": "Chuyển cuộc trò chuyện",
    "conversation_ended": "Kết thúc cuộc trò chuyện",
    "conversation_refused": "Việc vừa ghi không làm được",
    "unanswered_seen": "Xem thống kê và câu hỏi chưa trả lời được",
    "citizen_data_exported": "Xuất dữ liệu theo yêu cầu của người dân",
    "teaching_proposed": "Đề nghị dạy trợ lý",
    "teaching_approved": "Duyệt đề nghị dạy trợ lý",
    "teaching_rejected": "Từ chối đề nghị dạy trợ lý",
    "teaching_withdrawn": "Rút lại điều đã duyệt",
    "teaching_refused": "Việc vừa ghi không làm được",
    "question_hidden": "Ẩn câu hỏi khỏi danh sách dạy",
    "question_shown_again": "Hiện lại câu hỏi đã ẩn",
    "rebuild_begun": "Dựng lại dữ liệu",
    "release_chosen": "Đổi bản đang dùng",
    "audit_seen": "Xem nhật ký",
}
SYSTEM = "hệ thống"


class Audit:
    """The one way to write into the audit log."""

    def __init__(self, store: AuditStore, key: bytes, now: Callable[[], datetime] | None = None) -> None:
        """key: keys the digests by which the lines of one application are found again."""
        self.store = store
        self._key = hashlib.sha256(b"staff audit" + key).digest()
        self._now = now or (lambda: datetime.now(timezone.utc))

    async def write(
        self,
        officer: Officer,
        did: str,
        note: str = "",
        *,
        conversation: str | None = None,
        application: str | None = None,
    ) -> None:
        """Add a line; do it before the data is shown.

        did: a key of ACTION_WORDS (KeyError otherwise).  note: no personal data.  conversation: its keyed hash.
        application: the whole code; the log keeps it with the running number hidden, and a keyed digest.
        """
        await asyncio.to_thread(
            self.write_as, officer.name, officer.role.key, did, note, conversation=conversation, application=application
        )

    def write_as(
        self,
        who: str,
        role: str,
        did: str,
        note: str = "",
        *,
        conversation: str | None = None,
        application: str | None = None,
    ) -> None:
        """Add a line for someone not signed in (commands, failed sign-ins). Blocking."""
        ACTION_WORDS[did]
        digest = self.digest(application) if application else None
        shown = mask_code(application) if application else None
        self.store.add(self._now(), one_line(who, 64), role, did, one_line(note, 500), conversation, shown, digest)

    def digest(self, application: str) -> str:
        """Return the keyed digest of an application code, 32 hex letters."""
        return hmac.new(self._key, application.encode(), hashlib.sha256).hexdigest()[:32]


def mask_code(application: str) -> str:
    """Return an application code with its running number hidden.

    >>> mask_code("H50.05-261102-0001")
    'H50.05-261102-••••'
    """
    head, dash, sequence = application.rpartition("-")
    return f"{head}{dash}{'•' * len(sequence)}" if dash else "••••"
