"""Fees in the file beside fees in the source."""

from __future__ import annotations

import pytest

from knowledge.auditing.money import amounts_in, compare_fees, head_amounts
from knowledge.importer.source import SourceProcedure
from knowledge.model import Channel, Fee
from tests.knowledge.builders import EVERY_WAY, make_procedure, make_source

COUNTER = (Channel.COUNTER,)


def _source(fee: str) -> SourceProcedure:
    return make_source(modes=[{"mode": "Trực tiếp", "fee": fee}])


def test_free_in_the_source_is_free_in_the_file() -> None:
    """No difference, no line."""
    assert list(compare_fees(make_procedure(), make_source())) == []


def test_a_fee_that_the_source_does_not_state_is_told() -> None:
    """An invented fee is the worst fault of all."""
    procedure = make_procedure(fees=(Fee(EVERY_WAY, amount_vnd=50_000),))

    assert list(compare_fees(procedure, make_source())) == [
        "nguồn ghi online+counter+post 0 đồng, tệp ghi online+counter+post 50000 đồng"
    ]


@pytest.mark.parametrize(
    ("fee", "text"),
    [
        (Fee(COUNTER, amount_vnd=50_000), "Phí: 50.000 đồng"),
        (Fee(COUNTER, amount_vnd=10_000_000), "tối đa 10 (mười) triệu đồng"),
        (Fee(COUNTER, amount_vnd=2_500_000), "2,5 triệu đồng"),
        (Fee(COUNTER, amount_vnd=0), "Người nghèo được miễn lệ phí"),
        (Fee(COUNTER, amount_usd=145), "Phí: 145 USD (không quá 02 năm)"),
        (Fee(COUNTER, percent=0.1), "bằng 0,1% giá trị"),
        (Fee(COUNTER, set_by="HĐND tỉnh"), "do Hội đồng nhân dân cấp tỉnh quyết định"),
        (Fee(COUNTER, per_law="Thông tư 25/2021/TT-BTC"), "theo Thông tư số 25/2021/TT-BTC"),
    ],
)
def test_every_kind_of_fee_is_found_in_its_text(fee: Fee, text: str) -> None:
    """The source writes amounts in many ways."""
    assert list(compare_fees(make_procedure(fees=(fee,)), _source(text))) == []
    assert list(compare_fees(make_procedure(fees=(fee,)), _source("Theo quy định chung"))) != []


def test_an_amount_left_out_is_told() -> None:
    """A citizen would arrive with too little money."""
    procedure = make_procedure(fees=(Fee(COUNTER, amount_vnd=50_000),))

    found = list(compare_fees(procedure, _source("Phí: 50.000 đồng (cấp mới); Lệ phí: 70.000 đồng (cấp lại)")))

    assert found == ["nguồn (counter) có 70000 đồng, tệp không có"]


def test_dollars_left_out_are_told() -> None:
    """ "Not stated" would be untrue."""
    found = list(compare_fees(make_procedure(fees=()), _source("Phí: 100 USD (100 USD/thẻ)")))

    assert found == ["nguồn (counter) có 100 USD, tệp không có"]


def test_a_head_that_lost_its_zeros_is_no_amount() -> None:
    """ "Phí: 25 đồng" means 25.000 or 250.000; nobody knows."""
    assert head_amounts("Phí: 25 đồng (theo Thông tư)") == set()
    assert amounts_in("50 000 đồng và 1.000.000đ") == {50_000, 1_000_000}
