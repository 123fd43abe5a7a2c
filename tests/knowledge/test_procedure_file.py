"""A procedure's file: written in a fixed form, read back as it was."""

from __future__ import annotations

import pytest
import yaml
from pydantic import ValidationError

from knowledge.model import Act, Applicant, Duration, Facets, Fee, Paper, Procedure, Related, TimeUnit
from knowledge.procedure_file import ProcedureFile, field_folder, slug, write_yaml
from tests.knowledge.builders import EVERY_WAY, make_procedure


def _read_back(procedure: Procedure) -> Procedure:
    return ProcedureFile.model_validate(yaml.safe_load(write_yaml(procedure))).to_procedure()


def test_what_is_written_is_read_back() -> None:
    """Every fact survives the way through its file, zero and absent kept apart."""
    procedure = make_procedure(
        durations=(Duration(EVERY_WAY, 30, TimeUnit.MINUTE, "khi vội", inferred=True),),
        fees=(
            Fee(EVERY_WAY, amount_vnd=0),
            Fee(EVERY_WAY, percent=0.1, condition="giá diều"),
            Fee((), set_by="HĐND tỉnh"),
        ),
        documents=(Paper("Tờ khai", 1, 2, "khi lạc", "Mẫu số 01", ("72849489", "1e123456"), draft=True),),
        facets=Facets(Act.REISSUE, (Applicant.COMPANY,), foreign=False),
        related=(Related("1.000002", "before"),),
        life_events=("co_con",),
        essential=True,
        vertical=True,
        source_notes=("00123456",),
        source_marks={"title": "12345678"},
    )

    assert _read_back(procedure) == procedure


def test_absent_facts_leave_no_key() -> None:
    """ "conditions: []" would read like a statement."""
    text = write_yaml(make_procedure(fees=(), conditions=(), result=None))

    assert not {"fees", "conditions", "result"} & set(yaml.safe_load(text))


def test_codes_are_quoted() -> None:
    """1.010 without quotes becomes 1.01."""
    assert 'code: "1.000001"' in write_yaml(make_procedure()).splitlines()


def test_writing_twice_gives_the_same_bytes() -> None:
    """A diff then shows only what was edited."""
    procedure = make_procedure()

    assert write_yaml(_read_back(procedure)) == write_yaml(procedure)


@pytest.mark.parametrize("fee", [{}, {"amount_vnd": 1, "set_by": "HĐND tỉnh"}])
def test_a_fee_is_of_exactly_one_kind(fee: dict[str, object]) -> None:
    """Two kinds contradict each other; none says nothing."""
    content = yaml.safe_load(write_yaml(make_procedure()))
    content["fees"] = [{"channels": ["online"], **fee}]

    with pytest.raises(ValidationError, match="fee_kind"):
        ProcedureFile.model_validate(content)


def test_names_of_files_and_folders_carry_no_marks() -> None:
    """They are typed in terminals."""
    assert slug("Đăng ký lại khai sinh", limit=14) == "dang-ky-lai"
    assert field_folder("Hộ tịch") == "ho_tich"
