"""Is one encoder loaded once, whoever asks first?"""

from __future__ import annotations

import threading

import pytest

from knowledge_base.encoder import DEFAULT_ENCODER, MiniLmEncoder, ModelMissing
from knowledge_base.shared_encoder import SharedEncoder


class LoadedEncoder(MiniLmEncoder):
    """Without a model."""

    def __init__(self, model: str | None = None) -> None:
        self.model = model


def test_it_is_loaded_once_for_all_threads() -> None:
    loads: list[str | None] = []

    def load(model: str | None) -> MiniLmEncoder:
        loads.append(model)
        return LoadedEncoder(model)

    shared, found = SharedEncoder(None, load), list[MiniLmEncoder]()
    threads = [threading.Thread(target=lambda: found.append(shared.loaded())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loads == [None]
    assert len(set(map(id, found))) == 1
    assert shared.name == DEFAULT_ENCODER


def test_a_model_that_was_missing_is_looked_for_again() -> None:
    loads: list[str | None] = []

    def load(model: str | None) -> MiniLmEncoder:
        loads.append(model)
        if len(loads) == 1:
            raise ModelMissing("not there")
        return LoadedEncoder(model)

    shared = SharedEncoder("mine", load)
    with pytest.raises(ModelMissing, match="not there"):
        shared.encode(["a"])
    shared.loaded()
    assert (loads, shared.name) == (["mine", "mine"], "mine")
