"""Does a shopper get what fits, what may be shown, and a reason that is true?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from recommender_fakes import CUP, PRODUCTS, FixedOffer, ListedEvents, did, model, offer

from bot.recommendations.popular_now import Demand
from bot.recommendations.recommendation import Recommendations, Wish
from bot.recommendations.recommender import Recommender, ShopperSources
from bot.recommendations.shelf_keeper import Offer
from bot.shoppers.events import Event
from bot.shoppers.shopper import Shopper

ANN, BOB = Shopper("C00001"), Shopper("C00002")


def encode(words: Sequence[str]) -> npt.NDArray[np.float32]:
    """Cooking if it is said, else walking."""
    return np.array([[0.0, 1.0] if "cook" in text else [1.0, 0.0] for text in words], dtype=np.float32)


def recommender(
    *events: Event, state: Offer | None = None, bought: frozenset[str] = frozenset()
) -> Recommender:
    sources = ShopperSources(ListedEvents(*events), lambda customer: bought, encode=encode)
    return Recommender(FixedOffer(offer(model()) if state is None else state), sources, lambda: 0.0)


def skus(found: Recommendations) -> list[str]:
    return [item.sku for item in found.items]


def reasons(found: Recommendations) -> dict[str, str]:
    return {item.sku: item.reason for item in found.items}


def test_what_others_chose_next_comes_first_and_says_so() -> None:
    found = recommender(did("Product Viewed", "BOOT")).recommend(ANN)
    assert skus(found)[0] == "SOCK"
    assert reasons(found)["SOCK"] == "Others who looked at Cairn Boot, as you did, chose this too."


def test_a_new_product_is_recommended_from_its_text_alone() -> None:
    found = recommender(did("Product Viewed", "BOOT")).recommend(ANN)
    assert "NEW" in skus(found)[:3]
    assert reasons(found)["NEW"] == "Because you looked at Cairn Boot."


def test_nothing_sold_out_known_bought_or_dismissed_comes() -> None:
    events = [did("Product Viewed", "BOOT"), did("Recommendation Dismissed", "SOCK")]
    found = recommender(*events, bought=frozenset({"CUP"})).recommend(ANN, count=10)
    assert sorted(skus(found)) == ["NEW", "POT", "SANDAL"]


def test_a_dismissal_counts_at_once() -> None:
    events = ListedEvents(did("Product Viewed", "BOOT"))
    one = Recommender(FixedOffer(offer(model())), ShopperSources(events, lambda customer: frozenset()))
    assert skus(one.recommend(ANN))[0] == "SOCK"
    events.events.append(did("Recommendation Dismissed", "SOCK"))
    assert "SOCK" not in skus(one.recommend(ANN, count=10))


def test_no_shopper_sees_what_another_one_did() -> None:
    one = recommender(did("Product Viewed", "BOOT"))
    assert reasons(one.recommend(BOB)) == reasons(one.recommend(None))
    assert not any("looked at" in reason for reason in reasons(one.recommend(BOB)).values())


def test_a_stranger_gets_what_is_wanted_most() -> None:
    counts = {"POT": Demand(shoppers=40, orders=6), "CUP": Demand(shoppers=9)}
    found = recommender(state=offer(model(), counts=counts)).recommend(None)
    assert skus(found)[0] == "POT"
    assert reasons(found)["POT"] == "Popular now: bought 6 times in the last 30 days."
    assert reasons(found)["CUP"] == "Popular now: 9 shoppers looked at it in the last 30 days."


def test_few_shoppers_are_not_told_by_number() -> None:
    found = recommender(state=offer(model(), counts={"POT": Demand(shoppers=2)})).recommend(None)
    assert reasons(found)["POT"] == "From Kitchen, for you to discover."


def test_one_click_is_enough_without_consent_and_without_a_model() -> None:
    found = recommender(state=offer()).recommend(None, Wish(seen=("CUP",)), count=2)
    assert skus(found)[0] == "POT"
    assert reasons(found)["POT"] == "Because you looked at Camp Cup."


def test_a_wish_in_words_is_followed_within_the_budget() -> None:
    found = recommender().recommend(None, Wish(text="something to cook with", highest_cents=1000))
    assert skus(found) == ["CUP"]
    assert reasons(found)["CUP"] == "It fits “something to cook with” and costs no more than 10.00 EUR."


def test_what_does_not_fit_the_words_is_not_said_to() -> None:
    found = recommender().recommend(None, Wish(text="cook", highest_cents=20_000), count=10)
    assert reasons(found)["BOOT"] == "It costs no more than 200.00 EUR."


def test_categories_are_asked_for_and_excluded() -> None:
    one = recommender()
    assert sorted(skus(one.recommend(None, Wish(categories=("Kitchen",))))) == ["CUP", "POT"]
    hiking = one.recommend(None, Wish(excluded_categories=frozenset({"Kitchen"})), count=10)
    assert sorted(skus(hiking)) == ["BOOT", "NEW", "SANDAL", "SOCK"]
    assert skus(one.recommend(None, Wish(categories=("Garden",)))) == []


def test_another_currency_is_no_part_of_a_budget() -> None:
    foreign = tuple(replace(p, currency="CHF") if p == CUP else p for p in PRODUCTS)
    found = recommender(state=offer(model(), products=foreign)).recommend(None, Wish(highest_cents=1_500))
    assert skus(found) == ["SOCK"]


def test_more_like_this_is_near_and_tells_the_difference_in_price() -> None:
    found = recommender().recommend(None, Wish(like="BOOT", highest_cents=11_000), count=2)
    assert sorted(skus(found)) == ["NEW", "SANDAL"]
    assert reasons(found)["SANDAL"] == "Like Cairn Boot, 60.00 EUR less."


def test_similar_products_are_in_stock_and_near() -> None:
    found = recommender().similar("CUP", 2)
    assert skus(found) == ["POT", "SOCK"]
    assert recommender().similar("unknown").items == ()


def test_what_goes_with_a_product_does_not_replace_it() -> None:
    found = recommender().goes_with("BOOT")
    assert skus(found) == ["SOCK"]
    assert reasons(found)["SOCK"] == "Others chose it after Cairn Boot."
    assert recommender().goes_with("NEW").items == ()


def test_popular_products_are_those_most_wanted() -> None:
    counts = {"POT": Demand(orders=9), "SOCK": Demand(orders=7)}
    assert skus(recommender(state=offer(model(), counts=counts)).popular(2)) == ["POT", "SOCK"]


def test_an_order_and_a_basket_are_told_as_what_they_are() -> None:
    bought = recommender(did("Order Completed", products=[{"sku": "BOOT"}])).recommend(ANN)
    assert reasons(bought)["SOCK"] == "Others who bought Cairn Boot, as you did, chose this too."
    added = recommender(did("Product Added", "BOOT")).recommend(ANN)
    assert reasons(added)["SOCK"] == "Others who chose Cairn Boot, as you did, chose this too."


def test_a_process_without_an_encoder_refuses_words() -> None:
    sources = ShopperSources(ListedEvents(), lambda customer: frozenset())
    with pytest.raises(ValueError, match="needs a process with a sentence encoder"):
        Recommender(FixedOffer(offer(model())), sources).recommend(None, Wish(text="cook"))


def test_fewer_than_one_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="1 or more can be recommended; came 0"):
        recommender().recommend(None, count=0)


def test_an_empty_shop_recommends_nothing() -> None:
    one = recommender(state=offer(products=()))
    assert (one.recommend(None).items, one.popular().items) == ((), ())
