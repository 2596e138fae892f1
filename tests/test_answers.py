"""Does the shop answer in its own words, from the right pages, or not at all?"""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from knowledge_fakes import FakeEncoder, FakeReader, passage

from knowledge_base.answers import Answer, Answerer, Source, refers_back
from knowledge_base.documents import Passage
from knowledge_base.search_index import IndexMissing, build_index

FJELL = passage("product", "AUD-001", "Brenholt Fjell", "The battery lasts 38 hours. It is grey.", "AUD-001")
SKOG = passage("product", "AUD-002", "Brenholt Skog", "The battery lasts 19 hours. It is red.", "AUD-002")
REVIEW = passage("review", "AUD-001/1", "Review of Fjell", "My battery got 30 hours. Soft pads.", "AUD-001")
SHIPPING = passage("policy", "shipping", "Shipping", "Delivery takes 2 days.")
FAQ = passage("faq", "faq-001", "Do you charge old batteries?", "We take every battery back.")
SHOP = [FJELL, SKOG, REVIEW, SHIPPING, FAQ]
CALIBRATION = FakeReader({}).calibration
MARGINS = {"38 hours": 2.0, "19 hours": 3.0, "30 hours": 4.0, "2 days": 2.0, "every battery": 1.0}


def answerer(
    directory: Path,
    margins: dict[str, float] | None = None,
    passages: list[Passage] | None = None,
    threshold: float | None = None,
) -> Answerer:
    build_index(directory, SHOP if passages is None else passages, FakeEncoder())
    reader = FakeReader(MARGINS if margins is None else margins)
    ticks = iter(range(1000))
    return Answerer(directory, FakeEncoder(), reader, threshold, lambda: float(next(ticks)))


def test_an_answer_is_a_part_of_its_passage_with_its_source(tmp_path: Path) -> None:
    answer = answerer(tmp_path).answer("how long does the battery last?", "AUD-001")
    assert answer == Answer(
        "38 hours",
        CALIBRATION.confidence(2.0),
        Source("product", "AUD-001", "Brenholt Fjell", 18, 26, "AUD-001"),
        FJELL.text,
        1000.0,
    )
    assert answer.passage is not None
    assert answer.source is not None
    assert answer.text == answer.passage[answer.source.start : answer.source.end]
    assert answer.sentence == "The battery lasts 38 hours."


def test_below_the_threshold_nothing_is_said_but_the_confidence(tmp_path: Path) -> None:
    answer = answerer(tmp_path, {"38 hours": -1.0}).answer("battery?", "AUD-001")
    assert answer == Answer(None, CALIBRATION.confidence(-1.0), None, None, 1000.0)
    assert answer.sentence is None


@pytest.mark.parametrize(
    ("threshold", "text"), [(0.0, "38 hours"), (0.88, "38 hours"), (0.89, None), (1.0, None)]
)
def test_the_shop_can_set_the_threshold(tmp_path: Path, threshold: float, text: str | None) -> None:
    asked = answerer(tmp_path, {"38 hours": 2.0}, threshold=threshold).answer("battery?", "AUD-001")
    assert asked.text == text


def test_where_nothing_fits_at_all_the_confidence_is_zero(tmp_path: Path) -> None:
    assert answerer(tmp_path, {}).answer("battery?") == Answer(None, 0.0, None, None, 1000.0)


def test_a_question_on_a_product_page_is_about_that_product(tmp_path: Path) -> None:
    asked = answerer(tmp_path)
    assert asked.answer("how long does its battery last?", "AUD-001").text == "38 hours"
    assert asked.answer("how long does its battery last?", "AUD-002").text == "19 hours"


def test_a_product_that_is_named_goes_before_the_page(tmp_path: Path) -> None:
    assert answerer(tmp_path).answer("and the battery of the Skog?", "AUD-001").text == "19 hours"


def test_a_product_that_is_named_needs_no_page(tmp_path: Path) -> None:
    assert answerer(tmp_path).answer("battery of the Fjell?").text == "38 hours"


def test_a_product_question_may_be_answered_by_a_policy(tmp_path: Path) -> None:
    answer = answerer(tmp_path).answer("how long is its delivery?", "AUD-002")
    assert answer.source == Source("policy", "shipping", "Shipping", 15, 21, None)


def test_it_on_a_product_page_is_rather_that_product_than_a_policy(tmp_path: Path) -> None:
    margins = {"38 hours": 2.0, "2 days": 3.0}
    fjell = answerer(tmp_path, margins)
    assert fjell.answer("how long do battery and delivery take?", "AUD-001").text == "2 days"
    assert fjell.answer("how long do its battery and delivery take?", "AUD-001").text == "38 hours"


@pytest.mark.parametrize("question", ["how long does it last?", "does this have a battery", "Are THEY grey?"])
def test_it_without_a_product_is_never_answered_from_a_product(tmp_path: Path, question: str) -> None:
    answer = answerer(tmp_path, {"38 hours": 9.0, "19 hours": 9.0, "30 hours": 9.0}).answer(question)
    assert (answer.text, answer.source) == (None, None)


def test_a_general_question_may_be_answered_by_any_of_the_shops_pages(tmp_path: Path) -> None:
    assert answerer(tmp_path).answer("what battery lasts long?").text == "19 hours"


def test_a_general_question_is_never_answered_by_a_review(tmp_path: Path) -> None:
    assert answerer(tmp_path, {"30 hours": 9.0}).answer("which battery got 30 hours?").text is None


def test_reviews_are_read_only_if_the_shops_pages_do_not_say(tmp_path: Path) -> None:
    build_index(tmp_path, SHOP, FakeEncoder())
    said, silent = FakeReader(MARGINS), FakeReader({"Soft pads": 2.0})
    assert Answerer(tmp_path, FakeEncoder(), said).answer("battery?", "AUD-001").text == "38 hours"
    assert REVIEW.text not in said.read_texts
    from_review = Answerer(tmp_path, FakeEncoder(), silent).answer("are the pads soft?", "AUD-001")
    assert from_review.text == "Soft pads"
    assert from_review.source == Source("review", "AUD-001/1", "Review of Fjell", 25, 34, "AUD-001")


def test_reviews_of_other_products_are_not_read(tmp_path: Path) -> None:
    assert answerer(tmp_path, {"30 hours": 9.0}).answer("battery?", "AUD-002").text is None


def test_a_rebuilt_index_is_taken_up(tmp_path: Path) -> None:
    asked = answerer(tmp_path, {"38 hours": 2.0, "50 hours": 2.0})
    assert asked.answer("battery?", "AUD-001").text == "38 hours"
    better = passage("product", "AUD-001", "Brenholt Fjell", "The battery lasts 50 hours.", "AUD-001")
    new = passage("product", "AUD-003", "Brenholt Vind", "Small.", "AUD-003")
    build_index(tmp_path, [better, new], FakeEncoder())
    assert asked.answer("battery?", "AUD-001").text == "50 hours"
    assert asked.knows_product("AUD-003")
    assert not asked.knows_product("AUD-002")


def test_threads_may_ask_while_the_index_is_rebuilt(tmp_path: Path) -> None:
    asked = answerer(tmp_path)

    def ask(number: int) -> str | None:
        if number % 10 == 5:
            build_index(tmp_path, [*SHOP, passage("faq", f"faq-{number}", "", "Nothing.")], FakeEncoder())
        return asked.answer("battery?", "AUD-001" if number % 2 else "AUD-002").text

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(ask, range(60)))
    assert said == ["38 hours" if number % 2 else "19 hours" for number in range(60)]


def test_without_an_index_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="run 'storekeep index'"):
        Answerer(tmp_path, FakeEncoder(), FakeReader({}))
    asked = answerer(tmp_path / "index")
    shutil.rmtree(tmp_path / "index")
    with pytest.raises(IndexMissing, match="run 'storekeep index'"):
        asked.answer("battery?")


def test_an_empty_shop_does_not_answer(tmp_path: Path) -> None:
    assert answerer(tmp_path, passages=[]).answer("battery?").text is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Is it red?", True),
        ("What are its sizes?", True),
        ("Do you ship items to Italy?", False),
        ("iteration", False),
    ],
)
def test_words_that_point_back_are_seen(question: str, expected: bool) -> None:
    assert refers_back(question) is expected
