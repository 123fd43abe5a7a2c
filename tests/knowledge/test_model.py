"""What a procedure says of itself."""

from __future__ import annotations

from dataclasses import replace

from knowledge.model import Wording
from tests.knowledge.builders import make_procedure


def test_whose_words_a_text_is() -> None:
    """A reason is told as what it is: nobody "calls" a procedure by a whole story."""
    procedure = replace(make_procedure(), asked_as=("nhà tôi có con diều cũ, xin thả ở đâu?",))

    assert procedure.wording_of(procedure.title) is Wording.NAME
    assert procedure.wording_of(procedure.short_title) is Wording.NAME
    assert procedure.wording_of(procedure.also_called[0]) is Wording.CALLED
    assert procedure.wording_of(procedure.asked_as[0]) is Wording.ASKED
