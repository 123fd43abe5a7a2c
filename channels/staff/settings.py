"""Settings of the staff desk, read from MOT_CUA_STAFF_* variables."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from actions.one_stop.attempts import AttemptLimit


class StaffSettings(BaseSettings):
    """How long a session lasts, how many failures lock, and the province's sign-on.

    idle_minutes, session_hours: a session ends after so long without use, and after so long in any case.
    lockout_address_failures: raise it where a whole office reaches the app from one address.
    oidc_*: the province's identity provider; without a discovery address there is none.  oidc_role_claim: the claim
    (a.b for nested ones) that names roles; oidc_roles: claim value → role.  Whoever has none of them stays outside.
    oidc_only: nobody signs in with a password here, except admins (who must get in when the provider is down).
    """

    model_config = SettingsConfigDict(env_prefix="MOT_CUA_STAFF_", extra="ignore")

    idle_minutes: int = Field(default=30, ge=1)
    session_hours: int = Field(default=10, ge=1)
    lockout_failures: int = Field(default=5, ge=1)
    lockout_address_failures: int = Field(default=5, ge=1)
    lockout_minutes: int = Field(default=15, ge=1)
    status_lookups: int = Field(default=40, ge=1)

    oidc_discovery_url: str | None = None
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = "tài khoản của tỉnh"
    oidc_scope: str = "openid profile"
    oidc_role_claim: str = "roles"
    oidc_roles: dict[str, Literal["clerk", "editor", "manager", "admin"]] = Field(default_factory=dict)
    oidc_only: bool = False
    oidc_timeout_s: float = Field(default=8.0, gt=0)

    @property
    def idle(self) -> timedelta:
        return timedelta(minutes=self.idle_minutes)

    @property
    def longest(self) -> timedelta:
        return timedelta(hours=self.session_hours)

    @property
    def per_name(self) -> AttemptLimit:
        """Return how many failures lock a name."""
        return AttemptLimit(self.lockout_failures, timedelta(minutes=self.lockout_minutes))

    @property
    def per_address(self) -> AttemptLimit:
        """Return how many failures lock an address."""
        return AttemptLimit(self.lockout_address_failures, timedelta(minutes=self.lockout_minutes))

    @property
    def per_officer(self) -> AttemptLimit:
        """Return how many applications one officer may look up within a quarter of an hour."""
        return AttemptLimit(self.status_lookups, timedelta(minutes=15))
