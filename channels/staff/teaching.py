"""The pages of teaching: the questions, the proposals, rebuilding."""

from __future__ import annotations

from fastapi import APIRouter

from channels.rasa_client import RasaClient
from channels.staff.desk import Desk
from channels.staff.rebuild_pages import build_rebuild_router
from channels.staff.teach_pages import build_teach_router
from channels.staff.teach_queue_pages import build_teach_queue_router
from channels.teaching.service import Teaching
from knowledge.catalogue import Catalogue


def build_teaching_routers(desk: Desk, teaching: Teaching, catalogue: Catalogue, rasa: RasaClient) -> list[APIRouter]:
    """Return the routers of all three pages."""
    return [
        build_teach_router(desk, teaching, catalogue),
        build_teach_queue_router(desk, teaching, catalogue),
        build_rebuild_router(desk, teaching, rasa),
    ]
