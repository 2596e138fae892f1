"""What do the shop's own pages say? Policies in Markdown and FAQ entries in JSON Lines become documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.documents import Document


class BrokenPage(ValueError):
    """A policy or FAQ file cannot be read; the message names file, line and what was expected."""


@dataclass(frozen=True)
class FaqEntry:
    """A question that the shop answers once for all, under one topic."""

    id: str
    topic: str
    question: str
    answer: str


def slug(heading: str) -> str:
    """The heading as a link's fragment: ``Late, lost parcels`` becomes ``late-lost-parcels``."""
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")


def read_policies(knowledge_dir: Path) -> list[Document]:
    """One document a section of every ``policies/*.md``, with the id ``<file>#<section>``; in order of file
    and section."""
    return [
        document for path in sorted((knowledge_dir / "policies").glob("*.md")) for document in _sections(path)
    ]


def _sections(path: Path) -> Iterator[Document]:
    from markdown_it import MarkdownIt

    page = heading = ""
    paragraphs: list[str] = []
    tokens = MarkdownIt().parse(_read(path))
    if not tokens or tokens[0].tag != "h1":
        raise BrokenPage(f"{path}, line 1: a policy page starts with '# Title'")
    for token, before in zip(tokens[1:], tokens, strict=False):
        if token.type != "inline":
            continue
        text = "".join("\n" if part.type.endswith("break") else part.content for part in token.children or ())
        if before.type == "heading_open" and before.tag in ("h1", "h2"):
            yield from _section(path.stem, page, heading, paragraphs)
            paragraphs = []
            page, heading = (text, "") if before.tag == "h1" else (page, text)
        else:
            paragraphs.append(text)
    yield from _section(path.stem, page, heading, paragraphs)


def _section(name: str, page: str, heading: str, paragraphs: list[str]) -> Iterator[Document]:
    if paragraphs:
        title = f"{page}: {heading}" if heading else page
        yield Document("policy", f"{name}#{slug(heading)}" if heading else name, title, "\n".join(paragraphs))


def read_faq(knowledge_dir: Path) -> list[FaqEntry]:
    """The entries of ``faq/*.jsonl`` in order; none if the folder does not exist."""
    entries = []
    for path in sorted((knowledge_dir / "faq").glob("*.jsonl")):
        for number, line in enumerate(_read(path).split("\n"), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                entries.append(FaqEntry(*(str(row[key]) for key in ("id", "topic", "question", "answer"))))
            except (json.JSONDecodeError, KeyError, TypeError) as error:
                raise BrokenPage(
                    f"{path}, line {number}: expected an object of id, topic, question, answer ({error!r})"
                ) from error
    return entries


def faq_document(entry: FaqEntry) -> Document:
    """The question is the title, so that it is searched but never quoted as the answer."""
    return Document("faq", entry.id, entry.question, entry.answer)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BrokenPage(f"{path}: expected UTF-8 text, byte {error.start} is not") from error
