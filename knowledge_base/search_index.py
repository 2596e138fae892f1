"""What is kept on disk for searching, and how is it renewed without ever being half-written?

``<directory>/<version>/`` holds passages.jsonl, embeddings.npy (float32, passages x dimensions) and bm25/;
the file ``current`` names the version in use and is replaced in one step, so that a reader sees the old index
or the new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from knowledge_base.documents import Passage
from knowledge_base.encoder import Embeddings, SentenceEncoder
from knowledge_base.lexical import LexicalIndex


class IndexMissing(RuntimeError):
    """There is no search index yet, or it was made by another encoder."""


@dataclass(frozen=True)
class SearchIndex:
    """Passages with their embeddings (same order) and lexical index; ``version`` changes when anything in it
    does."""

    version: str
    passages: tuple[Passage, ...]
    embeddings: Embeddings
    lexical: LexicalIndex


@dataclass(frozen=True)
class IndexSummary:
    """What a rebuild did, in passages."""

    passages: int
    embedded: int
    reused: int


def current_version(directory: Path) -> str | None:
    """The version in use, or None before the first build; cheap enough to ask on every question."""
    try:
        return (directory / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None


def open_index(directory: Path, encoder_name: str) -> SearchIndex:
    """Raises IndexMissing if there is none or another encoder made it."""
    version = current_version(directory)
    if version is None or not (directory / version / "manifest.json").exists():
        raise IndexMissing(f"no search index in {directory}: run 'storekeep index'")
    place = directory / version
    made_by = json.loads((place / "manifest.json").read_text(encoding="utf-8"))["encoder"]
    if made_by != encoder_name:
        raise IndexMissing(
            f"the search index was made by {made_by!r}, the encoder is {encoder_name!r}: "
            "run 'storekeep index'"
        )
    lines = (place / "passages.jsonl").read_text(encoding="utf-8").split("\n")
    passages = tuple(Passage(**json.loads(line)) for line in lines if line)
    embeddings = np.load(place / "embeddings.npy", mmap_mode="r" if passages else None)
    return SearchIndex(version, passages, embeddings, LexicalIndex.open(place / "bm25", len(passages)))


def is_current(directory: Path, passages: Sequence[Passage], encoder_name: str) -> bool:
    """Would a rebuild from these passages change nothing? Needs no encoder to be loaded."""
    version = current_version(directory)
    return version == _version(passages, encoder_name) and (directory / version / "manifest.json").exists()


def build_index(
    directory: Path,
    passages: Sequence[Passage],
    encoder: SentenceEncoder,
    progress: Callable[[int], None] | None = None,
) -> IndexSummary:
    """Makes the index of exactly ``passages``; embeds only those that the present index does not hold."""
    directory.mkdir(parents=True, exist_ok=True)
    with _only_builder(directory):
        return _build(directory, passages, encoder, progress)


@contextmanager
def _only_builder(directory: Path) -> Iterator[None]:
    """Waits until no other process builds here: a builder clears away what others have left half-written."""
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(
    directory: Path,
    passages: Sequence[Passage],
    encoder: SentenceEncoder,
    progress: Callable[[int], None] | None,
) -> IndexSummary:
    version = _version(passages, encoder.name)
    known = _known_embeddings(directory, encoder.name)
    fresh = [passage for passage in passages if passage.fingerprint not in known]
    summary = IndexSummary(len(passages), len(fresh), len(passages) - len(fresh))
    if version == current_version(directory) and (directory / version / "manifest.json").exists():
        return summary
    for passage, embedding in zip(
        fresh, encoder.encode([p.searchable for p in fresh], progress), strict=True
    ):
        known[passage.fingerprint] = embedding
    embeddings = np.array([known[p.fingerprint] for p in passages], dtype=np.float32)
    _write(directory, version, encoder.name, passages, embeddings)
    return summary


def _version(passages: Sequence[Passage], encoder_name: str) -> str:
    content = json.dumps([encoder_name, [asdict(passage) for passage in passages]], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _known_embeddings(directory: Path, encoder_name: str) -> dict[str, Embeddings]:
    try:
        index = open_index(directory, encoder_name)
    except IndexMissing:
        return {}
    return {passage.fingerprint: index.embeddings[row] for row, passage in enumerate(index.passages)}


def _write(
    directory: Path, version: str, encoder_name: str, passages: Sequence[Passage], embeddings: Embeddings
) -> None:
    before = current_version(directory)
    building = directory / f"{version}.building-{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        lines = (json.dumps(asdict(passage), ensure_ascii=False) + "\n" for passage in passages)
        (building / "passages.jsonl").write_text("".join(lines), encoding="utf-8")
        np.save(building / "embeddings.npy", embeddings)
        LexicalIndex.of([passage.searchable for passage in passages]).save(building / "bm25")
        manifest = {"encoder": encoder_name, "passages": len(passages)}
        (building / "manifest.json").write_text(json.dumps(manifest) + "\n", encoding="utf-8")
        shutil.rmtree(directory / version, ignore_errors=True)
        building.rename(directory / version)
        pointer = directory / f"current.{os.getpid()}"
        pointer.write_text(version + "\n", encoding="utf-8")
        pointer.replace(directory / "current")
    finally:
        shutil.rmtree(building, ignore_errors=True)
    for old in directory.iterdir():
        if old.is_dir() and old.name not in {version, before}:
            shutil.rmtree(old, ignore_errors=True)
