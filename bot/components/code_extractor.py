"""Finds codes in the raw text of a message: applications, procedures, masked digits."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.tokenizer import PIN_TOKEN
from knowledge.codes import CodeMatch, find_application_codes, find_procedure_codes
from knowledge.vietnamese import fold

_TAKEN_BACK = re.compile(r"(khong phai|chu khong phai la|khong phai la|nham|sai)\s*(ma|la|ma la|so)?\s*[:,]?\s*$")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CodeExtractor(GraphComponent, EntityExtractorMixin):
    """Gives the entities application_code, application_code_problem, procedure_code and pin_token.

    application_code: the canonical code. Further codes of the same message are `other_application_code`.
    application_code_problem: the code as typed, when its form is wrong; the key `problem` says what is wrong.
    pin_token: stands for digits that the app keeps in its memory; the digits themselves never come here.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CodeExtractor:
        """Create the component; it needs no settings."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities found to each message."""
        for message in messages:
            found = self.add_extractor_name(find_entities(message.get(TEXT) or ""))
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


def find_entities(text: str) -> list[dict[str, Any]]:
    """Return the entities in a text, in the shape Rasa wants."""
    if text.startswith("/"):  # a button: its entities are written in the payload
        return []
    pins = [_entity("pin_token", match.group(), *match.span()) for match in PIN_TOKEN.finditer(text)]
    without_pins = PIN_TOKEN.sub(lambda match: " " * len(match.group()), text)
    return [*_application_codes(without_pins), *_procedure_codes(without_pins), *pins]


def _application_codes(text: str) -> list[dict[str, Any]]:
    matches = find_application_codes(text)
    right = [match for match in matches if match.code]
    meant = next((match for match in right if not _is_taken_back(text, match)), right[0] if right else None)
    entities: list[dict[str, Any]] = []
    for match in matches:
        if match is meant:
            entities.append(_entity("application_code", match.code, match.start, match.end))
        elif match.code and meant and match.code != meant.code:
            entities.append(_entity("other_application_code", match.code, match.start, match.end))
        elif match.problem and not meant:
            entity = _entity("application_code_problem", match.raw, match.start, match.end)
            entities.append({**entity, "problem": match.problem.value})
    return entities


def _is_taken_back(text: str, match: CodeMatch) -> bool:
    """Tell whether the words before a code say that it is the wrong one ("không phải …")."""
    return bool(_TAKEN_BACK.search(fold(text[: match.start])))


def _procedure_codes(text: str) -> list[dict[str, Any]]:
    entities = []
    for code in find_procedure_codes(text):
        start = max(text.find(code), 0)
        entities.append(_entity("procedure_code", code, start, start + len(code)))
    return entities


def _entity(name: str, value: object, start: int, end: int) -> dict[str, Any]:
    return {"entity": name, "value": value, "start": start, "end": end, "confidence_entity": 1.0}
