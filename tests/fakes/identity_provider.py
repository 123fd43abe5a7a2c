"""A small strict OpenID provider: it refuses whatever a real one would, and lies on demand."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.responses import JSONResponse, RedirectResponse, Response

ISSUER = "https://sso.test/realms/tinh"
CLIENT, SECRET = "mot-cua", "a secret of the province"
REDIRECT = "http://desk.test/can-bo/dang-nhap/tinh/ve"


class FakeProvider:
    """Everybody who comes is signed in there as `person`.

    claims: put over those of the ID token; None takes one away.  key: what it signs with, published is another
    matter.  userinfo: what its userinfo says, None = it has none.
    """

    def __init__(self, issuer: str = ISSUER, redirect: str = REDIRECT) -> None:
        self.address, self.redirect = issuer, redirect
        self.published = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.key = self.published
        self.person: dict[str, Any] = {
            "sub": "u-1",
            "preferred_username": "lan.nguyen",
            "name": "Nguyễn Thị Lan",
            "roles": ["nhan-vien", "can-bo-mot-cua"],
        }
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] | None = None
        self.issuer = issuer
        self.algorithm = "RS256"
        self._codes: dict[str, dict[str, str]] = {}
        self._tokens: set[str] = set()
        self.app = FastAPI()
        self.app.get("/realms/tinh/.well-known/openid-configuration")(self._discovery)
        self.app.get("/realms/tinh/auth")(self._authorize)
        self.app.post("/realms/tinh/token")(self._token)
        self.app.get("/realms/tinh/certs")(self._certs)
        self.app.get("/realms/tinh/userinfo")(self._userinfo)

    async def _discovery(self) -> dict[str, Any]:
        told = {name: f"{self.address}/{name}" for name in ("auth", "token", "certs", "userinfo")}
        found = {
            "issuer": self.issuer,
            "authorization_endpoint": told["auth"],
            "token_endpoint": told["token"],
            "jwks_uri": told["certs"],
        }
        return found | ({"userinfo_endpoint": told["userinfo"]} if self.userinfo is not None else {})

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        wrong = [
            asked.get("client_id") != CLIENT,
            asked.get("redirect_uri") != self.redirect,
            asked.get("response_type") != "code",
            "openid" not in asked.get("scope", "").split(),
            asked.get("code_challenge_method") != "S256",
            len(asked.get("code_challenge", "")) != 43,
            len(asked.get("state", "")) < 16,
            len(asked.get("nonce", "")) < 16,
        ]
        if any(wrong):
            return JSONResponse({"error": "invalid_request", "wrong": wrong}, 400)
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return RedirectResponse(f"{self.redirect}?{urlencode({'code': code, 'state': asked['state']})}", 302)

    async def _token(self, request: Request) -> Response:
        form = dict(await request.form())
        basic = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("Authorization") != basic:
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self._codes.pop(str(form.get("code")), None)  # a code is good once
        digest = hashlib.sha256(str(form.get("code_verifier", "")).encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or form.get("redirect_uri") != self.redirect or asked["code_challenge"] != challenge:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.address,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        }
        claims = {name: value for name, value in {**claims, **self.person, **self.claims}.items() if value is not None}
        access = secrets.token_urlsafe(16)
        self._tokens.add(access)
        signed = jwt.encode({"alg": self.algorithm, "kid": self.key.kid}, claims, self.key, [self.algorithm])
        return JSONResponse({"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": signed})

    async def _certs(self) -> dict[str, Any]:
        return {"keys": [self.published.as_dict(private=False)]}

    async def _userinfo(self, request: Request) -> Response:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self._tokens:
            return JSONResponse({"error": "invalid_token"}, 401)
        return JSONResponse(self.userinfo)
