"""On which cases must a new model beat the running one? A set that is kept, and that no model learns from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from bot.recommendations.interactions import KINDS, Case, History, Interactions

SHARE = 0.1
FEWEST, MOST = 30, 2000


class TooFewShoppers(Exception):
    """The shop has too little behaviour to train and measure a recommender."""


@dataclass(frozen=True)
class FrozenCase:
    """`shopper` is a hash of the key: whoever is erased, or takes back the consent, can be taken out.

    `history` are (SKU, kind) oldest first; `target` is the SKU that came next.
    """

    shopper: str
    history: tuple[tuple[str, str], ...]
    target: str


def hashed(key: str) -> str:
    """Which shopper it is, for comparing only."""
    return sha256(f"frozen case {key}".encode()).hexdigest()[:24]


def freeze(interactions: Interactions) -> tuple[FrozenCase, ...]:
    """The last item of every tenth shopper with three items or more, by hash. Raises TooFewShoppers."""
    able = [history for history in interactions.histories if len(history) >= 3]
    wanted = min(MOST, max(FEWEST, round(SHARE * len(able))))
    if len(able) < 3 * FEWEST:
        raise TooFewShoppers(
            f"a recommender needs at least {3 * FEWEST} shoppers with three products or more in their "
            f"history; there are {len(able)}"
        )
    chosen = sorted(able, key=lambda history: hashed(history.user))[:wanted]
    return tuple(
        FrozenCase(
            hashed(history.user),
            tuple(
                (interactions.items[item], KINDS[kind])
                for item, kind in zip(history.items[:-1], history.kinds[:-1], strict=True)
            ),
            interactions.items[history.items[-1]],
        )
        for history in chosen
    )


def kept_cases(path: Path, interactions: Interactions) -> tuple[FrozenCase, ...]:
    """The cases on disk, without shoppers who are no longer in the data; made and written where there are
    none, or fewer than 30 left. Raises TooFewShoppers.
    """
    present = {hashed(history.user) for history in interactions.histories}
    stored = _read(path)
    cases = tuple(case for case in stored if case.shopper in present)
    if len(cases) < FEWEST:
        cases = freeze(interactions)
    if cases != stored:
        draft = path.with_name(path.name + ".draft")
        draft.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps([asdict(case) for case in cases]), encoding="utf-8")
        draft.replace(path)
    return cases


def without_frozen(interactions: Interactions, cases: tuple[FrozenCase, ...]) -> Interactions:
    """What may be learnt from: the shoppers that stand in no case."""
    frozen = {case.shopper for case in cases}
    learnt = tuple(history for history in interactions.histories if hashed(history.user) not in frozen)
    return Interactions(interactions.items, learnt)


def as_cases(frozen: tuple[FrozenCase, ...], places: Mapping[str, int]) -> tuple[Case, ...]:
    """Over today's catalogue; a case whose target is no longer sold is left out."""
    cases = []
    for case in frozen:
        known = [(places[sku], KINDS.index(kind)) for sku, kind in case.history if sku in places]
        pairs = np.array(known, dtype=np.int32).reshape(-1, 2)
        if case.target in places and len(pairs) > 0:
            cases.append(Case(History(case.shopper, pairs[:, 0], pairs[:, 1]), places[case.target]))
    return tuple(cases)


def _read(path: Path) -> tuple[FrozenCase, ...]:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    return tuple(
        FrozenCase(case["shopper"], tuple((sku, kind) for sku, kind in case["history"]), case["target"])
        for case in stored
    )
