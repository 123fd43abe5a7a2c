"""Teaching as the pages use it: propose, decide, rebuild; wired from the app's parts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import yaml
from sqlalchemy import Engine

from channels.live_search import LiveSearch
from channels.rasa_client import RasaClient
from channels.staff.roles import Officer, Role
from channels.store.moments import utc_now
from channels.store.questions import Questions
from channels.store.releases import BuildStore
from channels.store.teaching import Proposal, State, TeachingStore
from channels.teaching.board import Board
from channels.teaching.errors import AlreadyDecided, ChangeRefused, NotAllowedHere
from channels.teaching.files import Change, DataFiles
from channels.teaching.rebuild import Command, Paths, Rebuilder, build_command
from channels.teaching.releases import ReleaseFolder
from channels.teaching.settings import TeachingSettings
from channels.teaching.watch import EVERY_S, Watch
from channels.teaching.words import Looked, look_over
from knowledge.encoder import Encoder
from knowledge.errors import KnowledgeError
from knowledge.index import load_index
from knowledge.search import Search
from knowledge.verdict import Judge

log = logging.getLogger(__name__)
INTENTS = Path(__file__).parent / "intents.yml"
#: Writing takes seconds; what is longer in between was interrupted.
_INTERRUPTED_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Teaching:
    """All parts of teaching. intents: what a question can be taught as, in words."""

    settings: TeachingSettings
    store: TeachingStore
    board: Board
    files: DataFiles
    rebuilder: Rebuilder
    watch: Watch
    intents: Mapping[str, str]
    now: Callable[[], datetime] = utc_now

    async def propose(self, officer: Officer, change: Change, questions: Sequence[str]) -> Looked:
        """Propose a change; return what is wrong with its words, if anything: then nothing was kept."""
        looked = look_over(change.words)
        if looked.faults:
            return looked
        made = self.now(), officer.name, change.is_name, change.target, looked.words
        await asyncio.to_thread(self.store.propose, *made, questions)
        self.board.changed(questions)
        return looked

    async def hide(self, officer: Officer, questions: Sequence[str], words: str) -> None:
        """Take questions off the list."""
        await asyncio.to_thread(self.store.hide, self.now(), officer.name, questions, words)
        self.board.changed(questions)

    async def show_again(self, question: str) -> None:
        """Put a hidden question back."""
        await asyncio.to_thread(self.store.show_again, question)
        self.board.changed([])

    async def approve(self, officer: Officer, number: int) -> Proposal:
        """Write a proposal into its data file.

        Raises:
            AlreadyDecided, NotAllowedHere: see `may_decide`.  RebuildRefused: what is in service cannot be kept apart
                from the data files.  ChangeRefused: the checks complain; the proposal stays open.
        """
        proposal = await self._open(officer, number)
        await self.rebuilder.adopt()
        await self._move(proposal, State.OPEN, State.DECIDING, officer)
        try:
            file = await asyncio.to_thread(self.files.add, change_of(proposal))
        except ChangeRefused:
            await self._move(proposal, State.DECIDING, State.OPEN, officer)
            raise
        await self._move(proposal, State.DECIDING, State.APPROVED, officer, file=file.as_posix())
        return proposal

    async def reject(self, officer: Officer, number: int, reason: str) -> Proposal:
        """Turn a proposal down; its questions come back onto the list."""
        proposal = await self._open(officer, number)
        await self._move(proposal, State.OPEN, State.REJECTED, officer, reason=reason)
        self.board.changed([])
        return proposal

    async def withdraw(self, officer: Officer, number: int) -> Proposal:
        """Take an approved change out of its data file again."""
        proposal = await asyncio.to_thread(self.store.get, number)
        if proposal is None or proposal.state is not State.APPROVED:
            raise AlreadyDecided("Đề nghị này không còn ở mục đã duyệt.")
        await asyncio.to_thread(self.files.remove, change_of(proposal))
        await self._move(proposal, State.APPROVED, State.WITHDRAWN, officer, file=proposal.file)
        self.board.changed([])
        return proposal

    async def _open(self, officer: Officer, number: int) -> Proposal:
        await asyncio.to_thread(self.store.reopen_interrupted, self.now() - _INTERRUPTED_AFTER)
        proposal = await asyncio.to_thread(self.store.get, number)
        if proposal is None or proposal.state is not State.OPEN:
            raise AlreadyDecided("Đề nghị này đã được người khác quyết rồi.")
        if not may_decide(officer, proposal):
            raise NotAllowedHere("Đề nghị của mình thì người khác duyệt.")
        return proposal

    async def _move(
        self,
        proposal: Proposal,
        before: State,
        after: State,
        officer: Officer,
        reason: str | None = None,
        file: str | None = None,
    ) -> None:
        moved = (proposal.id, before, after, self.now(), officer.name, reason, file)
        if not await asyncio.to_thread(self.store.move, *moved):
            raise AlreadyDecided("Đề nghị này đã được người khác quyết rồi.")

    async def start(self) -> None:
        """Begin to look for releases."""
        await self.watch.start()

    async def stop(self) -> None:
        """Stop looking, and end a build that this worker began."""
        await self.watch.stop()
        await self.rebuilder.stop()

    def forget_older_than(self, days: int) -> int:
        """Delete proposals that led to nothing, and hidden questions, of that age. Blocking."""
        return self.store.forget_before(self.now() - timedelta(days=days))


def may_decide(officer: Officer, proposal: Proposal) -> bool:
    """Tell whether an officer may approve or reject: editors, on what others propose; admins, on anything.

    Four eyes on every word that the assistant learns; an admin is the way out where there is no second editor, and
    the audit log shows it.
    """
    return officer.may(Role.ADMIN) or (officer.may(Role.EDITOR) and officer.name != proposal.made_by)


def change_of(proposal: Proposal) -> Change:
    """Return the line that a proposal adds."""
    return Change(proposal.is_name, proposal.target, proposal.words)


def search_in_service(var_dir: Path, index: Path, encoder: Encoder) -> tuple[LiveSearch, int]:
    """Return the search over the release in service, and its number; 0 = what set-up built.

    Raises:
        IndexFault: there is no index at all, or it belongs to another encoder.
    """
    live = ReleaseFolder(var_dir).live()
    number, loaded = 0, None
    if live is not None:
        try:
            number, loaded = live.number, load_index(Path(live.index), encoder.fingerprint)
        except KnowledgeError:
            log.exception("the index of release %d does not load: that of set-up is used", live.number)
            number = 0
    search = Search(loaded or load_index(index, encoder.fingerprint), encoder)
    search.find("khởi động")  # the first question loads what is loaded late
    return LiveSearch(search), number


def build_teaching(
    engine: Engine,
    search: LiveSearch,
    judge: Judge,
    rasa: RasaClient,
    paths: Paths,
    number: int,
    settings: TeachingSettings | None = None,
    command: Command = build_command,
    every_s: float = EVERY_S,
) -> Teaching:
    """Return teaching over the app's parts. number: of the release that the search was loaded from."""
    settings = settings or TeachingSettings()
    store = TeachingStore(engine)
    board = Board(Questions(engine), store, search, judge, settings)
    files = DataFiles(settings.root, paths.var_dir.absolute() / "teaching.lock")
    rebuilder = Rebuilder(BuildStore(engine), store, paths, settings, rasa, command)
    words = yaml.safe_load(INTENTS.read_text(encoding="utf8"))
    return Teaching(settings, store, board, files, rebuilder, Watch(rebuilder, search, number, every_s), words)
