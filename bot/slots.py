"""A text slot that a new question can empty."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.slots import TextSlot


class ForgettableTextSlot(TextSlot):
    """A text slot for which the empty text means nothing at all.

    Rasa's slot mappings can set a value for an intent, but cannot unset one; setting "" does it here.
    """

    type_name = "bot.slots.ForgettableTextSlot"

    @property
    def value(self) -> Any:
        """Return the value, or None."""
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        """Set the value; the empty text counts as None."""
        self._value = value or None
        self._has_been_set = True
