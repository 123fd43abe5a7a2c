"""Serves the demo portal with a canned assistant: ``python -m channels.web.demo --port 8010``."""

from __future__ import annotations

import argparse

import uvicorn
from fastapi import FastAPI, Request
from starlette.responses import Response

from channels.web.demo_api import CannedAssistant, build_demo_api
from channels.web.missing import add_missing_page
from channels.web.pages import Pages, build_pages, build_router


def create_demo_app(assistant: CannedAssistant, pages: Pages) -> FastAPI:
    """Return the portal pages and the canned API as one application."""
    app = FastAPI(title="Một Cửa: xem thử giao diện", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(build_router(pages))
    app.include_router(build_demo_api(assistant))
    add_missing_page(app, pages)

    @app.get("/tim-kiem")
    async def search(request: Request, q: str = "") -> Response:
        return pages.respond(request, "demo_search.html", query=q)

    return app


def main() -> None:
    """Parse the arguments and serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8010)
    parser.add_argument("--delay", type=float, default=0.6, help="seconds before each answer")
    arguments = parser.parse_args()
    assistant = CannedAssistant()
    assistant.delay_s = arguments.delay
    assistant.pushes_offered = "events"
    print(f"http://127.0.0.1:{arguments.port}/", flush=True)
    app = create_demo_app(assistant, build_pages())
    uvicorn.run(app, host="127.0.0.1", port=arguments.port, log_level="warning")


if __name__ == "__main__":
    main()
