"""Asks the national platform (trục LGSP) for an application: session log-in, then TraCuuHoSo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from actions.one_stop.errors import ApplicationNotFound, OneStopMisconfigured, OneStopUnavailable
from actions.one_stop.identity import DigitProof
from actions.one_stop.port import ApplicationRecord, Payment, vietnam_now
from actions.one_stop.sessions import SessionOneStop, Token
from actions.one_stop.upstream import Answer, Upstream
from actions.one_stop.wire import (
    Moment,
    Rows,
    Text,
    WireModel,
    first_gov_url,
    procedure_code_of,
    same_code,
    status_of,
    whole_vnd,
)


@dataclass(frozen=True)
class LgspAccess:
    """How the province is known to the platform.

    destination: the `dstcode` header; agency_code: `madonvi`.
    """

    username: str
    password: str = field(repr=False)
    agency_code: str
    destination: str
    auth_path: str = "/auth"
    integration_path: str = "/integration"


class _FeeRow(WireModel):
    TenPhiLePhi: Text = None
    Gia: Text = None
    TrangThaiThanhToan: Text = None
    DuongDanThanhToan: Text = None  # not in the published list of fields; used when a province sends it


class _PaperRow(WireModel):
    TenGiayTo: Text = None


class _SupplementRow(WireModel):
    NoiDungBoSung: Text = None
    NgayTiepNhanBoSung: Moment = None
    HanBoSung: Moment = None
    NgayHenTraMoi: Moment = None
    DanhSachGiayToBoSung: Rows = ()

    def papers(self) -> tuple[str, ...]:
        names = (_PaperRow.model_validate(row).TenGiayTo for row in self.DanhSachGiayToBoSung)
        return tuple(name for name in names if name)


class _ApplicationRow(WireModel):
    MaHoSo: Text = None
    MaTTHC: Text = None
    TenTTHC: Text = None
    ChuHoSo: Text = None
    SoDienThoai: Text = None
    SoDinhDanh: Text = None
    NgayTiepNhan: Moment = None
    NgayHenTra: Moment = None
    TrangThaiHoSo: Text = None
    NgayTra: Moment = None
    NgayKetThucXuLy: Moment = None
    DonViXuLy: Text = None
    LyDoBoSung: Text = None
    NoiDungXuLy: Text = None
    DanhSachLePhi: Rows = ()
    DanhSachHoSoBoSung: Rows = ()


class LgspOneStop(SessionOneStop):
    """The one-stop system behind the national platform (LGSP)."""

    def __init__(
        self,
        upstream: Upstream,
        access: LgspAccess,
        proof: DigitProof,
        now: Callable[[], datetime] = vietnam_now,
    ) -> None:
        super().__init__(upstream, proof, now)
        self._access = access

    async def _log_in(self) -> Token:
        answer = await self._upstream.send(
            "POST",
            self._access.auth_path,
            json={"username": self._access.username, "password": self._access.password},
            headers={"dstcode": self._access.destination},
        )
        if answer.session_refused:
            raise OneStopMisconfigured("the platform refuses the user name or password")
        body = answer.object()
        session = body.get("session")
        if body.get("error_code", 0) not in (0, "0"):
            raise OneStopMisconfigured("the platform refuses the user name or password")
        if not isinstance(session, str) or not session:
            raise OneStopUnavailable("malformed")
        return Token(session)

    async def _search(self, code: str) -> ApplicationRecord:
        def send(session: str) -> Any:
            question = {
                "session": session,
                "madonvi": self._access.agency_code,
                "service": "TraCuuHoSo",
                "MaHoSo": code,
            }
            headers = {"dstcode": self._access.destination}
            return self._upstream.send("POST", self._access.integration_path, json=question, headers=headers)

        answer = await self._session.use(send, _is_session_refused)
        try:
            found = [_ApplicationRow.model_validate(row) for row in answer.rows("result")]
            record = next((row for row in found if same_code(row.MaHoSo, code)), None)
            if record is None:
                raise ApplicationNotFound
            return self._record(code, record)
        except ValidationError:
            raise OneStopUnavailable("malformed") from None  # the library's error quotes the data

    def _record(self, code: str, row: _ApplicationRow) -> ApplicationRecord:
        supplements = [_SupplementRow.model_validate(one) for one in row.DanhSachHoSoBoSung]
        latest = supplements[-1] if supplements else _SupplementRow()
        moved = [one.NgayHenTraMoi for one in supplements if one.NgayHenTraMoi]
        return ApplicationRecord(
            code=code,
            procedure_title=row.TenTTHC,
            procedure_code=procedure_code_of(row.MaTTHC),
            status=status_of(row.TrangThaiHoSo),
            status_text=row.TrangThaiHoSo or "",
            owner_name=row.ChuHoSo or "",
            proofs=self._proof.of_numbers(code, row.SoDinhDanh, row.SoDienThoai),
            received_at=row.NgayTiepNhan,
            due_at=moved[-1] if moved else row.NgayHenTra,
            finished_at=row.NgayKetThucXuLy,
            returned_at=row.NgayTra,
            office=row.DonViXuLy,
            reason=row.LyDoBoSung or latest.NoiDungBoSung or row.NoiDungXuLy,
            papers_to_add=() if latest.NgayTiepNhanBoSung else latest.papers(),
            papers_due_at=None if latest.NgayTiepNhanBoSung else latest.HanBoSung,
            payment=_payment([_FeeRow.model_validate(fee) for fee in row.DanhSachLePhi]),
            as_of=self._now(),
        )


def _payment(fees: list[_FeeRow]) -> Payment | None:
    unpaid = [fee for fee in fees if fee.TrangThaiThanhToan != "1"]
    if not unpaid:
        return None
    amounts = [whole_vnd(fee.Gia) for fee in unpaid]
    return Payment(
        amount_vnd=None if None in amounts else sum(amount or 0 for amount in amounts),
        description="; ".join(fee.TenPhiLePhi for fee in unpaid if fee.TenPhiLePhi) or None,
        url=first_gov_url(fee.DuongDanThanhToan for fee in unpaid),
    )


def _is_session_refused(answer: Answer) -> bool:
    return answer.session_refused or answer.object().get("error_code", 0) not in (0, "0")
