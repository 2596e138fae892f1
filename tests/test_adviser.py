"""Does a talk about recommendations go on as a shopper expects, message by message?"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from conversation_fakes import FakeProducts
from recommendation_fakes import FakeRecommender

from bot.recommendations.adviser import Advice, Adviser
from bot.recommendations.recommendation import Wish
from bot.recommendations.talk_moves import Surroundings
from bot.recommendations.talk_wishes import Talk
from bot.shoppers.shopper import Shopper
from knowledge_base.products import Product

ANNA = Shopper(customer_id="C00001")


def product(sku: str, name: str, category: str, euros: int, *tags: str) -> Product:
    return Product(
        sku, name, name.split()[0], category, 100 * euros, "EUR", 5, {}, tags, "It is a good thing."
    )


SHELF = (
    product("AUD-1", "Brenholt Fjell Headphones", "Audio", 200, "headphones"),
    product("AUD-2", "Kessry Pip Earbuds", "Audio", 60, "earbuds"),
    product("AUD-3", "Sonnivar Boulder Speaker", "Audio", 100, "speaker"),
    product("AUD-4", "Kessry Bramble Headphones", "Audio", 30, "headphones"),
    product("HIK-1", "Fellmark Cairn Boot", "Hiking & Camping", 180, "boots"),
    product("HIK-2", "Brackwater Ember Stove", "Hiking & Camping", 45, "stove"),
    product("HIK-3", "Fellmark Woolly Socks", "Hiking & Camping", 20, "socks"),
    product("TOY-1", "Quillhaven Crumbs Game", "Toys & Games", 13, "game", "toddler"),
)


class Conversation:
    """A talk with the adviser, with what came of the last message."""

    def __init__(self, around: Surroundings = Surroundings()) -> None:  # noqa: B008
        self.recommender = FakeRecommender(SHELF)
        self.adviser = Adviser(self.recommender, FakeProducts({p.sku: p for p in SHELF}))
        self.around = around
        self.talk = Talk()

    def say(self, *messages: str) -> Advice:
        for message in messages:
            advice = self.adviser.advise(message, self.talk, self.around)
            self.talk = Talk.from_json(advice.talk.as_json())
            assert self.talk == advice.talk
        return advice


def skus(advice: Advice) -> list[str]:
    return [item.sku for item, _ in advice.items]


def test_a_plain_request_is_answered_from_behaviour_alone() -> None:
    conversation = Conversation(Surroundings(ANNA, seen=("AUD-1",)))
    advice = conversation.say("recommend me something")
    assert (advice.kind, skus(advice)) == ("for_you", ["AUD-1", "AUD-2", "AUD-3", "AUD-4"])
    assert conversation.recommender.asked == [(ANNA, Wish())]


def test_a_visitor_who_agreed_to_nothing_is_answered_from_this_conversation() -> None:
    conversation = Conversation(Surroundings(None, seen=("AUD-1", "HIK-1")))
    conversation.say("recommend me something")
    assert conversation.recommender.asked == [(None, Wish(seen=("AUD-1", "HIK-1")))]


def test_a_gift_is_chosen_without_the_behaviour_of_who_gives_it() -> None:
    conversation = Conversation(Surroundings(ANNA, seen=("AUD-1",)))
    advice = conversation.say("a gift for my father who likes hiking, under 50")
    assert (advice.kind, skus(advice)) == ("fitting", ["HIK-2", "HIK-3"])
    assert conversation.recommender.asked == [
        (None, Wish("hiking", highest_cents=5000, categories=("Hiking & Camping",)))
    ]


def test_who_a_gift_is_for_is_not_remembered_but_what_was_shown_for_them_is() -> None:
    conversation = Conversation(Surroundings(ANNA))
    assert skus(conversation.say("a gift for my toddler")) == ["TOY-1"]
    assert "toddler" not in str(conversation.talk.as_json())
    conversation.say("under 100")
    assert conversation.recommender.asked[-1] == (None, Wish(highest_cents=10000, seen=("TOY-1",)))


def test_a_price_said_later_narrows_the_same_wish() -> None:
    advice = Conversation().say("headphones", "under 100 euros")
    assert skus(advice) == ["AUD-4"]


def test_a_new_topic_leaves_the_old_price_behind() -> None:
    advice = Conversation().say("headphones under 100 euros", "something for hiking")
    assert skus(advice) == ["HIK-1", "HIK-2", "HIK-3"]


def test_a_price_said_first_holds_for_what_comes_then() -> None:
    advice = Conversation().say("under 50", "something for hiking")
    assert skus(advice) == ["HIK-2", "HIK-3"]


def test_cheaper_means_cheaper_than_the_middle_of_what_was_shown() -> None:
    advice = Conversation().say("recommend me something", "something cheaper")
    assert (advice.kind, skus(advice)) == ("cheaper", ["HIK-2", "HIK-3", "TOY-1"])


def test_cheaper_than_a_product_is_like_it_and_costs_less() -> None:
    advice = Conversation().say("recommend me something", "Something cheaper than Sonnivar Boulder Speaker")
    assert (advice.kind, advice.about, skus(advice)) == ("cheaper", SHELF[2], ["AUD-2", "AUD-4"])


def test_where_nothing_is_cheaper_the_earlier_conditions_still_hold() -> None:
    conversation = Conversation()
    advice = conversation.say("something for hiking under 50", "cheaper than the Fellmark Woolly Socks")
    assert (advice.items, advice.narrow, advice.talk.highest_cents) == ((), "price", 5000)


def test_what_is_not_for_them_goes_at_once_comes_no_more_and_makes_room_for_the_next() -> None:
    conversation = Conversation()
    advice = conversation.say("recommend me something", "Not for me: Kessry Pip Earbuds")
    assert (advice.kind, advice.about, skus(advice)) == ("instead", SHELF[1], ["HIK-1"])
    assert advice.talk.shown == ("AUD-1", "AUD-3", "AUD-4", "HIK-1")
    assert "AUD-2" not in skus(conversation.say("recommend me something"))
    assert "AUD-2" not in skus(conversation.say("more like Brenholt Fjell Headphones"))
    assert "AUD-2" not in skus(conversation.say("start over"))
    assert "AUD-2" not in skus(conversation.say("what is popular now?", "show me other ideas"))


def test_places_of_what_was_shown_are_understood() -> None:
    conversation = Conversation()
    advice = conversation.say("recommend me something", "I don't like the second one")
    assert advice.talk.dismissed == ("AUD-2",)
    assert conversation.say("more like the last one").about == SHELF[4]
    assert conversation.say("not the fourth one").talk.dismissed == ("AUD-2",)


@pytest.mark.parametrize(
    "message",
    [
        "Show me more like Brenholt Fjell Headphones",
        "more like the brenholt fjell",
        "something similar to the Brenholt Fjel",
        "do you have anything like AUD-1",
    ],
)
def test_more_like_one_of_them_is_understood_by_its_name(message: str) -> None:
    advice = Conversation().say("recommend me something", message)
    assert (advice.kind, advice.about, skus(advice)) == ("similar", SHELF[0], ["AUD-2", "AUD-3", "AUD-4"])


def test_a_budget_goes_on_when_something_similar_is_asked_for() -> None:
    advice = Conversation().say("speakers under 150", "more like the Sonnivar Boulder Speaker")
    assert skus(advice) == ["AUD-2", "AUD-4"]


def test_on_a_product_page_this_is_that_product() -> None:
    conversation = Conversation(Surroundings(on_page="AUD-3"))
    going = conversation.say("what goes with this?")
    assert (going.kind, going.about, skus(going)) == (
        "goes_with",
        SHELF[2],
        ["HIK-1", "HIK-2", "HIK-3", "TOY-1"],
    )
    cheaper = Conversation(Surroundings(on_page="AUD-3")).say("something similar but cheaper")
    assert (cheaper.kind, cheaper.about, skus(cheaper)) == ("cheaper", SHELF[2], ["AUD-2", "AUD-4"])


def test_it_is_the_product_that_was_asked_about() -> None:
    advice = Conversation(Surroundings(talked_about="AUD-1")).say("recommend something like it")
    assert (advice.kind, advice.about) == ("similar", SHELF[0])


def test_nobody_can_tell_what_it_is() -> None:
    assert Conversation().say("what goes well with it?") == Advice(None, (), Talk(), "EUR")


def test_similar_to_a_kind_of_thing_is_a_wish_like_any_other() -> None:
    assert skus(Conversation().say("recommend me something similar to a stove")) == ["HIK-2"]


def test_others_do_not_repeat_what_was_shown_until_there_is_no_more() -> None:
    conversation = Conversation()
    conversation.say("what is popular now?")
    assert skus(conversation.say("show me other ideas")) == ["AUD-4", "AUD-3", "AUD-2", "AUD-1"]
    ended = conversation.say("show me other ideas")
    assert (ended.kind, ended.items, ended.narrow) == ("others", (), None)


@pytest.mark.parametrize(
    ("messages", "narrow"),
    [
        (["headphones under 10 euros"], "price"),
        (["headphones under 10 euros", "no headphones"], None),
        (["a submarine"], "topic"),
        (["something for hiking", "but no boots, no stove and no socks"], "kind"),
    ],
)
def test_where_nothing_fits_the_condition_to_loosen_is_found(
    messages: Sequence[str], narrow: str | None
) -> None:
    advice = Conversation().say(*messages)
    assert (advice.items, advice.narrow) == ((), narrow)


def test_a_condition_is_loosened_in_words() -> None:
    conversation = Conversation()
    conversation.say("headphones under 10 euros")
    assert skus(conversation.say("Any price is fine, recommend something")) == ["AUD-1", "AUD-4"]
    conversation.say("no audio")
    assert skus(conversation.say("Any kind of product is fine, recommend something")) == ["AUD-1", "AUD-4"]


def test_what_was_left_out_stays_out_until_it_is_asked_for() -> None:
    conversation = Conversation()
    conversation.say("no audio please")
    assert skus(conversation.say("recommend me something")) == ["HIK-1", "HIK-2", "HIK-3", "TOY-1"]
    assert skus(conversation.say("some audio stuff after all")) == ["AUD-1", "AUD-2", "AUD-3", "AUD-4"]


def test_popular_of_a_kind_is_a_wish_for_that_kind() -> None:
    assert skus(Conversation().say("popular headphones")) == ["AUD-1", "AUD-4"]


def test_what_another_version_remembered_is_nothing_said() -> None:
    assert Talk.from_json({"topic": 5, "shown": "AUD-1", "way": "sideways", "highest_cents": True}) == Talk()
    assert Talk.from_json("old") == Talk()
