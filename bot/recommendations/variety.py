"""Which of the good ones are shown together, so that they are not all the same?

Maximal marginal relevance (Carbonell and Goldstein 1998) over the best few.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

POOL_FACTOR, SMALLEST_POOL = 4, 20
LIKENESS_COST = 0.2
"""0..1: what being just like one that is shown already costs, in spans of the pool's scores. Chosen on the
demo shop so that accuracy stays within its noise (docs/figures.md)."""


def varied(
    scores: npt.NDArray[np.float32],
    meanings: npt.NDArray[np.float32],
    count: int,
    likeness_cost: float = LIKENESS_COST,
) -> npt.NDArray[np.int64]:
    """The rows to show, first first, `count` or all there are. `scores` (products,), `meanings` (products,
    dimensions) with rows of length 1 or 0. The best one always comes first; ties go to the lower row.
    """
    size = min(len(scores), max(POOL_FACTOR * count, SMALLEST_POOL))
    pool = np.argsort(-scores, kind="stable")[:size]
    span = float(scores[pool[0]] - scores[pool[-1]]) if size > 0 else 0.0
    worth = (scores[pool] - scores[pool[-1]]) / span if span > 0 else np.zeros(size, dtype=np.float32)
    likest = np.zeros(size, dtype=np.float32)
    chosen: list[int] = []
    left = np.ones(size, dtype=bool)
    for _ in range(min(count, size)):
        value = np.where(left, worth - likeness_cost * likest, -np.inf)
        best = int(value.argmax())
        chosen.append(best)
        left[best] = False
        likest = np.maximum(likest, meanings[pool] @ meanings[pool[best]])
    return pool[np.array(chosen, dtype=np.int64)]
