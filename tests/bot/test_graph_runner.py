"""The component graph, run in an order worked out once."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphSchema, SchemaNode

from bot import graph_runner


def node(**needs: str) -> SchemaNode:
    return SchemaNode(needs=needs, uses=object, constructor_name="create", fn="run", config={})


class Runner:
    """What the real runner holds: a schema and nodes that take (name, value) pairs and give one."""

    def __init__(self, **nodes: Any) -> None:
        self._graph_schema = GraphSchema(
            {
                "answer": node(text="words", size="count"),
                "count": node(text="words"),
                "words": node(text="__message__"),
                "unused": node(text="words"),
            }
        )
        self._instantiated_nodes = nodes


def make_runner(log: list[str]) -> Any:
    def words(message: Any) -> Any:
        log.append("words")
        return "words", message[1].split()

    def count(given: Any) -> Any:
        log.append("count")
        return "count", len(given[1])

    def answer(given: Any, size: Any) -> Any:
        log.append("answer")
        return "answer", f"{given[1][0]}:{size[1]}"

    def unused(given: Any) -> Any:
        raise AssertionError("nobody asked for this node")

    return Runner(words=words, count=count, answer=answer, unused=unused)


def test_every_node_runs_once_behind_what_it_needs():
    """A node that ran before its input would get a name instead of a value."""
    log: list[str] = []
    runner = make_runner(log)

    assert graph_runner.run(runner, {"__message__": "lệ phí khai sinh"}, ["answer"]) == {"answer": "lệ:4"}
    assert log == ["words", "count", "answer"]


def test_a_failing_node_is_the_error_that_rasa_knows():
    runner = make_runner([])
    runner._instantiated_nodes = {"words": lambda given: (_ for _ in ()).throw(RuntimeError("out of memory"))}

    with pytest.raises(GraphRunError):
        graph_runner.run(runner, {"__message__": "x"}, ["words"])
