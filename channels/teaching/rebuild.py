"""Begins builds, notices how they end, and puts releases into service or back.

Any worker of the app may begin a build and any may notice its end; the database lets just one of them decide.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import logging
import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from channels.errors import DialogueUnavailable
from channels.rasa_client import RasaClient
from channels.store.moments import utc_now
from channels.store.releases import Build, BuildState, BuildStore
from channels.store.teaching import TeachingStore
from channels.teaching.errors import RebuildRefused
from channels.teaching.job import LOG, PROGRESS, REPORT, STEPS, Job, Taught, alive, is_at_work, read_json
from channels.teaching.releases import Live, ReleaseFolder
from channels.teaching.settings import ROOT, TeachingSettings
from knowledge.fingerprints import META

log = logging.getLogger(__name__)
SET_UP = "cài đặt"
_NICE = 15
_PR_SET_PDEATHSIG = 1
_START_WITHIN_S = 60.0
Command = Callable[[Path], Sequence[str]]


@dataclass(frozen=True)
class Paths:
    """Where set-up put what is in service before the first release."""

    var_dir: Path
    index: Path
    encoder: str


@dataclass(frozen=True)
class Underway:
    """How far the running build is: the step's words, and which of how many it is."""

    build: Build
    step: str
    place: int
    steps: int


def build_command(folder: Path) -> Sequence[str]:
    """Return the command that does the job of a folder."""
    return [sys.executable, "-m", "channels.teaching.build", str(folder)]


class Rebuilder:
    """Looks after the builds and the release in service."""

    def __init__(
        self,
        builds: BuildStore,
        proposals: TeachingStore,
        paths: Paths,
        settings: TeachingSettings,
        rasa: RasaClient,
        command: Command = build_command,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.builds = builds
        self.folder = ReleaseFolder(paths.var_dir)
        self._proposals = proposals
        self._paths = paths
        self._settings = settings
        self._rasa = rasa
        self._command = command
        self._now = now
        self._children: dict[int, asyncio.subprocess.Process] = {}

    async def begin(self, by: str) -> int:
        """Begin a build; return its number.

        Raises:
            RebuildRefused: one is at work already, or what is in service cannot be found.
        """
        await self.settle()
        live = await self.adopt()
        self.folder.path.mkdir(parents=True, exist_ok=True)
        with alive(self.folder.path) as alone:
            if not alone or await asyncio.to_thread(self.builds.running) is not None:
                raise RebuildRefused("Đang dựng một bản rồi: chờ xong rồi mới dựng tiếp.")
            number = await asyncio.to_thread(self.builds.begin, self._now(), by)
        await asyncio.to_thread(self._prepare, number, live)
        folder = self.folder.of(number)
        child = await asyncio.create_subprocess_exec(
            *self._command(folder),
            cwd=ROOT,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=(folder / LOG).open("ab"),
            start_new_session=True,
            preexec_fn=_humble,
        )
        self._children = {key: one for key, one in self._children.items() if one.returncode is None} | {number: child}
        return number

    def _prepare(self, number: int, live: Live) -> None:
        folder = self.folder.of(number)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        settings = self._settings
        taken_in = self._proposals.taken_in(number)
        Job(
            number,
            str(settings.root.absolute()),
            str(folder),
            str(self.folder.model_of(number)),
            _absolute(self._paths.encoder),
            str(settings.below_root(settings.rasa_python)),
            str(settings.below_root(settings.search_cases)),
            str(settings.below_root(settings.intent_cases)),
            settings.tolerance,
            live.index,
            live.model,
            live.sources,
            tuple(Taught(one.words, one.is_name, one.target) for one in taken_in),
        ).write()

    async def adopt(self) -> Live:
        """Return the release in service; the first time, what set-up built becomes one.

        From then on what is in service changes by releases alone, whatever changes in the data files. After an update
        of the program that no release fits, what its set-up built is in service, and becomes one again.

        Raises:
            RebuildRefused: the model in service is not to be found.
        """
        live = await asyncio.to_thread(self.folder.live)
        code = await self._code()
        if live is not None and await asyncio.to_thread(self._fits, live, code):
            return live
        model = await self._model_told()
        if model is None or not model.is_file() or not (self._paths.index / "meta.json").is_file():
            raise RebuildRefused("Không thấy chỉ mục hoặc mô hình đang dùng: chạy `make setup` rồi khởi động lại.")
        number = await asyncio.to_thread(self.builds.begin, self._now(), SET_UP)
        adopted = await asyncio.to_thread(self.folder.adopt, number, self._paths.index, model, code)
        report = json.dumps({"sources": adopted.sources, "code": adopted.code})
        await asyncio.to_thread(self.builds.end, number, BuildState.PASSED, self._now(), report)
        await asyncio.to_thread(self.builds.went_live, number, self._now(), SET_UP)
        return adopted

    def _fits(self, release: Live, code: str) -> bool:
        """Tell whether this program can serve a release: same code of the dialogue, same kind of index."""
        ours, set_up = (read_json(Path(folder) / META) or {} for folder in (release.index, self._paths.index))
        same_kind = not set_up or all(ours.get(name) == set_up.get(name) for name in ("format", "encoder"))
        return same_kind and release.code == code

    async def _model_told(self) -> Path | None:
        try:
            return await self._rasa.model()
        except DialogueUnavailable as error:
            raise RebuildRefused("Máy chủ hội thoại không trả lời: thử lại sau ít phút.") from error

    async def _code(self) -> str:
        """Return what identifies the dialogue side's program."""
        settings = self._settings
        python = str(settings.below_root(settings.rasa_python))
        asking = await asyncio.create_subprocess_exec(
            python, "-c", "from bot.train import code_hash; print(code_hash())", cwd=settings.root,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        out, _ = await asking.communicate()
        if asking.returncode != 0:
            raise RebuildRefused("Không hỏi được chương trình hội thoại: kiểm tra MOT_CUA_TEACHING_RASA_PYTHON.")
        return out.decode().split()[-1]

    async def settle(self) -> Build | None:
        """See whether the running build has ended, and act on it; return the build that this call ended."""
        running = await asyncio.to_thread(self.builds.running)
        if running is None:
            return None
        folder = self.folder.of(running.id)
        at_work = await asyncio.to_thread(is_at_work, folder)  # before the report: it is written while at work
        report = await asyncio.to_thread(read_json, folder / REPORT)
        if report is None:
            if at_work or self._may_be_starting(running):
                return None
            report = {"failed": "Việc dựng bị ngắt giữa chừng (máy dừng hoặc hết bộ nhớ). Bản đang dùng không đổi."}
        state = BuildState.FAILED if "failed" in report else BuildState.PASSED if report["passes"] else BuildState.FELL
        told = json.dumps(report, ensure_ascii=False)
        if not await asyncio.to_thread(self.builds.end, running.id, state, self._now(), told):
            return None
        if state is BuildState.PASSED:
            await self.put_live(running.id, running.began_by)
        else:
            await asyncio.to_thread(self.tidy)
        return await asyncio.to_thread(self.builds.get, running.id)

    def _may_be_starting(self, build: Build) -> bool:
        child = self._children.get(build.id)
        if child is not None:
            return child.returncode is None
        return (self._now() - build.began_at).total_seconds() < _START_WITHIN_S

    async def put_live(self, number: int, by: str) -> None:
        """Put a release into service, whether for the first time or back.

        Raises:
            RebuildRefused: it did not pass, or its files are gone.
        """
        build = await asyncio.to_thread(self.builds.get, number)
        if build is None or build.state is not BuildState.PASSED:
            raise RebuildRefused("Bản này chưa đạt nên không đưa vào dùng được.")
        if not await asyncio.to_thread(self.folder.is_whole, number):
            raise RebuildRefused("Tệp của bản này không còn nữa.")
        described = self.folder.described(number, *_origin(build))
        if not await asyncio.to_thread(self._fits, described, await self._code()):
            raise RebuildRefused("Bản này dựng cho phiên bản phần mềm khác: dựng bản mới.")
        await asyncio.to_thread(self.folder.put_live, described)
        await asyncio.to_thread(self.builds.went_live, number, self._now(), by)
        await asyncio.to_thread(self.tidy)

    def former(self) -> Build | None:
        """Return the release that was in service before the present one and still can be. Blocking."""
        live = self.folder.live()
        others = [one for one in self.builds.been_live() if live is None or one.id != live.number]
        return next((one for one in others if self.folder.is_whole(one.id)), None)

    def underway(self) -> Underway | None:
        """Return how far the running build is. Blocking."""
        running = self.builds.running()
        if running is None:
            return None
        told = read_json(self.folder.of(running.id) / PROGRESS) or {}
        names = list(STEPS)
        place = names.index(told["step"]) if told.get("step") in names else 0
        return Underway(running, STEPS[names[place]], place + 1, len(names))

    def tidy(self) -> None:
        """Delete the files of all releases but the last few that were in service. Blocking."""
        live, running = self.folder.live(), self.builds.running()
        kept = [one.id for one in self.builds.been_live(self._settings.keep)]
        kept += [one.number for one in (live,) if one] + [one.id for one in (running,) if one]
        self.folder.keep_only(set(kept))

    async def stop(self) -> None:
        """End builds that this worker began; the release in service is not touched."""
        for child in self._children.values():
            if child.returncode is None:
                os.killpg(child.pid, signal.SIGTERM)
                await child.wait()


def _absolute(encoder: str) -> str:
    """Return where the encoder is, for a process with another folder; a model's name stays as it is."""
    return str(Path(encoder).absolute()) if Path(encoder).exists() else encoder


def _origin(build: Build) -> tuple[str, str]:
    """Return what a release was made from: of its data, of its program."""
    report = json.loads(build.report or "{}")
    return str(report["sources"]), str(report["code"])


def _humble() -> None:
    """Let the build wait for everybody else, and end with the app (Linux)."""
    os.nice(_NICE)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
