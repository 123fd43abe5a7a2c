"""Writes an invented application in the wire formats of the national platform and of iGate."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from actions.one_stop.port import Status
from actions.one_stop.simulator.life import Situation

PAYMENT_PAGE = "https://dichvucong.gov.vn/p/home/dvc-thanh-toan-truc-tuyen.html"


def lgsp_row(situation: Situation) -> dict[str, Any]:
    """Return the application as TraCuuHoSo answers it."""
    one = situation.application
    is_known = isinstance(situation.status, Status)
    return {
        "MaHoSo": one.code,
        "MaTTHC": one.procedure,
        "TenTTHC": one.procedure_title,
        "ChuHoSo": one.owner,
        "LoaiDoiTuong": "1",
        "SoDienThoai": one.phone or "",
        "SoDinhDanh": one.id_number or "",
        "NgayTiepNhan": _compact(situation.received_at),
        "NgayHenTra": _compact(situation.due_at),
        "TrangThaiHoSo": str(int(situation.status)) if is_known else situation.status,
        "NgayTra": _compact(situation.returned_at),
        "NgayKetThucXuLy": _compact(situation.finished_at),
        "HinhThuc": "2",
        "DonViXuLy": one.office,
        "LyDoBoSung": one.reason if situation.status == Status.PAPERS_NEEDED else "",
        "NoiDungXuLy": one.reason or "",
        "TaiLieuNop": [],
        "DanhSachLePhi": _lgsp_fees(situation),
        "DanhSachHoSoBoSung": _lgsp_supplements(situation),
        "DanhSachGiayToKetQua": [],
    }


def igate_row(situation: Situation) -> dict[str, Any]:
    """Return the application as the dossier search of iGate answers it."""
    one = situation.application
    owner = {"fullname": one.owner, "identityNumber": one.id_number, "phoneNumber": one.phone}
    status = situation.status
    return {
        "code": one.code,
        "applicant": {"data": owner},
        "procedure": {
            "code": one.procedure,
            "translate": [
                {"languageId": 46, "name": "Invented procedure"},
                {"languageId": 228, "name": one.procedure_title},
            ],
        },
        "statusCurrentTask": status.official_name if isinstance(status, Status) else status,
        "applyMethod": {"name": "Trực tuyến"},
        "agency": {"name": [{"languageId": 228, "name": one.office}]},
        "appliedDate": _iso(situation.received_at),
        "acceptedDate": _iso(situation.received_at),
        "appointmentDate": _iso(situation.due_at),
        "completedDate": _iso(situation.finished_at),
        "returnedDate": _iso(situation.returned_at),
        "comment": one.reason,
        "additionalPapers": [{"name": paper} for paper in _open_papers(situation)],
        "additionalDueDate": _iso(situation.papers_due_at) if _open_papers(situation) else None,
        "fees": _igate_fees(situation),
    }


def _open_papers(situation: Situation) -> tuple[str, ...]:
    return situation.application.papers if situation.status == Status.PAPERS_NEEDED else ()


def _lgsp_supplements(situation: Situation) -> list[dict[str, Any]]:
    one = situation.application
    if not one.papers:
        return []
    is_open = situation.status == Status.PAPERS_NEEDED
    return [
        {
            "HoSoBoSungId": "1",
            "NoiDungBoSung": one.reason or "",
            "HanBoSung": _compact(situation.papers_due_at),
            "NgayTiepNhanBoSung": "" if is_open else _compact(situation.changed_at),
            "DanhSachGiayToBoSung": [{"TenGiayTo": paper} for paper in one.papers],
        }
    ]


def _lgsp_fees(situation: Situation) -> list[dict[str, Any]]:
    fee = situation.application.fee
    if fee is None:
        return []
    is_open = situation.status == Status.PAYMENT_NEEDED
    return [
        {
            "TenPhiLePhi": fee.name,
            "HinhThucThu": "1",
            "Gia": "" if fee.amount_vnd is None else str(fee.amount_vnd),
            "TrangThaiThanhToan": "0" if is_open else "1",
            "DuongDanThanhToan": PAYMENT_PAGE,
        }
    ]


def _igate_fees(situation: Situation) -> list[dict[str, Any]]:
    fee = situation.application.fee
    if fee is None:
        return []
    is_paid = situation.status != Status.PAYMENT_NEEDED
    return [{"name": fee.name, "amount": fee.amount_vnd, "paid": is_paid, "url": PAYMENT_PAGE}]


def _compact(moment: datetime | None) -> str:
    return moment.strftime("%Y%m%d%H%M%S") if moment else ""


def _iso(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000%z") if moment else None
