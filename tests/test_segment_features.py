"""Do the features compare shoppers by what they do, and by nothing else?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from segment_fakes import shoppers
from shopper_fakes import NOON

from bot.shoppers.behaviour import Behaviour
from bot.shoppers.profiles import GivenTrait, Profile
from bot.shoppers.segment_features import BEHAVIOUR, BLOCK_WEIGHTS, learn_fusion
from bot.shoppers.shopper import Shopper

PEOPLE = shoppers()
FUSION = learn_fusion(PEOPLE, NOON, 4)


def test_blocks_have_the_variance_of_their_weights() -> None:
    features = FUSION.features(FUSION.raw(PEOPLE, NOON))
    assert features.shape == (120, len(BEHAVIOUR) + 3 + 4)
    variances = features.var(axis=0)
    assert variances[len(BEHAVIOUR) : len(BEHAVIOUR) + 3].sum() == pytest.approx(BLOCK_WEIGHTS["categories"])
    assert variances[-4:].sum() == pytest.approx(BLOCK_WEIGHTS["meaning"], rel=0.02)
    assert 0.4 < variances[: len(BEHAVIOUR)].sum() <= BLOCK_WEIGHTS["behaviour"]


def test_age_and_gender_change_nothing() -> None:
    given = (GivenTrait("age_band", "65+", NOON), GivenTrait("gender", "female", NOON))
    told = [replace(person, traits=given) for person in PEOPLE]
    assert np.array_equal(FUSION.features(FUSION.raw(told, NOON)), FUSION.features(FUSION.raw(PEOPLE, NOON)))
    assert not {"age", "gender", "age_band"} & {*BEHAVIOUR, *FUSION.category_names}


def test_a_shopper_of_whom_little_is_known_has_features_too() -> None:
    nobody = Profile(Shopper(anonymous_id="x"), Behaviour())
    features = FUSION.features(FUSION.raw([nobody], NOON))
    assert np.isfinite(features).all()
    assert (features[0, -4:] == 0).all()


def test_a_category_that_is_new_since_training_is_left_out() -> None:
    stranger = replace(PEOPLE[0], behaviour=replace(PEOPLE[0].behaviour, categories={}))
    assert FUSION.raw([stranger], NOON).categories.tolist() == [[0, 0, 0]]


def in_yen(person: Profile) -> Profile:
    """The same shopper in a country with another currency, where all costs a hundred times as much."""
    cents = person.behaviour.spend_cents.get("EUR")
    spends = {} if cents is None else {"JPY": 100 * cents}
    return replace(person, behaviour=replace(person.behaviour, spend_cents=spends))


def test_currencies_are_compared_by_what_is_usual_in_each() -> None:
    yen = [in_yen(person) for person in PEOPLE]
    spend = BEHAVIOUR.index("spend")
    spent = learn_fusion(yen, NOON, 4).raw(yen, NOON).numbers[:, spend]
    assert spent == pytest.approx(FUSION.raw(PEOPLE, NOON).numbers[:, spend])


def test_everyone_the_same_is_no_problem() -> None:
    same = [PEOPLE[0], PEOPLE[0]]
    fusion = learn_fusion(same, NOON, 4)
    assert np.isfinite(fusion.features(fusion.raw(same, NOON))).all()
    with pytest.raises(ValueError, match="at least 2 shoppers; came 1"):
        learn_fusion(same[:1], NOON, 4)
