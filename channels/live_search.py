"""The search of a running app: its index can be replaced while questions are being answered.

Whoever holds the `LiveSearch` or its catalogue has the newest release; a question under way ends on the index it
began with. What is derived from an index (`Renewed`) is made from the new one before that goes into service.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, ItemsView, Iterator, Mapping, ValuesView
from typing import Generic, TypeVar

from knowledge.catalogue import Catalogue
from knowledge.encoder import Encoder
from knowledge.index import Index
from knowledge.model import LifeEvent, Procedure
from knowledge.question import Question
from knowledge.ranking import Ranking
from knowledge.search import KEPT, Search, SearchResult

T = TypeVar("T")


class _LiveMapping(Mapping[str, T]):
    """A mapping that is another one after each replacement; going through it stays with the one it began with."""

    def __init__(self, current: Callable[[], Mapping[str, T]]) -> None:
        self._current = current

    def __getitem__(self, key: str) -> T:
        return self._current()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._current())

    def __len__(self) -> int:
        return len(self._current())

    def values(self) -> ValuesView[T]:
        return self._current().values()

    def items(self) -> ItemsView[str, T]:
        return self._current().items()


class LiveSearch(Search):
    """A search that hands every question to the index in service. Thread-safe.

    index: the one in service, with a catalogue that follows later replacements.
    """

    def __init__(self, search: Search) -> None:
        self._current = search
        self._renewals: list[Callable[[Search], Callable[[], None]]] = []
        self._replacing = threading.Lock()
        self._catalogue = Catalogue(
            _LiveMapping[Procedure](lambda: self._current.index.catalogue.procedures),
            _LiveMapping[LifeEvent](lambda: self._current.index.catalogue.life_events),
        )
        self._index = dataclasses.replace(search.index, catalogue=self._catalogue)

    @property
    def current(self) -> Search:
        """Return the search in service, which never changes itself."""
        return self._current

    @property
    def index(self) -> Index:  # type: ignore[override]
        return self._index

    @property
    def encoder(self) -> Encoder:  # type: ignore[override]
        return self._current.encoder

    @property
    def ranking(self) -> Ranking:  # type: ignore[override]
        return self._current.ranking

    def find(self, text: str, limit: int = KEPT) -> SearchResult:
        """Return what the index in service finds; see `Search.find`."""
        return self._current.find(text, limit)

    def prepared_text(self, question: Question) -> str:
        """Return what is encoded; see `Search.prepared_text`."""
        return self._current.prepared_text(question)

    def replace(self, search: Search) -> None:
        """Put another index into service, and with it all that is derived from one. Takes seconds of CPU time."""
        with self._replacing:
            search.find("khởi động")  # loads what is loaded late
            put = [renew(search) for renew in self._renewals]
            self._current = search
            self._index = dataclasses.replace(search.index, catalogue=self._catalogue)
            for one in put:
                one()

    def on_replace(self, renew: Callable[[Search], Callable[[], None]]) -> None:
        """Hear of every replacement. renew: prepares for the new search and returns what puts that into service."""
        self._renewals.append(renew)


class Renewed(Generic[T]):
    """Something made from a search, made anew whenever that is a live one and its index is replaced."""

    def __init__(self, search: Search, make: Callable[[Search], T]) -> None:
        self._make = make
        self.now = make(search.current if isinstance(search, LiveSearch) else search)
        if isinstance(search, LiveSearch):
            search.on_replace(self._renew)

    def _renew(self, search: Search) -> Callable[[], None]:
        made = self._make(search)

        def put() -> None:
            self.now = made

        return put
