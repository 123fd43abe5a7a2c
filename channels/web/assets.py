"""The portal's static files, read once: the joined widget, styles and pictures, each with its version."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from channels.web.bundle import bundle_script, bundle_style
from channels.web.headers import CACHE_FOREVER, CACHE_SHORTLY, accepts_gzip, compress, matches_etag

STATIC_DIR = Path(__file__).parent / "static"

_MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}
_ALREADY_COMPRESSED = {".png", ".ico", ".woff2"}


@dataclass(frozen=True)
class Asset:
    """One file as it is served.

    version: first 16 hex digits of the content's SHA-256; part of the address in our own pages.
    compressed: gzip bytes, or None where that would not help.
    """

    name: str
    body: bytes
    media_type: str
    version: str
    compressed: bytes | None


class Assets:
    """All static files by name."""

    def __init__(self, bodies: dict[str, bytes]) -> None:
        self._assets = {name: _build(name, body) for name, body in bodies.items()}

    @classmethod
    def load(cls, folder: Path = STATIC_DIR) -> Assets:
        """Read the static folder and join the widget.

        Raises:
            BundleError: the widget's sources cannot be joined.
        """
        bodies = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix in _MEDIA_TYPES
        }
        bodies["mot-cua.js"] = bundle_script().encode()
        bodies["mot-cua.css"] = bundle_style().encode()
        return cls(bodies)

    def get(self, name: str) -> Asset | None:
        """Return the file of that name, if there is one."""
        return self._assets.get(name)

    def url(self, name: str) -> str:
        """Return the address that changes whenever the content does."""
        return f"/static/{name}?v={self._assets[name].version}"

    def respond(self, request: Request, name: str) -> Response:
        """Answer a request for a static file: 200, 304 or 404."""
        asset = self.get(name)
        if asset is None:
            return Response("Không có tệp này.", status_code=404, media_type="text/plain; charset=utf-8")
        current = request.query_params.get("v") == asset.version
        etag = f'"{asset.version}"'
        headers = {
            "ETag": etag,
            "Cache-Control": CACHE_FOREVER if current else CACHE_SHORTLY,
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
            # The widget is meant for other portals' pages too.
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        if matches_etag(request.headers.get("If-None-Match", ""), etag):
            return Response(status_code=304, headers=headers)
        if asset.compressed is not None and accepts_gzip(request.headers.get("Accept-Encoding", "")):
            return Response(
                asset.compressed, headers=headers | {"Content-Encoding": "gzip"}, media_type=asset.media_type
            )
        return Response(asset.body, headers=headers, media_type=asset.media_type)


def _build(name: str, body: bytes) -> Asset:
    suffix = Path(name).suffix
    compressed = None if suffix in _ALREADY_COMPRESSED else compress(body, level=9)
    if compressed is not None and len(compressed) >= len(body):
        compressed = None
    version = hashlib.sha256(body).hexdigest()[:16]
    return Asset(name, body, _MEDIA_TYPES[suffix], version, compressed)
