"""The reasons a new house begins with."""

from collections import Counter

from services.training_api.reasons.seed import SEED
from shared.schemas.training.reasons import ReasonCreate, ReasonList, ReasonText


def test_every_list_has_reasons_and_no_code_stands_twice_in_one() -> None:
    assert {list_ for list_, _, _ in SEED} == set(ReasonList)
    assert max(Counter((list_, code) for list_, code, _ in SEED).values()) == 1


def test_every_reason_of_the_seed_could_have_been_written_through_the_api() -> None:
    for list_, code, text in SEED:
        ReasonCreate.model_validate(
            {"list": list_, "code": code, "text": ReasonText(**text._asdict()), "valid_from": "1992-01-01"}
        )
