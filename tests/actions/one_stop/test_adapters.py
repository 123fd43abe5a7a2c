"""One contract for all adapters, against the simulator over real HTTP."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import timedelta

import httpx
import pytest

from actions.one_stop.attempts import MemoryAttempts
from actions.one_stop.errors import (
    ApplicationNotFound,
    OneStopMisconfigured,
    OneStopUnavailable,
    StatusRefused,
)
from actions.one_stop.factory import build_one_stop, build_status_lookup
from actions.one_stop.identity import DigitProof
from actions.one_stop.port import OneStop, Status, vietnam_now
from actions.one_stop.settings import OneStopSettings
from actions.one_stop.simulator.applications import InventedApplication, load_applications
from actions.one_stop.simulator.server import running_simulator
from tests.actions.one_stop.conftest import Order

pytestmark = pytest.mark.asyncio
APPLICATIONS = {one.code: one for one in load_applications()}
IN_PROGRESS = "H50.05-261102-0001"


@pytest.mark.parametrize("expected", APPLICATIONS.values(), ids=lambda one: str(one.code))
async def test_an_application_is_told_as_the_office_has_it(
    one_stop: OneStop, proof: DigitProof, expected: InventedApplication
) -> None:
    """All ten statuses, both code layouts and a status of the office's own, through both wire formats."""
    record = await one_stop.application(expected.code)

    assert record.code == expected.code
    assert record.procedure_code == expected.procedure
    assert record.procedure_title == expected.procedure_title
    assert record.status == (expected.status if isinstance(expected.status, Status) else None)
    assert record.owner_name == expected.owner
    assert record.office == expected.office
    assert (record.due_at is None) == (expected.due is None)
    assert record.received_at is not None
    assert record.received_at.utcoffset() == timedelta(hours=7)
    assert all(proof.matches(record.proofs, record.code, digits) for digits in expected.digits)
    assert not proof.matches(record.proofs, record.code, "9999")
    assert vietnam_now() - record.as_of < timedelta(minutes=1)


async def test_papers_to_add_come_with_their_deadline(one_stop: OneStop) -> None:
    """The citizen must learn what to bring and by when."""
    record = await one_stop.application("H50.05-261103-0005")

    assert record.papers_to_add == APPLICATIONS["H50.05-261103-0005"].papers
    assert record.papers_due_at is not None
    assert record.reason == APPLICATIONS["H50.05-261103-0005"].reason


async def test_payment_comes_with_amount_and_link(one_stop: OneStop) -> None:
    """Amount and link only; nobody pays inside a chat."""
    record = await one_stop.application("H50.05-261104-0006")

    assert record.payment is not None
    assert record.payment.amount_vnd == 100_000
    assert record.payment.url is not None
    assert record.payment.url.startswith("https://dichvucong.gov.vn/")


async def test_an_unstated_amount_stays_unstated(one_stop: OneStop) -> None:
    """A fee is never guessed."""
    record = await one_stop.application("H50-261021-0102")

    assert record.payment is not None
    assert record.payment.amount_vnd is None


async def test_a_status_outside_the_list_is_told_as_received(one_stop: OneStop) -> None:
    """An office may use its own words; better shown than swallowed."""
    record = await one_stop.application("H50.05-261107-0012")

    assert record.status is None
    assert record.status_text == "Chờ liên thông thuế"


async def test_a_code_that_only_begins_alike_is_not_found(one_stop: OneStop) -> None:
    """iGate searches loosely: somebody else's application must never be shown."""
    with pytest.raises(ApplicationNotFound):
        await one_stop.application("H50.05-261102-0009")


async def test_a_change_at_the_office_is_seen(settings: OneStopSettings, proof: DigitProof) -> None:
    """The next question must get the new status, not a cached one."""
    with running_simulator() as url:
        one_stop = build_one_stop(settings.model_copy(update={"url": url}), proof)
        before = await one_stop.application(IN_PROGRESS)
        async with httpx.AsyncClient(base_url=url, trust_env=False) as control:
            await control.post("/simulator/advance", json={"code": IN_PROGRESS})
        after = await one_stop.application(IN_PROGRESS)
        await one_stop.aclose()

    assert (before.status, after.status) == (Status.IN_PROGRESS, Status.FINISHED)
    assert before.finished_at is None
    assert after.finished_at is not None


@pytest.mark.parametrize("mode", ["down", "error500"])
async def test_one_failure_is_asked_again(one_stop: OneStop, order: Order, mode: str) -> None:
    """A single hiccup must not reach the citizen."""
    order(mode=mode, times=1)

    assert (await one_stop.application(IN_PROGRESS)).code == IN_PROGRESS


async def test_an_expired_session_is_renewed(one_stop: OneStop, order: Order) -> None:
    """Sessions expire in the night; the first citizen of the day must not notice."""
    await one_stop.application(IN_PROGRESS)
    order(mode="expired_session")

    assert (await one_stop.application(IN_PROGRESS)).code == IN_PROGRESS


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("down", "no_connection"),
        ("error500", "http_500"),
        ("malformed", "malformed"),
        ("wrong_type", "malformed"),
        ("refused_session", "session_refused"),
        ("huge", "too_large"),
    ],
)
async def test_every_fault_is_an_outage_and_nothing_else(
    one_stop: OneStop, order: Order, mode: str, reason: str
) -> None:
    """Whatever is wrong up there, the citizen hears "not now", and the log hears why."""
    order(mode=mode)

    with pytest.raises(OneStopUnavailable) as caught:
        await one_stop.application(IN_PROGRESS)

    assert caught.value.reason == reason


async def test_refused_credentials_are_our_mistake(one_stop: OneStop, order: Order) -> None:
    """Waiting does not help: the clerk must correct the settings."""
    order(mode="unauthorized")

    with pytest.raises(OneStopMisconfigured):
        await one_stop.application(IN_PROGRESS)
    with pytest.raises(OneStopMisconfigured):
        await one_stop.check()


async def test_a_slow_system_is_not_waited_for(settings: OneStopSettings, proof: DigitProof, order: Order) -> None:
    """Upstream takes up to a minute in practice; a citizen does not wait that long."""
    order(mode="slow", delay_s=30)
    impatient = build_one_stop(settings.model_copy(update={"timeout_s": 0.5}), proof)

    with pytest.raises(OneStopUnavailable) as caught:
        await impatient.application(IN_PROGRESS)
    await impatient.aclose()

    assert caught.value.reason == "timeout"


async def test_nobody_listening_is_an_outage(settings: OneStopSettings, proof: DigitProof) -> None:
    """A refused connection is no crash."""
    lonely = build_one_stop(settings.model_copy(update={"url": "http://127.0.0.1:9"}), proof)

    with pytest.raises(OneStopUnavailable):
        await lonely.application(IN_PROGRESS)
    await lonely.aclose()


async def test_a_broken_system_gets_a_rest(settings: OneStopSettings, proof: DigitProof, order: Order) -> None:
    """After five failures nobody is sent upstream; when the rest is over, the answer comes again."""
    resting = build_one_stop(settings.model_copy(update={"breaker_pause_s": 0.3}), proof)
    order(mode="error500")
    for _ in range(5):
        with pytest.raises(OneStopUnavailable):
            await resting.application(IN_PROGRESS)
    order(mode="ok")

    with pytest.raises(OneStopUnavailable) as caught:
        await resting.application(IN_PROGRESS)
    await asyncio.sleep(0.35)
    answered = await resting.application(IN_PROGRESS)
    await resting.aclose()

    assert caught.value.reason == "circuit_open"
    assert answered.code == IN_PROGRESS


async def test_a_health_check_logs_in(one_stop: OneStop, order: Order) -> None:
    """The health page tells the truth about the system, not about the past."""
    await one_stop.check()
    order(mode="error500")

    with pytest.raises(OneStopUnavailable):
        await one_stop.check()


async def test_refusals_over_http_have_one_face(settings: OneStopSettings, proof: DigitProof) -> None:
    """Unknown code, wrong digits and nothing on file: same class, same words, not before the same moment."""
    one_stop = build_one_stop(settings, proof)
    lookup = build_status_lookup(settings, one_stop, proof)
    faces: set[str] = set()
    for code in ("H50.05-261102-9999", IN_PROGRESS, "H50.07-261110-0205"):
        started = time.monotonic()
        with pytest.raises(StatusRefused) as caught:
            await lookup.look_up(code, "0000", f"citizen {code}", vietnam_now())
        assert time.monotonic() - started >= 0.1
        faces.add(repr(caught.value))
    await one_stop.aclose()

    assert len(faces) == 1


async def test_no_log_line_tells_who_or_what(
    settings: OneStopSettings, proof: DigitProof, order: Order, caplog: pytest.LogCaptureFixture
) -> None:
    """Logs are read by many and kept for long: no digits, names, numbers, codes or tokens in them."""
    caplog.set_level(logging.DEBUG)
    one_stop = build_one_stop(settings, proof)
    lookup = build_status_lookup(settings, one_stop, proof, MemoryAttempts())
    expected = APPLICATIONS["H50.05-261103-0005"]
    await lookup.look_up(expected.code, expected.digits[0], "citizen", vietnam_now())
    for mode, digits in [
        ("ok", "4321"),
        ("error500", "8642"),
        ("malformed", "7531"),
        ("unauthorized", "9876"),
    ]:
        order(mode=mode)
        with pytest.raises((StatusRefused, OneStopUnavailable, OneStopMisconfigured)):
            await lookup.look_up("H50.07-261110-0205", digits, f"citizen in {mode}", vietnam_now())
            await one_stop.check()
    await one_stop.aclose()

    told = "\n".join(
        f"{line.getMessage()} {line.args} {line.exc_text}"
        for line in caplog.records
        if line.name.startswith(("actions", "http"))
    )
    hidden = ["4321", "8642", "7531", "9876", "0205", *expected.digits, expected.owner, expected.code]
    assert not [word for word in hidden if word in told]
    assert "Bearer" not in told
