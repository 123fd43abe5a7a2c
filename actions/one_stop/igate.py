"""Asks VNPT iGate ("digo") for an application: OAuth2 client credentials, then the dossier search.

The fields marked [I] are inferred from sister interfaces, not seen in a published answer: when a province's
gateway does not send them they stay absent, and without an ID number or phone the look-up refuses.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, ValidationError

from actions.one_stop.errors import ApplicationNotFound, OneStopMisconfigured, OneStopUnavailable
from actions.one_stop.identity import DigitProof
from actions.one_stop.port import ApplicationRecord, Payment, vietnam_now
from actions.one_stop.sessions import SessionOneStop, Token
from actions.one_stop.upstream import Answer, Upstream
from actions.one_stop.wire import (
    Moment,
    OrEmpty,
    Rows,
    Text,
    WireModel,
    first_gov_url,
    procedure_code_of,
    same_code,
    status_of,
    whole_vnd,
)

_VIETNAMESE = "228"  # the gateway's id of the language


@dataclass(frozen=True)
class IgateAccess:
    """The service account that the province gives, and where to log in.

    token_url: may lie on another host than the gateway.
    """

    client_id: str
    client_secret: str = field(repr=False)
    token_url: str
    search_path: str = "/pa/dossier-search/dvc"


class _Named(WireModel):
    languageId: Text = None
    name: Text = None


class _Procedure(WireModel):
    code: Text = None
    translate: Rows = ()


class _ApplicantData(WireModel):
    fullname: Text = None
    identityNumber: Text = None  # [I]
    phoneNumber: Text = None  # [I]


class _Applicant(WireModel):
    data: Annotated[_ApplicantData, OrEmpty] = _ApplicantData()


class _Fee(WireModel):
    name: Text = None
    amount: Text = None
    paid: Any = None
    url: Text = None


class _Agency(WireModel):
    name: Text | Rows = None


class _Dossier(WireModel):
    code: Text = None
    applicant: Annotated[_Applicant, OrEmpty] = _Applicant()
    procedure: Annotated[_Procedure, OrEmpty] = _Procedure()
    status: Text = Field(default=None, alias="statusCurrentTask")
    dossierStatusName: Text = None
    appliedDate: Moment = None
    acceptedDate: Moment = None
    appointmentDate: Moment = None
    completedDate: Moment = None
    returnedDate: Moment = None  # [I]
    agency: Annotated[_Agency, OrEmpty] = _Agency()  # [I]
    comment: Text = None  # [I]
    additionalPapers: Rows = ()  # [I]
    additionalDueDate: Moment = None  # [I]
    fees: Rows = ()  # [I]


class IgateOneStop(SessionOneStop):
    """The one-stop system of a province on VNPT iGate."""

    def __init__(
        self,
        upstream: Upstream,
        access: IgateAccess,
        proof: DigitProof,
        now: Callable[[], datetime] = vietnam_now,
    ) -> None:
        super().__init__(upstream, proof, now)
        self._access = access

    async def _log_in(self) -> Token:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._access.client_id,
            "client_secret": self._access.client_secret,
        }
        answer = await self._upstream.send("POST", self._access.token_url, form=form)
        if answer.session_refused:
            raise OneStopMisconfigured("the gateway refuses the service account")
        body = answer.object()
        token, lifetime_s = body.get("access_token"), body.get("expires_in")
        if not isinstance(token, str) or not token:
            raise OneStopUnavailable("malformed")
        return Token(token, float(lifetime_s) if isinstance(lifetime_s, int | float) else None)

    async def _search(self, code: str) -> ApplicationRecord:
        def send(token: str) -> Awaitable[Answer]:
            query = {"page": "0", "size": "10", "spec": "slice", "code": code}
            headers = {"Authorization": f"Bearer {token}"}
            return self._upstream.send("GET", self._access.search_path, query=query, headers=headers)

        answer = await self._session.use(send, lambda received: received.session_refused)
        try:
            found = [_Dossier.model_validate(row) for row in answer.rows("content")]
            dossier = next((one for one in found if same_code(one.code, code)), None)
            if dossier is None:
                raise ApplicationNotFound
            return self._record(code, dossier)
        except ValidationError:
            raise OneStopUnavailable("malformed") from None  # the library's error quotes the data

    def _record(self, code: str, dossier: _Dossier) -> ApplicationRecord:
        status_text = dossier.status or dossier.dossierStatusName or ""
        owner = dossier.applicant.data
        return ApplicationRecord(
            code=code,
            procedure_title=_vietnamese_name(dossier.procedure.translate),
            procedure_code=procedure_code_of(dossier.procedure.code),
            status=status_of(status_text) or status_of(dossier.dossierStatusName),
            status_text=status_text,
            owner_name=owner.fullname or "",
            proofs=self._proof.of_numbers(code, owner.identityNumber, owner.phoneNumber),
            received_at=dossier.acceptedDate or dossier.appliedDate,
            due_at=dossier.appointmentDate,
            finished_at=dossier.completedDate,
            returned_at=dossier.returnedDate,
            office=_vietnamese_name(dossier.agency.name),
            reason=dossier.comment,
            papers_to_add=tuple(name for row in dossier.additionalPapers if (name := _name(row))),
            papers_due_at=dossier.additionalDueDate,
            payment=_payment([_Fee.model_validate(fee) for fee in dossier.fees]),
            as_of=self._now(),
        )


def _payment(fees: list[_Fee]) -> Payment | None:
    unpaid = [fee for fee in fees if fee.paid not in (True, 1, "1")]
    if not unpaid:
        return None
    amounts = [whole_vnd(fee.amount) for fee in unpaid]
    return Payment(
        amount_vnd=None if None in amounts else sum(amount or 0 for amount in amounts),
        description="; ".join(fee.name for fee in unpaid if fee.name) or None,
        url=first_gov_url(fee.url for fee in unpaid),
    )


def _vietnamese_name(names: str | tuple[Any, ...] | None) -> str | None:
    """Return a name that comes as text or as a list of translations, Vietnamese first."""
    if names is None or isinstance(names, str):
        return names
    rows = [_Named.model_validate(row) for row in names]
    ordered = sorted(rows, key=lambda row: row.languageId != _VIETNAMESE)
    return next((row.name for row in ordered if row.name), None)


def _name(row: Any) -> str | None:
    return _Named.model_validate(row if isinstance(row, dict) else {"name": row}).name
