"""Are documents cut at sentence ends, with nothing lost, and is the sentence around an answer whole?"""

from __future__ import annotations

import pytest

from knowledge_base.documents import Document, cut_into_passages, sentence_around, sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def cut(text: str, max_words: int) -> list[str]:
    return [part.text for part in cut_into_passages(Document("policy", "p", "T", text), max_words)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is red. It is light.", ["It is red.", "It is light."]),
        ("It weighs 1.2 kg. Good!", ["It weighs 1.2 kg.", "Good!"]),
        ("Load of max. 20 kg, e.g. Bags. More.", ["Load of max. 20 kg, e.g. Bags.", "More."]),
        ("Made of merino. The sole is cork.", ["Made of merino.", "The sole is cork."]),
        ('He said "Buy it." She did.', ['He said "Buy it."', "She did."]),
        ("Wash it (cold.) Then dry it.", ["Wash it (cold.)", "Then dry it."]),
        ("Weight: 2 kg\nColour: red", ["Weight: 2 kg", "Colour: red"]),
        ("One\n\n  \nTwo", ["One", "Two"]),
        ("no capital. after the dot", ["no capital. after the dot"]),
        ("", []),
    ],
)
def test_sentences_end_where_people_end_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_the_sentence_around_an_answer_is_the_whole_one() -> None:
    text = "It is red. The battery lasts 38 hours. It is light."
    start = text.index("38")
    assert sentence_around(text, start, start + 8) == "The battery lasts 38 hours."


def test_an_answer_over_two_sentences_gets_both() -> None:
    assert sentence_around("A is one. B is two. C.", 5, 14) == "A is one. B is two."


def test_an_answer_next_to_a_sentence_does_not_get_it() -> None:
    assert sentence_around("One. Two.", 0, 4) == "One."


def test_a_short_document_is_one_passage_with_its_origin() -> None:
    document = Document("product", "AUD-001", "Fjell", "It is red. It is light.", "AUD-001")
    (only,) = cut_into_passages(document)
    assert (only.kind, only.document_id, only.title, only.position, only.text, only.sku) == (
        ("product", "AUD-001", "Fjell", 0, "It is red. It is light.", "AUD-001")
    )


def test_parts_are_even_and_within_the_limit() -> None:
    assert cut("A b c. D e f. G h i. J k l.", 9) == ["A b c. D e f.", "G h i. J k l."]


def test_a_part_is_cut_before_it_gets_too_long() -> None:
    parts = cut("A. B c d e f g h. I j.", 7)
    assert parts == ["A.", "B c d e f g h.", "I j."]
    assert max(len(part.split()) for part in parts) == 7


def test_a_sentence_over_the_limit_stays_whole() -> None:
    assert cut("A b c d e. F.", 3) == ["A b c d e.", "F."]


def test_no_word_is_lost_and_positions_count_up() -> None:
    text = "\n\n".join(f"Sentence {n} has some words (six.) And more." for n in range(40))
    parts = list(cut_into_passages(Document("policy", "p", "", text), 25))
    assert [part.position for part in parts] == list(range(len(parts)))
    assert " ".join(part.text for part in parts).split() == text.split()


def test_a_document_without_text_has_no_passage() -> None:
    assert cut(" \n ", 10) == []


def test_equal_text_under_another_title_is_searched_as_another() -> None:
    one = next(cut_into_passages(Document("policy", "a", "A", "Text.")))
    same = next(cut_into_passages(Document("faq", "b", "A", "Text.")))
    other = next(cut_into_passages(Document("policy", "a", "B", "Text.")))
    assert one.fingerprint == same.fingerprint != other.fingerprint
    assert one.searchable == "A. Text."
