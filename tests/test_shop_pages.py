"""Do policy pages and FAQ entries become documents, and do broken ones get a sentence?"""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.documents import Document
from knowledge_base.shop_pages import BrokenPage, FaqEntry, faq_document, read_faq, read_policies, slug


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_each_section_is_a_document(tmp_path: Path) -> None:
    write(
        tmp_path / "policies/shipping.md",
        "# Shipping\n\nWe ship *daily*.\n\n## Late, lost parcels\n\n- Wait.\n- [Write](/contact) to us.\n",
    )
    assert read_policies(tmp_path) == [
        Document("policy", "shipping", "Shipping", "We ship daily."),
        Document(
            "policy", "shipping#late-lost-parcels", "Shipping: Late, lost parcels", "Wait.\nWrite to us."
        ),
    ]


def test_pages_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    write(tmp_path / "policies/b.md", "# B\n\nb")
    write(tmp_path / "policies/a.md", "# A\n\na")
    assert [document.id for document in read_policies(tmp_path)] == ["a", "b"]


def test_a_page_without_a_title_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "policies/a.md", "Text first.\n")
    with pytest.raises(BrokenPage, match=r"a\.md, line 1: a policy page starts with '# Title'"):
        read_policies(tmp_path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies/a.md").write_bytes(b"# A\n\n\xff")
    with pytest.raises(BrokenPage, match=r"a\.md: expected UTF-8 text, byte 5 is not"):
        read_policies(tmp_path)


def test_faq_entries_keep_their_order_and_blank_lines_do_not_matter(tmp_path: Path) -> None:
    lines = '{"id": "2", "topic": "t", "question": "q2", "answer": "a2"}\n\n'
    write(tmp_path / "faq/faq.jsonl", lines + '{"id": "1", "topic": "t", "question": "q1", "answer": "a1"}')
    assert read_faq(tmp_path) == [FaqEntry("2", "t", "q2", "a2"), FaqEntry("1", "t", "q1", "a1")]


def test_a_line_separator_inside_an_answer_does_not_break_the_line(tmp_path: Path) -> None:
    write(tmp_path / "faq/faq.jsonl", '{"id": "1", "topic": "t", "question": "q", "answer": "a\u2028b"}\n')
    assert read_faq(tmp_path) == [FaqEntry("1", "t", "q", "a\u2028b")]


@pytest.mark.parametrize("line", ["{", '"text"', '{"id": "1"}', "[]"])
def test_a_broken_faq_line_is_named(tmp_path: Path, line: str) -> None:
    write(tmp_path / "faq/faq.jsonl", f"\n{line}\n")
    with pytest.raises(BrokenPage, match=r"faq\.jsonl, line 2: expected an object"):
        read_faq(tmp_path)


def test_a_shop_without_pages_has_none(tmp_path: Path) -> None:
    assert (read_policies(tmp_path), read_faq(tmp_path)) == ([], [])


def test_the_question_of_a_faq_entry_is_the_title_and_never_the_text() -> None:
    assert faq_document(FaqEntry("1", "t", "q?", "a.")) == Document("faq", "1", "q?", "a.")


def test_a_heading_becomes_a_fragment() -> None:
    assert slug("  Who pays? (EU & CH) ") == "who-pays-eu-ch"
