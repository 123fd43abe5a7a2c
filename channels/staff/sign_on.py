"""The province's sign-on (OpenID Connect): the code flow with PKCE, the ID token checked, roles read from a claim."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from channels.staff.errors import SignOnFailed
from channels.staff.roles import Role
from channels.staff.settings import StaffSettings
from channels.staff.text import one_line

#: Signatures made with a private key only: a shared secret or "none" proves nothing.
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_METADATA_FOR_S = 3600.0
_CLOCK_DIFFERENCE_S = 60
_LONGEST_SUBJECT = 255
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Journey:
    """What has to be remembered while the officer is at the provider's page."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class Person:
    """Whom the provider vouches for. subject: issuer and id together, the same for ever; role: the highest mapped."""

    subject: str
    wanted_name: str
    full_name: str
    role: Role


class SignOn:
    """Talks to one identity provider."""

    def __init__(self, settings: StaffSettings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        if not settings.oidc_discovery_url:
            raise ValueError("MOT_CUA_STAFF_OIDC_DISCOVERY_URL is not set")
        self._address = settings.oidc_discovery_url
        self._settings = settings
        self._transport = transport
        self._metadata: Mapping[str, Any] = {}
        self._read_at = float("-inf")
        self._keys: KeySet | None = None

    async def begin(self, redirect_uri: str) -> tuple[str, Journey]:
        """Return the address of the provider's sign-in page, and what to remember until the officer is back.

        Raises:
            SignOnFailed: the provider does not answer, or not like one.
        """
        metadata = await self._discover()
        journey = Journey(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
        address = prepare_grant_uri(
            metadata["authorization_endpoint"],
            self._settings.oidc_client_id,
            "code",
            redirect_uri=redirect_uri,
            scope=self._settings.oidc_scope,
            state=journey.state,
            nonce=journey.nonce,
            code_challenge=create_s256_code_challenge(journey.verifier),
            code_challenge_method="S256",
        )
        return str(address), journey

    async def finish(self, journey: Journey, returned: Mapping[str, str], redirect_uri: str) -> Person:
        """Return who came back.

        returned: the query of the address that the provider sent the officer to.

        Raises:
            SignOnFailed: refused there, not the same journey, a token that proves nothing, or no role for us.
        """
        if not hmac.compare_digest(returned.get("state", "").encode(), journey.state.encode()):
            raise SignOnFailed("the state is not the one of this journey")
        if "code" not in returned:
            raise SignOnFailed(f"no code: {returned.get('error', '')[:60]}")
        metadata = await self._discover()
        if returned.get("iss", metadata["issuer"]) != metadata["issuer"]:
            raise SignOnFailed("the answer is another provider's")
        try:
            async with self._http() as http:
                token = await self._token(http, returned["code"], journey.verifier, redirect_uri)
                claims = await self._proved(str(token["id_token"]), journey.nonce)
                if _at(claims, self._settings.oidc_role_claim) is None and metadata.get("userinfo_endpoint"):
                    bearer = {"Authorization": f"Bearer {token['access_token']}"}
                    told = (await http.get(metadata["userinfo_endpoint"], headers=bearer)).raise_for_status().json()
                    if told.get("sub") != claims["sub"]:
                        raise SignOnFailed("userinfo speaks of somebody else")
                    claims = {**told, **claims}
        except (httpx.HTTPError, JoseError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise SignOnFailed(f"{type(error).__name__}") from error
        return self._person(claims)

    async def _discover(self) -> Mapping[str, Any]:
        """Return what the provider tells of itself, at most an hour old."""
        if time.monotonic() - self._read_at < _METADATA_FOR_S:
            return self._metadata
        metadata = await self._fetch(self._address)
        needed = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
        if any(not _is_safe(metadata.get(name)) for name in needed):
            raise SignOnFailed("discovery: an address is missing or not https")
        if not self._address.startswith(str(metadata["issuer"]).rstrip("/") + "/"):
            raise SignOnFailed("discovery: another issuer")
        self._metadata, self._read_at, self._keys = metadata, time.monotonic(), None
        return metadata

    async def _proved(self, id_token: str, nonce: str) -> dict[str, Any]:
        """Return the claims of an ID token that the provider signed for us and for this journey."""
        try:
            token = jwt.decode(id_token, await self._key_set(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            self._keys = None  # the provider may have changed its keys since
            token = jwt.decode(id_token, await self._key_set(), algorithms=ALGORITHMS)
        rules = jwt.JWTClaimsRegistry(
            leeway=_CLOCK_DIFFERENCE_S,
            iss={"essential": True, "value": self._metadata["issuer"]},
            aud={"essential": True, "value": self._settings.oidc_client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        rules.validate(token.claims)
        if token.claims.get("azp", self._settings.oidc_client_id) != self._settings.oidc_client_id:
            raise SignOnFailed("the token was made for another client")
        return dict(token.claims)

    async def _key_set(self) -> KeySet:
        if self._keys is None:
            self._keys = KeySet.import_key_set(await self._fetch(self._metadata["jwks_uri"]))  # type: ignore[arg-type]
        return self._keys

    async def _fetch(self, address: str) -> dict[str, Any]:
        try:
            async with self._http() as http:
                content = (await http.get(address)).raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise SignOnFailed(f"{type(error).__name__} at the provider") from error
        if not isinstance(content, dict):
            raise SignOnFailed("the provider's answer is no object")
        return content

    async def _token(self, http: httpx.AsyncClient, code: str, verifier: str, redirect_uri: str) -> dict[str, Any]:
        """Exchange the code for tokens, proving that we are the client and the one who began the journey."""
        body = prepare_token_request("authorization_code", redirect_uri=redirect_uri, code=code, code_verifier=verifier)
        answer = await http.post(
            self._metadata["token_endpoint"],
            content=body,
            headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
            auth=(self._settings.oidc_client_id, self._settings.oidc_client_secret.get_secret_value()),
        )
        token: dict[str, Any] = answer.raise_for_status().json()
        return token

    def _http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self._transport, timeout=self._settings.oidc_timeout_s, trust_env=False)

    def _person(self, claims: Mapping[str, Any]) -> Person:
        named = _at(claims, self._settings.oidc_role_claim)
        values = [named] if isinstance(named, str) else named if isinstance(named, list) else []
        mapped = [self._settings.oidc_roles[str(value)] for value in values if str(value) in self._settings.oidc_roles]
        if not mapped:
            raise SignOnFailed("no role for the desk")
        wanted = str(claims.get("preferred_username") or "")
        full_name = str(claims.get("name") or wanted or "Cán bộ")
        subject = one_line(f"{claims['iss']}|{claims['sub']}", 1000)
        if len(subject) > _LONGEST_SUBJECT:
            raise SignOnFailed("the id is longer than can be kept")
        return Person(subject, wanted, one_line(full_name, 200), max(Role.of(key) for key in mapped))


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """Return a claim, or a nested one by its dotted path ("realm_access.roles"); None when there is none."""
    if path in claims:
        return claims[path]
    value: Any = claims
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _is_safe(address: object) -> bool:
    """Tell whether an address may carry secrets: https, or this very machine (tests)."""
    parts = urlsplit(address) if isinstance(address, str) else None
    return parts is not None and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK))
