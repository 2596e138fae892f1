"""Does every public format become the same kind of reading exercise, and is a broken file named?"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from knowledge_base.reader.examples import Example, Span, UnreadableExamples, read_examples

LAMP = "The lamp weighs 2 kg and shines for 9 hours."


def quotes(example: Example) -> list[str]:
    return [example.text[span.start : span.end] for span in example.answers]


def squad(path: Path, *qas: dict[str, object]) -> Path:
    content = {"data": [{"title": "Stavell_Lamp", "paragraphs": [{"context": LAMP, "qas": list(qas)}]}]}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_squad_answers_are_spans_without_doubles(tmp_path: Path) -> None:
    answers = [{"text": "9 hours", "answer_start": 36}, {"text": "2 kg", "answer_start": 16}] * 2
    path = squad(tmp_path / "train.json", {"question": " how heavy? ", "answers": answers})
    assert read_examples(path) == [
        Example("how heavy?", "Stavell Lamp", LAMP, (Span(16, 20), Span(36, 43)), "squad")
    ]
    assert quotes(read_examples(path)[0]) == ["2 kg", "9 hours"]


def test_squad_2_has_questions_without_an_answer(tmp_path: Path) -> None:
    qa = {
        "question": "how tall?",
        "answers": [],
        "is_impossible": True,
        "plausible_answers": [{"text": "2 kg"}],
    }
    assert read_examples(squad(tmp_path / "dev.json", qa))[0].answers == ()


def test_a_packed_file_reads_like_a_plain_one(tmp_path: Path) -> None:
    plain = squad(tmp_path / "a.json", {"question": "q", "answers": [{"text": "2 kg", "answer_start": 16}]})
    packed = tmp_path / "a.json.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_examples(packed) == read_examples(plain)


def test_without_offsets_the_first_occurrence_counts(tmp_path: Path) -> None:
    content = [
        {
            "context": "Red, red, red.",
            "qas": [{"question": "q", "answer": "red"}, {"question": "r", "answer": "blue"}],
        }
    ]
    (tmp_path / "a.json").write_text(json.dumps(content))
    assert read_examples(tmp_path / "a.json") == [Example("q", "", "Red, red, red.", (Span(5, 8),), "squad")]


def test_qamr_tokens_become_written_text(tmp_path: Path) -> None:
    (tmp_path / "wiki-sentences.tsv").write_text(
        "s1\tThe lamp , which is n't red , weighs 2 kg .\n", encoding="utf-8"
    )
    fields = ["s1", "1", "w", "1", "7", "How heavy is it?", "9 10", "w2:9", "w3:Invalid"]
    (tmp_path / "dev.tsv").write_text("\t".join(fields) + "\n", encoding="utf-8")
    (example,) = read_examples(tmp_path / "dev.tsv")
    assert example.text == "The lamp, which isn't red, weighs 2 kg."
    assert (example.question, example.source) == ("How heavy is it?", "qamr")
    assert quotes(example) == ["2 kg", "2"]


def test_qamr_lines_without_an_answer_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "wiki-sentences.tsv").write_text("s1\tA lamp .\n")
    lines = [
        "s1\t1\tw\t1\t0\tq?\t \tw2:0\tw3:0",
        "s2\t1\tw\t1\t0\tq?\t0\tw2:0\tw3:0",
        "s1\t1\tw\t1\t0\tq?\t99\tw2:\tw3:",
    ]
    (tmp_path / "dev.tsv").write_text("\n".join(lines) + "\n")
    assert read_examples(tmp_path / "dev.tsv") == []


def test_evidence_keeps_the_answer_as_far_as_it_is_said(tmp_path: Path) -> None:
    rows = [
        "question\tcandidate\tanswer",
        "how long?\tCharged once, it runs for nine hours or so.\tIt runs for nine hours",
        "is it blue?\tCharged once, it runs for nine hours or so.\tNo, sorry, red",
    ]
    (tmp_path / "a.csv").write_text("\n".join(rows) + "\n")
    (example,) = read_examples(tmp_path / "a.csv")
    assert (quotes(example), example.source) == (["it runs for nine hours"], "product")


def test_attributes_become_facts_that_answer_or_not(tmp_path: Path) -> None:
    rows = [
        "question\tcandidate\tlabel",
        "how wide?\titem_width: { unit:cm, value:9 }\t1",
        "how wide?\tcolour: { value:red }\t0",
        "how wide?\tempty: { }\t1",
    ]
    (tmp_path / "a.csv").write_text("\n".join(rows) + "\n")
    examples = read_examples(tmp_path / "a.csv")
    assert [(e.text, quotes(e), e.source) for e in examples] == [
        ("item width: 9", ["9"], "attribute"),
        ("colour: red", [], "attribute"),
    ]


def test_our_own_lines_are_read(tmp_path: Path) -> None:
    row = {"title": "Lamp", "text": LAMP, "question": "how heavy?", "answer": "2 kg"}
    lines = [row, {**row, "answer": None}, {**row, "text": "A\u2028B 2 kg"}]
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n\n"
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    assert [quotes(example) for example in read_examples(tmp_path / "a.jsonl")] == [["2 kg"], [], ["2 kg"]]


def test_an_answer_that_is_not_in_its_text_is_named(tmp_path: Path) -> None:
    row = {"title": "", "text": LAMP, "question": "q", "answer": "3 kg"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row))
    with pytest.raises(UnreadableExamples, match=r"a\.jsonl, line 1: the answer '3 kg' is not in the text"):
        read_examples(tmp_path / "a.jsonl")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b"{"),
        ("a.json", b"{}"),
        ("a.json", b"3"),
        ("a.json", b'{"data": 3}'),
        ("a.json", b'{"data": [{"paragraphs": ["text"]}]}'),
        ("a.json", b"[1]"),
        ("a.json", b"\xff\xfe"),
        ("a.json.gz", b"not packed"),
        ("a.jsonl", b'{"title": "t"}'),
        ("a.jsonl", b"[]"),
        ("a.csv", b"one\ttwo\n1\t2\n"),
        ("a.tsv", b"s1\tonly two\n"),
        ("a.txt", b""),
        ("a", b""),
    ],
)
def test_a_file_of_no_known_format_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / "wiki-sentences.tsv").write_text("s1\tA lamp .\n")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableExamples, match=f"{name}: "):
        read_examples(tmp_path / name)


def test_the_same_words_are_the_same_paragraph() -> None:
    one, same, other = (
        Example("q", "", text, (), "s") for text in ("A lamp, red.", "a  lamp red", "a lamp blue")
    )
    assert one.paragraph == same.paragraph != other.paragraph
