"""The simulated one-stop system over HTTP: the national platform's paths, iGate's paths, and controls."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import parse_qsl

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from actions.one_stop.port import Status
from actions.one_stop.simulator.faults import Faults, FaultyMiddleware, Mode, Orders
from actions.one_stop.simulator.formats import igate_row, lgsp_row
from actions.one_stop.simulator.life import Life, Situation

_SESSION_LIFETIME_S = 300
_SAME_SECRET_FOR_ALL = "mo-phong"


class SimulatedOneStop:
    """Both wire formats over one life of invented applications."""

    def __init__(self, life: Life, faults: Faults) -> None:
        self._life = life
        self._faults = faults
        self._sessions: set[str] = set()

    def app(self) -> Starlette:
        """Return the ASGI application."""
        routes = [
            Route("/lgsp/auth", self.lgsp_log_in, methods=["POST"]),
            Route("/lgsp/integration", self.lgsp_search, methods=["POST"]),
            Route("/realms/digo/protocol/openid-connect/token", self.igate_log_in, methods=["POST"]),
            Route("/pa/dossier-search/dvc", self.igate_search),
            Route("/simulator", self.show),
            Route("/simulator/mode", self.set_mode, methods=["POST"]),
            Route("/simulator/advance", self.advance, methods=["POST"]),
        ]
        return Starlette(routes=routes, middleware=[Middleware(FaultyMiddleware, faults=self._faults)])

    async def lgsp_log_in(self, request: Request) -> JSONResponse:
        """Answer the platform's log-in."""
        body = await _object(request)
        is_right = body.get("username") == body.get("password") == _SAME_SECRET_FOR_ALL
        if not is_right or "dstcode" not in request.headers or _mode(request) is Mode.UNAUTHORIZED:
            return JSONResponse({"error_code": 1, "message": "Sai tài khoản"}, status_code=401)
        return JSONResponse({"session": self._new_session(), "error_code": 0})

    async def lgsp_search(self, request: Request) -> JSONResponse:
        """Answer TraCuuHoSo."""
        body = await _object(request)
        if not self._is_session_good(request, str(body.get("session"))):
            return JSONResponse({"error_code": 401, "message": "Phiên làm việc hết hạn", "result": None})
        if body.get("service") != "TraCuuHoSo" or not body.get("madonvi"):
            return JSONResponse({"error_code": 0, "result": None}, status_code=400)
        situation = self._life.find(str(body.get("MaHoSo")))
        return JSONResponse({"error_code": 0, "result": [lgsp_row(situation)] if situation else []})

    async def igate_log_in(self, request: Request) -> JSONResponse:
        """Answer the client-credentials grant."""
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        is_right = (
            form.get("grant_type") == "client_credentials"
            and form.get("client_id") == form.get("client_secret") == _SAME_SECRET_FOR_ALL
        )
        if not is_right or _mode(request) is Mode.UNAUTHORIZED:
            return JSONResponse({"error": "unauthorized_client"}, status_code=401)
        token = {"access_token": self._new_session(), "expires_in": _SESSION_LIFETIME_S}
        return JSONResponse({**token, "token_type": "Bearer"})

    async def igate_search(self, request: Request) -> JSONResponse:
        """Answer the dossier search; like the real one it also finds codes that only begin alike."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not self._is_session_good(request, token):
            return JSONResponse({"error": "invalid_token"}, status_code=401)
        begin = request.query_params.get("code", "")
        codes = [code for code in self._life.codes() if begin and code.startswith(begin[:-1])]
        found = [situation for code in codes if (situation := self._life.find(code))]
        near = sorted(found, key=lambda one: one.application.code == begin)
        return JSONResponse({"content": [igate_row(one) for one in near[-10:]], "number": 0, "size": 10})

    async def show(self, request: Request) -> JSONResponse:
        """Tell that all is invented, the orders in force and every code with its digits."""
        rows = [_summary(situation) for code in self._life.codes() if (situation := self._life.find(code))]
        return JSONResponse(
            {
                "notice": "Dữ liệu mô phỏng, không có thật",
                "mode": self._faults.orders.mode.value,
                "requests": self._faults.requests,
                "applications": rows,
            }
        )

    async def set_mode(self, request: Request) -> JSONResponse:
        """Take `{"mode", "delay_s", "times"}`."""
        try:
            orders = Orders.model_validate(await _object(request))
        except ValidationError as error:
            return JSONResponse({"errors": error.errors(include_input=False)}, status_code=422)
        if orders.mode is Mode.EXPIRED_SESSION:
            self._sessions.clear()
        self._faults.obey(orders)
        return JSONResponse({"mode": orders.mode.value})

    async def advance(self, request: Request) -> JSONResponse:
        """Take `{"code"}` and move that application to its next status."""
        situation = self._life.advance(str((await _object(request)).get("code")))
        if situation is None:
            return JSONResponse({"error": "no such invented application"}, status_code=404)
        return JSONResponse(_summary(situation))

    def _new_session(self) -> str:
        session = secrets.token_hex(16)
        self._sessions.add(session)
        return session

    def _is_session_good(self, request: Request, session: str) -> bool:
        return session in self._sessions and _mode(request) is not Mode.REFUSED_SESSION


def _mode(request: Request) -> Mode:
    mode = request.scope.get("state", {}).get("mode", Mode.OK)
    return mode if isinstance(mode, Mode) else Mode.OK


def _summary(situation: Situation) -> dict[str, Any]:
    one, status = situation.application, situation.status
    return {
        "code": one.code,
        "digits": list(one.digits),
        "status": int(status) if isinstance(status, Status) else status,
        "procedure": one.procedure_title,
    }


async def _object(request: Request) -> dict[str, Any]:
    """Return the JSON object sent, {} when it is none (or not sent as JSON, as a foreign page would)."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        return {}
    try:
        body = await request.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
