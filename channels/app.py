"""The app: one FastAPI application with the pages, the web API and the actions that rasa calls back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from pydantic import SecretStr

from actions.digits import DigitVault
from actions.one_stop.errors import OneStopError
from actions.one_stop.factory import build_digit_proof, build_one_stop, build_status_lookup
from actions.one_stop.last_known import LastKnownStore
from actions.one_stop.port import OneStop
from actions.one_stop.settings import OneStopSettings
from actions.services import Services, build_actions
from actions.webhook import action_router
from channels.api import Health, add_fault_handlers, health_router, message_router
from channels.checklist import Checklists
from channels.checklist.pages import build_checklist_router
from channels.checklist.settings import PublicSettings
from channels.conversation import Conversations
from channels.desk import TakeOver, build_take_over
from channels.desk.alarm import Alarm
from channels.feedback import FeedbackKeeper
from channels.following import Following, build_following
from channels.following.settings import FollowingSettings
from channels.hooks import Hooks
from channels.limits import AddressLimit, Limits, LimitSettings
from channels.live_search import LiveSearch
from channels.rasa_client import RasaClient
from channels.retention import Retention
from channels.sentences import Sentences
from channels.settings import AppSettings
from channels.staff.account_pages import build_account_router
from channels.staff.audit_pages import build_audit_router
from channels.staff.desk import Desk, build_desk
from channels.staff.lookup_pages import build_lookup_router
from channels.staff.status_pages import build_status_router
from channels.staff.takeover_pages import build_takeover_router
from channels.staff.takeover_stream import build_takeover_stream
from channels.staff.teaching import build_teaching_routers
from channels.statistics import Statistics, build_statistics
from channels.store.addresses import AddressBook
from channels.store.attempts import SqlAttempts
from channels.store.conversations import ConversationStore
from channels.store.database import open_database
from channels.store.feedback import FeedbackStore
from channels.store.last_known import SqlLastKnown
from channels.store.seen import SeenStore
from channels.teaching.rebuild import Paths
from channels.teaching.service import Teaching, build_teaching, search_in_service
from channels.telegram import build_telegram, checklist_maker
from channels.telegram.settings import TelegramSettings
from channels.web.missing import add_missing_page
from channels.web.origins import allow_portals
from channels.web.pages import PortalSettings, build_pages, build_router
from channels.web.procedure_pages import build_procedure_router
from channels.web.twins import Twins
from channels.zalo import ZaloChannel, build_zalo
from channels.zalo.settings import ZaloSettings
from knowledge.encoder import load_encoder
from knowledge.verdict import Judge

log = logging.getLogger(__name__)
ONE_STOP_EVERY_S = 60.0


@dataclass(frozen=True)
class Parts:
    """What the app is made of; built at the edge, so that tests can hand in others."""

    settings: AppSettings
    services: Services
    one_stop: OneStop
    rasa: RasaClient
    store: ConversationStore
    last_known: LastKnownStore
    addresses: AddressBook
    public: PublicSettings = field(default_factory=PublicSettings)
    limits: Limits = field(default_factory=lambda: Limits(LimitSettings()))
    feedback: FeedbackStore = field(kw_only=True)
    desk: Desk = field(kw_only=True)
    take_over: TakeOver = field(kw_only=True)
    seen: SeenStore = field(kw_only=True)
    following: Following = field(kw_only=True)
    statistics: Statistics = field(kw_only=True)
    zalo: ZaloChannel | None = None
    teaching: Teaching | None = None


def build_parts(settings: AppSettings, one_stop_settings: OneStopSettings) -> Parts:
    """Load encoder and index, open the database, prepare the clients.

    Raises:
        KnowledgeError: encoder or index are missing; `make setup` builds them.
    """
    encoder = load_encoder(Path(settings.encoder) if "/" in settings.encoder else settings.encoder)
    search, release = search_in_service(settings.var_dir, settings.index_dir, encoder)
    if one_stop_settings.identity_key is None:  # one key over restarts, so that kept answers stay usable
        key = SecretStr(settings.identity_key_bytes.hex())
        one_stop_settings = one_stop_settings.model_copy(update={"identity_key": key})
    proof = build_digit_proof(one_stop_settings)
    one_stop = build_one_stop(one_stop_settings, proof)
    database = open_database(settings.database_url)
    last_known = SqlLastKnown(database, proof, one_stop_settings.lookup_policy().last_known_for)
    lookup = build_status_lookup(one_stop_settings, one_stop, proof, SqlAttempts(database), last_known)
    public = PublicSettings()
    desk = build_desk(database, settings.identity_key_bytes, public_url=public.link_base)
    rasa = RasaClient(settings.rasa, settings.rasa_timeout_s, settings.action_secret.get_secret_value())
    addresses = AddressBook(database, settings.identity_key_bytes)
    following = build_following(
        database,
        FollowingSettings(),
        lambda pace: build_one_stop(one_stop_settings, proof, pace),
        addresses,
        settings.identity_key_bytes,
        settings.retention_days,
    )
    alarm = Alarm(rasa)
    take_over = build_take_over(
        database, following.outbox, following.hub, desk.accounts.has_anybody, alarm.is_emergency
    )
    judge = Judge.load()
    services = Services(
        search,
        judge,
        lookup,
        DigitVault(),
        public.link_base,
        subscriptions=following.subscriptions,
        desk=take_over.queue,
    )
    store = ConversationStore(database)
    limits = Limits(LimitSettings(), settings.redis_url)
    return Parts(
        settings,
        services,
        one_stop,
        rasa,
        store,
        last_known,
        addresses,
        public,
        limits,
        feedback=FeedbackStore(database),
        following=following,
        desk=desk,
        take_over=take_over,
        seen=SeenStore(database),
        statistics=build_statistics(database, search.index.catalogue, settings.retention_days),
        zalo=build_zalo(ZaloSettings(), database, settings.identity_key_bytes),
        teaching=build_teaching(
            database, search, judge, rasa, Paths(settings.var_dir, settings.index_dir, settings.encoder), release
        ),
    )


def create_app(parts: Parts) -> FastAPI:
    """Return the application over its parts."""
    sentences = Sentences()
    settings = parts.settings
    take_over = parts.take_over
    opinions = FeedbackKeeper(parts.feedback, sentences)
    conversations = Conversations(
        parts.rasa,
        parts.store,
        parts.last_known,
        parts.services.vault,
        sentences,
        settings.identity_key_bytes,
        settings.max_text,
        settings.retention_days,
        parts.addresses,
        Hooks(
            [take_over.interceptor, opinions],
            [
                parts.following,
                take_over.listener,
                opinions,
                parts.statistics.log,
                *([parts.zalo.memory] if parts.zalo else []),
            ],
            [take_over.interceptor],
        ),
        parts.limits,
    )

    search, teaching = parts.services.search, parts.teaching
    twins = Twins(search.index.catalogue)
    if isinstance(search, LiveSearch):
        search.on_replace(lambda new: twins.prepare(new.index.catalogue))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        keeping = asyncio.create_task(app.state.retention.keep_sweeping())
        warming = asyncio.create_task(asyncio.to_thread(twins.warm))
        await parts.following.start()
        await parts.desk.start()
        await take_over.start()
        if teaching:
            await teaching.start()
        for messenger in messengers:
            await messenger.start()
        yield
        for messenger in messengers:
            await messenger.stop()
        if teaching:
            await teaching.stop()
        await take_over.stop()
        await parts.following.stop()
        await warming
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping
        await parts.rasa.aclose()
        await parts.one_stop.aclose()

    app = FastAPI(
        title="Một Cửa", version="0.1.0", lifespan=lifespan, description=API_DESCRIPTION, telemetry=NO_TELEMETRY
    )
    app.state.retention = retention_of(parts)
    add_fault_handlers(app, sentences)
    app.add_middleware(AddressLimit, limits=parts.limits, sentence=sentences.say("utter_too_many_requests"))
    allow_portals(app, PortalSettings().origins)
    app.include_router(message_router(conversations, sentences))
    app.include_router(action_router(build_actions(parts.services), settings.action_secret.get_secret_value()))
    pages = build_pages()
    app.include_router(build_router(pages))
    app.include_router(build_procedure_router(pages, parts.services.search, parts.services.judge, twins))
    checklists = Checklists(parts.public.qr_base(settings.port))
    app.include_router(build_checklist_router(pages, parts.services.search.index.catalogue, checklists))
    app.include_router(parts.following.router)
    app.state.close_streams = parts.following.hub.close
    make_checklist = checklist_maker(parts.services.search.index.catalogue, checklists.render_pdf)
    telegram = build_telegram(
        TelegramSettings(), conversations, sentences, parts.seen, parts.public.link_base, make_checklist
    )
    zalo = parts.zalo.connect(conversations, sentences) if parts.zalo else None
    messengers = [messenger for messenger in (telegram, zalo) if messenger]
    for messenger in messengers:
        app.include_router(messenger.router)
        parts.following.deliver_by(messenger.deliverer)
    app.include_router(health_router(Health(_checks(parts) | ({"telegram": telegram.state} if telegram else {}))))
    desk = parts.desk
    desk_routers = [
        build_lookup_router(desk, parts.services.search, parts.services.judge, twins, checklists),
        build_status_router(desk, parts.one_stop),
        build_account_router(desk),
        build_audit_router(desk),
    ]
    fields = sorted({procedure.field for procedure in parts.services.search.index.catalogue})
    desk_routers += [build_takeover_router(desk, take_over, fields), build_takeover_stream(desk, take_over)]
    desk_routers += parts.statistics.routers(desk)
    if teaching:
        desk_routers += build_teaching_routers(desk, teaching, search.index.catalogue, parts.rasa)
    desk.install(app, desk_routers)
    add_missing_page(app, pages)
    return app


#: Neither spans nor metrics, whatever the environment says.
NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
API_DESCRIPTION = (
    "Trợ lý ảo tra cứu thủ tục hành chính và tình trạng hồ sơ. Mọi câu trả lời lấy từ dữ kiện có nguồn; "
    "không câu nào do mô hình ngôn ngữ viết ra."
)


def _checks(parts: Parts) -> dict[str, Any]:
    async def rasa() -> dict[str, Any]:
        return {"ok": await parts.rasa.is_ready()}

    async def index_state() -> dict[str, Any]:
        index = parts.services.search.index
        return {"ok": len(index.catalogue) > 0, "procedures": len(index.catalogue), "fingerprint": index.fingerprint}

    one_stop = _Seldom(parts.one_stop)
    checks = {"app": _up, "rasa": rasa, "index": index_state, "one_stop": one_stop.state}
    return checks | ({"zalo": parts.zalo.state} if parts.zalo else {})


async def _up() -> dict[str, Any]:
    return {"ok": True}


class _Seldom:
    """Asks the one-stop system at most once a minute; procedure questions do not depend on it."""

    def __init__(self, one_stop: OneStop) -> None:
        self._one_stop = one_stop
        self._state: dict[str, Any] = {}
        self._asked_at = float("-inf")

    async def state(self) -> dict[str, Any]:
        now = asyncio.get_running_loop().time()
        if now - self._asked_at >= ONE_STOP_EVERY_S or not self._state.get("ok"):
            self._asked_at = now
            try:
                await self._one_stop.check()
                self._state = {"ok": True, "needed": False}
            except OneStopError as error:
                self._state = {"ok": False, "needed": False, "reason": type(error).__name__}
        return self._state


def retention_of(parts: Parts) -> Retention:
    """Return the sweep over every store that keeps something of citizens."""
    stores: dict[str, Callable[[int], int]] = {
        "conversations": parts.store.forget_older_than,
        "addresses": parts.addresses.forget_older_than,
        "statistics": parts.statistics.forget_older_than,  # counts thumbs and waits before they go
        "feedback": parts.feedback.forget_older_than,
        "following": parts.following.forget_older_than,
        "desk": parts.take_over.forget_older_than,
    }
    if isinstance(parts.last_known, SqlLastKnown):
        stores["last known"] = parts.last_known.forget_older_than
    if parts.teaching:
        stores["teaching"] = parts.teaching.forget_older_than
    if parts.zalo:
        stores["zalo"] = parts.zalo.forget_older_than
    return Retention(parts.settings.retention_days, stores)
