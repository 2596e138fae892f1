"""What does one reading exercise look like, and how do the public file formats become such exercises?

Formats, recognised by content and never by path:

- SQuAD 1.1 and 2.0 JSON (``data/paragraphs/qas``; Rajpurkar et al. 2016, 2018), gzip or plain;
- the same without offsets: a list of ``{"context", "qas": [{"question", "answer"}]}`` (first occurrence
  counts);
- QAMR TSV (Michael et al. 2018) with ``wiki-sentences.tsv`` in the same folder;
- product questions in CSV with tabs (Shen et al. 2022): ``question, candidate, answer`` or
  ``question, candidate, label``;
- our own JSON Lines: ``{"title", "text", "question", "answer": str | null}``.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any


class UnreadableExamples(ValueError):
    """A file of reading exercises has a shape that none of the known formats has."""


@dataclass(frozen=True)
class Span:
    """Characters ``start`` (included) to ``end`` (excluded) of a passage's text."""

    start: int
    end: int


@dataclass(frozen=True)
class Example:
    """A question over one passage; no ``answers`` means that the passage does not answer it."""

    question: str
    title: str
    text: str
    answers: tuple[Span, ...]
    source: str

    @property
    def paragraph(self) -> str:
        """A fingerprint of the passage, equal for equal words: held-out splits go by it."""
        words = re.sub(r"\W+", " ", self.text.lower()).strip()
        return hashlib.sha256(words.encode()).hexdigest()


def read_examples(path: Path) -> list[Example]:
    """Reads every exercise of one file.

    Raises UnreadableExamples, naming the file and what was expected, if the format is unknown or a line is
    broken.
    """
    try:
        return list(_recognise(path))
    except UnreadableExamples:
        raise
    except (
        LookupError,
        TypeError,
        AttributeError,
        ValueError,
        csv.Error,
        gzip.BadGzipFile,
        EOFError,
    ) as error:
        raise UnreadableExamples(f"{path}: not one of the known question formats ({error!r})") from error


def _recognise(path: Path) -> Iterator[Example]:
    name = path.name.removesuffix(".gz")
    if name.endswith(".jsonl"):
        return _own_lines(path)
    if name.endswith(".json"):
        content = json.loads(read_text(path))
        return _squad(content, path.stem) if isinstance(content, dict) else _squad_without_offsets(content)
    if name.endswith(".tsv"):
        return _qamr(path)
    if name.endswith(".csv"):
        return _product_questions(path)
    raise UnreadableExamples(f"{path}: expected .json, .jsonl, .tsv or .csv (or one of them with .gz)")


def read_text(path: Path) -> str:
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")


def _own_lines(path: Path) -> Iterator[Example]:
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        row = json.loads(line)
        start = -1 if row["answer"] is None else row["text"].find(row["answer"])
        if row["answer"] is not None and start < 0:
            raise UnreadableExamples(
                f"{path}, line {number}: the answer {row['answer']!r} is not in the text"
            )
        spans = () if start < 0 else (Span(start, start + len(row["answer"])),)
        yield Example(row["question"], row["title"], row["text"], spans, "shop")


def _squad(content: dict[str, Any], fallback_title: str) -> Iterator[Example]:
    for article in content["data"]:
        title = str(article.get("title", fallback_title)).replace("_", " ")
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            for qa in paragraph["qas"]:
                spans = {Span(a["answer_start"], a["answer_start"] + len(a["text"])) for a in qa["answers"]}
                good = sorted(
                    (s for s in spans if text[s.start : s.end].strip()), key=lambda s: (s.start, s.end)
                )
                yield Example(qa["question"].strip(), title, text, tuple(good), "squad")


def _squad_without_offsets(content: list[dict[str, Any]]) -> Iterator[Example]:
    for paragraph in content:
        text = str(paragraph["context"])
        for qa in paragraph["qas"]:
            start = text.find(qa["answer"])
            if start >= 0:
                yield Example(
                    qa["question"].strip(), "", text, (Span(start, start + len(qa["answer"])),), "squad"
                )


_PENN_BRACKETS = {
    "-LRB-": "(",
    "-RRB-": ")",
    "-LSB-": "[",
    "-RSB-": "]",
    "-LCB-": "{",
    "-RCB-": "}",
    "``": '"',
    "''": '"',
}
_NO_SPACE_BEFORE = {*".,;:!?)]}%'", "'s", "n't", "'re", "'ve", "'ll", "'d", "'m"}
_NO_SPACE_AFTER = {"(", "[", "{", "$", "#"}


def _join(tokens: list[str]) -> tuple[str, list[Span]]:
    """The sentence as people write it, and where each token of the treebank stands in it."""
    text, spans = "", []
    for position, token in enumerate(_PENN_BRACKETS.get(token, token) for token in tokens):
        attached = position == 0 or token in _NO_SPACE_BEFORE or tokens[position - 1] in _NO_SPACE_AFTER
        text += "" if attached else " "
        spans.append(Span(len(text), len(text) + len(token)))
        text += token
    return text, spans


def _qamr(path: Path) -> Iterator[Example]:
    """Field order as in the set's README: id, targets, worker, number, target, question, answer, two
    validators."""
    sentences = {}
    for line in (path.parent / "wiki-sentences.tsv").read_text(encoding="utf-8").splitlines():
        key, sentence = line.split("\t")
        sentences[key] = sentence.split()
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if fields[0] not in sentences or not fields[6].strip():
            continue
        text, places = _join(sentences[fields[0]])
        spans = []
        for answer in (fields[6], *(field.split(":", 1)[1] for field in fields[7:9])):
            indices = [int(index) for index in answer.split() if index.isdigit()]
            if indices and max(indices) < len(places):
                spans.append(Span(places[min(indices)].start, places[max(indices)].end))
        if spans:
            yield Example(fields[5].strip(), "", text, tuple(dict.fromkeys(spans)), "qamr")


def _product_questions(path: Path) -> Iterator[Example]:
    for row in csv.DictReader(read_text(path).splitlines(), delimiter="\t"):
        if "label" in row:
            yield from _attribute_question(row)
        elif "answer" in row:
            yield from _evidence_question(row)
        else:
            raise UnreadableExamples(f"{path}: expected the columns question, candidate and label or answer")


def _attribute_question(row: dict[str, str]) -> Iterator[Example]:
    """``width: { value:9 }`` becomes "width: 9"; label 1 says that it answers the question."""
    name, _, rest = row["candidate"].partition(":")
    values = re.findall(r'value:\s*"?([^"{}\[\],]+)"?\s*[,}]', rest)
    if not values:
        return
    value = ", ".join(dict.fromkeys(value.strip() for value in values))
    prefix = name.replace("_", " ").strip() + ": "
    spans = (Span(len(prefix), len(prefix) + len(value)),) if row["label"] == "1" else ()
    yield Example(row["question"].strip(), "", prefix + value, spans, "attribute")


def _evidence_question(row: dict[str, str]) -> Iterator[Example]:
    """The written answer is kept as far as the evidence says it word for word; rows with little overlap are
    left out."""
    text, answer = row["candidate"].strip(), row["answer"].strip()
    here = [(match.group().lower(), match.span()) for match in re.finditer(r"\w+", text)]
    said = re.findall(r"\w+", answer.lower())
    run = SequenceMatcher(None, [word for word, _ in here], said, autojunk=False).find_longest_match()
    if run.size < 2 or run.size < 0.4 * len(said):
        return
    start, end = here[run.a][1][0], here[run.a + run.size - 1][1][1]
    yield Example(row["question"].strip(), "", text, (Span(start, end),), "product")
