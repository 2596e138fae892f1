"""What comes next for a shopper? The trained model: how it scores, how it is written and read again.

Two experts whose probabilities are mixed: the transformer's softmax over all items, and the co-behaviour of
the history's items. Neither says how much an item is in demand (vectors of length 1 leave the softmax without
a bias), so the mixture is weighed with the counts of what was learnt from. Shares and powers are chosen on
validation items.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from warnings import catch_warnings

import numpy as np
import numpy.typing as npt

from bot.recommendations.co_behaviour import CoBehaviour, CoBehaviourPlan
from bot.recommendations.interactions import Case, History
from bot.recommendations.ranking_evaluation import Scores, evaluate
from bot.recommendations.sequence_network import SequenceNetwork, one_thread

Vectors = npt.NDArray[np.float32]
UserEncoder = Callable[[Vectors, npt.NDArray[np.int64]], Vectors]
"""Item vectors (users, length, dimensions) and kinds (users, length) to shopper vectors after each item."""

GRAPH = "user_encoder.onnx"
DEMAND_FILE = "demand.npy"
SHARES = tuple(place / 10 for place in range(11))
MODEL_POWERS = (1.0, 0.8, 0.65, 0.5, 0.35, 0.2)
LEAST_CHANCE = 1e-12
"""Added to a chance before its power, so that items without any are still told apart by their demand."""


class ModelUnreadable(Exception):
    """A directory holds no whole recommender of this version."""


@dataclass(frozen=True)
class NextItemModel:
    """`vectors` (items, dimensions) have rows of length 1; `text_map` (text dimensions, dimensions) makes the
    vector of an item that was not there in training; `scale` multiplies cosines; `share` 0..1 is the
    transformer's part of the mixture; `longest` history in items. `demand` (items,) counts how often each was
    chosen, None where nobody counted; `model_power` above 0 up to 1 is the power of the mixture beside the
    demand, 1 leaves the demand out. Raises ValueError for another power, and for a demand that is missing
    below 1 or is not of these items.
    """

    items: tuple[str, ...]
    vectors: Vectors
    text_map: Vectors
    scale: float
    longest: int
    co_behaviour: CoBehaviour
    encode: UserEncoder
    share: float = 0.5
    demand: npt.NDArray[np.float32] | None = None
    model_power: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.model_power <= 1 or (self.demand is None and self.model_power < 1):
            raise ValueError(
                f"the model's power is above 0 and up to 1, or 1 without a demand; came {self.model_power}"
            )
        if self.demand is not None and self.demand.shape != (len(self.items),):
            raise ValueError(f"a demand of {len(self.items)} items is needed; came {self.demand.shape}")

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each item."""
        return {item: place for place, item in enumerate(self.items)}

    @cached_property
    def demand_weights(self) -> npt.NDArray[np.float32]:
        """What the demand multiplies chances by, shape (items,); an item that nobody chose has 1."""
        if self.demand is None:
            return np.ones(len(self.items), dtype=np.float32)
        return np.asarray((self.demand + 1) ** (1 - self.model_power), dtype=np.float32)

    @cached_property
    def most_demanded(self) -> npt.NDArray[np.int64]:
        """The places of all items, most demanded first, of equal ones the first; none without counts."""
        if self.demand is None:
            return np.zeros(0, dtype=np.int64)
        return np.argsort(-self.demand, kind="stable").astype(np.int64)

    def user_vectors(self, histories: Sequence[History]) -> Vectors:
        """Shape (histories, dimensions), rows of length 1; 0 for a history without items."""
        found = np.zeros((len(histories), self.vectors.shape[1]), dtype=np.float32)
        filled = [row for row, history in enumerate(histories) if len(history) > 0]
        if not filled:
            return found
        lengths = np.array([min(len(histories[row]), self.longest) for row in filled])
        items = np.zeros((len(filled), lengths.max()), dtype=np.int64)
        kinds = np.zeros_like(items)
        for place, row in enumerate(filled):
            items[place, : lengths[place]] = histories[row].items[-lengths[place] :]
            kinds[place, : lengths[place]] = histories[row].kinds[-lengths[place] :]
        found[filled] = self.encoded(self.vectors[items], kinds, lengths)
        return found

    def encoded(
        self, vectors: Vectors, kinds: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]
    ) -> Vectors:
        """What `encode` says after the last item of each history of these `lengths`, 1 or more."""
        states = self.encode(np.ascontiguousarray(vectors, dtype=np.float32), kinds)
        return np.asarray(states[np.arange(len(lengths)), lengths - 1], dtype=np.float32)

    def scores(self, histories: Sequence[History]) -> Scores:
        """Probabilities, shape (histories, items)."""
        cosines = self.user_vectors(histories) @ np.asarray(self.vectors).T
        chances = mixed(self.scale * cosines, self.co_behaviour.scores(histories), self.share)
        return self.with_demand(chances, self.demand_weights)

    def with_demand(self, chances: Scores, weights: npt.NDArray[np.float32]) -> Scores:
        """The geometric mixture with the demand, each row summing to 1; the chances as they are at power 1.
        `weights` (items,) are `demand_weights` of the items that the chances, shape (..., items), are of.
        """
        if self.model_power == 1:
            return chances
        weighed = (chances + LEAST_CHANCE) ** self.model_power * weights
        return np.asarray(weighed / weighed.sum(axis=-1, keepdims=True), dtype=np.float32)

    def with_best_share(self, cases: Sequence[Case]) -> NextItemModel:
        """The same model with the share that ranks these cases best (NDCG@10) without the demand, then with
        the power that does; of equal ones the lowest share and the highest power.
        """

        def ndcg(model: NextItemModel) -> float:
            return evaluate(model, cases, len(self.items)).ndcg_10

        alone = [replace(self, share=share, model_power=1.0) for share in SHARES]
        best = max(alone, key=lambda model: (ndcg(model), -model.share))
        if self.demand is None:
            return best
        weighed = [replace(best, model_power=power) for power in MODEL_POWERS]
        return max(weighed, key=lambda model: (ndcg(model), model.model_power))

    def save(self, directory: Path, network: SequenceNetwork) -> None:
        """Write the model into an existing directory; `network` is the one that `encode` comes from."""
        from scipy.sparse import save_npz

        np.save(directory / "item_vectors.npy", self.vectors)
        np.save(directory / "text_map.npy", self.text_map)
        if self.demand is not None:
            np.save(directory / DEMAND_FILE, np.asarray(self.demand, dtype=np.float32))
        save_npz(directory / "co_behaviour.npz", self.co_behaviour.weights, compressed=False)
        export_user_encoder(network, self.vectors.shape[1], self.longest, directory / GRAPH)
        facts = {
            "items": list(self.items),
            "scale": self.scale,
            "longest": self.longest,
            "share": self.share,
            "model_power": self.model_power,
            "age_decay": self.co_behaviour.plan.age_decay,
        }
        (directory / "model.json").write_text(json.dumps(facts), encoding="utf-8")


def mixed(logits: npt.NDArray[np.floating[Any]], co_behaviour: Scores, share: float) -> Scores:
    """The mixture's probabilities, shape (histories, items). Where the history's items pair with nothing,
    the transformer speaks alone."""
    above = np.exp(logits - logits.max(axis=1, keepdims=True))
    transformer = above / above.sum(axis=1, keepdims=True)
    speaks = co_behaviour.sum(axis=1, keepdims=True) > 0
    return np.asarray(
        np.where(speaks, share * transformer + (1 - share) * co_behaviour, transformer), dtype=np.float32
    )


def from_network(
    network: SequenceNetwork,
    items: tuple[str, ...],
    longest: int,
    co_behaviour: CoBehaviour,
    demand: npt.NDArray[np.float32],
) -> NextItemModel:
    """The model that a trained network is, still in torch; `demand` (items,) counts what it learnt from."""
    import torch

    def encode(vectors: Vectors, kinds: npt.NDArray[np.int64]) -> Vectors:
        with torch.inference_mode(), one_thread():
            states = network.user_encoder(torch.from_numpy(vectors), torch.from_numpy(kinds))
        return np.asarray(states.numpy(), dtype=np.float32)

    with torch.inference_mode():
        vectors = network.item_vectors(None).numpy()
        scale = float(network.scale())
    text_map = dict(network.module.named_parameters())["catalogue.text_map"].detach().numpy()
    return NextItemModel(items, vectors, text_map, scale, longest, co_behaviour, encode, demand=demand)


def open_model(directory: Path) -> NextItemModel:
    """The model as `save` wrote it, vectors memory-mapped, the graph in onnxruntime on one thread. One that
    was written without a demand leaves it out.

    Raises ModelUnreadable.
    """
    from scipy.sparse import load_npz

    try:
        facts = json.loads((directory / "model.json").read_text(encoding="utf-8"))
        plan = CoBehaviourPlan(age_decay=facts["age_decay"])
        counted = (directory / DEMAND_FILE).is_file()
        return NextItemModel(
            items=tuple(facts["items"]),
            vectors=np.load(directory / "item_vectors.npy", mmap_mode="r"),
            text_map=np.load(directory / "text_map.npy"),
            scale=facts["scale"],
            longest=facts["longest"],
            co_behaviour=CoBehaviour(load_npz(directory / "co_behaviour.npz").tocsr(), plan),
            encode=open_user_encoder(directory / GRAPH),
            share=facts["share"],
            demand=np.load(directory / DEMAND_FILE) if counted else None,
            model_power=facts["model_power"] if counted else 1.0,
        )
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnreadable(f"{directory} holds no whole recommender: {error}") from error


def open_user_encoder(path: Path) -> UserEncoder:
    """The encoder of a graph, in onnxruntime on one thread. Raises FileNotFoundError."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # A single history is too little work to share, and the web process has other things to do.
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    if not path.is_file():
        raise FileNotFoundError(f"{path.name} is not there")
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def encode(vectors: Vectors, kinds: npt.NDArray[np.int64]) -> Vectors:
        return np.asarray(session.run(None, {"vectors": vectors, "kinds": kinds})[0], dtype=np.float32)

    return encode


def export_user_encoder(network: SequenceNetwork, dimensions: int, longest: int, path: Path) -> None:
    """Write the encoder as an ONNX graph, for any number of users and lengths from 1 to `longest`."""
    import torch

    axes = {0: torch.export.Dim("users"), 1: torch.export.Dim("length", max=longest)}
    example = (torch.zeros((2, 3, dimensions)), torch.zeros((2, 3), dtype=torch.int64))
    # The exporter warns of shapes that are as they should be, and of libraries that are not needed.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with torch.no_grad(), catch_warnings(action="ignore"):
        torch.onnx.export(
            network.user_encoder,
            example,
            str(path),
            input_names=["vectors", "kinds"],
            output_names=["states"],
            dynamic_shapes=(axes, axes),
            dynamo=True,
            external_data=False,
            verbose=False,
        )
