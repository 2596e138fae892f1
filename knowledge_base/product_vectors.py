"""What does each product mean, as one vector? Kept on disk: only new and changed texts are embedded."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge_base.encoder import Embeddings, SentenceEncoder
from knowledge_base.products import Product

MOST_CHARACTERS = 600
"""Of a product's text; MiniLM reads 256 word pieces, and what a product is stands at the beginning."""


@dataclass(frozen=True)
class ProductVectors:
    """`matrix` is float32 of shape (products, dimensions), rows of length 1, in the order of `skus`."""

    skus: tuple[str, ...]
    matrix: Embeddings
    encoder: str

    @cached_property
    def places(self) -> dict[str, int]:
        """The row of each SKU."""
        return {sku: row for row, sku in enumerate(self.skus)}

    def vector(self, sku: str) -> npt.NDArray[np.float32] | None:
        """The product's row, None for one that is not in here."""
        row = self.places.get(sku)
        return None if row is None else np.asarray(self.matrix[row], dtype=np.float32)


def product_text(product: Product) -> str:
    """What is embedded: name, brand, category, tags, then the description as far as it goes."""
    head = ". ".join((product.name, product.category, ", ".join(product.tags)))
    return f"{head}. {product.description}"[:MOST_CHARACTERS]


def open_product_vectors(directory: Path) -> ProductVectors | None:
    """The vectors as written last, None before the first time. The matrix is memory-mapped."""
    try:
        manifest = json.loads((directory / "current.json").read_text(encoding="utf-8"))
        matrix = np.load(directory / manifest["file"], mmap_mode="r" if manifest["skus"] else None)
    except FileNotFoundError:
        return None
    return ProductVectors(tuple(manifest["skus"]), matrix, manifest["encoder"])


def vectors_are_current(directory: Path, products: Sequence[Product], encoder: str) -> bool:
    """Would an update change nothing? Needs no encoder to be loaded."""
    present = open_product_vectors(directory)
    if present is None or present.encoder != encoder or present.skus != tuple(p.sku for p in products):
        return False
    manifest = json.loads((directory / "current.json").read_text(encoding="utf-8"))
    return bool(manifest["fingerprints"] == [_fingerprint(product) for product in products])


def update_product_vectors(
    directory: Path,
    products: Sequence[Product],
    encoder: SentenceEncoder,
    progress: Callable[[int], None] | None = None,
) -> ProductVectors:
    """Brings the vectors up to exactly these products. Readers see the old state or the new one, never half.

    `progress` is told how many texts were embedded since last time. Raises OSError.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        fingerprints = [_fingerprint(product) for product in products]
        known = _known(directory, encoder.name)
        fresh = [place for place, mark in enumerate(fingerprints) if mark not in known]
        embedded = encoder.encode([product_text(products[place]) for place in fresh], progress)
        known |= {fingerprints[place]: row for place, row in zip(fresh, embedded, strict=True)}
        matrix = np.array([known[mark] for mark in fingerprints], dtype=np.float32)
        if not products:
            matrix = np.zeros((0, embedded.shape[1]), dtype=np.float32)
        _write(directory, [product.sku for product in products], fingerprints, matrix, encoder.name)
    return ProductVectors(tuple(product.sku for product in products), matrix, encoder.name)


def _fingerprint(product: Product) -> str:
    return hashlib.sha256(product_text(product).encode()).hexdigest()[:32]


def _known(directory: Path, encoder: str) -> dict[str, npt.NDArray[np.float32]]:
    """The rows by fingerprint of text; nothing if another encoder made them."""
    present = open_product_vectors(directory)
    if present is None or present.encoder != encoder:
        return {}
    manifest = json.loads((directory / "current.json").read_text(encoding="utf-8"))
    return dict(zip(manifest["fingerprints"], np.array(present.matrix), strict=True))


def _write(
    directory: Path, skus: list[str], fingerprints: list[str], matrix: Embeddings, encoder: str
) -> None:
    content = hashlib.sha256(json.dumps([skus, fingerprints, encoder]).encode()).hexdigest()[:16]
    file = f"vectors-{content}.npy"
    manifest = {"file": file, "encoder": encoder, "skus": skus, "fingerprints": fingerprints}
    draft = directory / f"draft-{os.getpid()}.npy"
    np.save(draft, matrix)
    draft.replace(directory / file)
    pointer = directory / f"draft-{os.getpid()}.json"
    pointer.write_text(json.dumps(manifest), encoding="utf-8")
    pointer.replace(directory / "current.json")
    for old in directory.glob("vectors-*.npy"):
        if old.name != file:
            old.unlink()
