"""Where citizens reach the app from outside, for links and QR codes that leave the page."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class PublicSettings(BaseSettings):
    """The public address.

    public_url: scheme and host, e.g. https://motcua.tinh.gov.vn. Without it links inside the web chat are relative,
    messaging channels get none, and QR codes lead to this machine.
    """

    model_config = SettingsConfigDict(env_prefix="MOT_CUA_", extra="ignore")

    public_url: Annotated[str, Field(pattern=r"^(https?://[^/\s?#]+/?)?$")] = ""

    @property
    def link_base(self) -> str:
        """Return what links begin with: the public address without a slash at the end, or nothing."""
        return self.public_url.rstrip("/")

    def qr_base(self, port: int) -> str:
        """Return what QR codes begin with; they are never relative."""
        return self.link_base or f"http://localhost:{port}"
