"""Into how many segments do rows of numbers fall, and into which? K-means, with a clear and stable number.

Silhouette: Rousseeuw 1987, doi:10.1016/0377-0427(87)90125-7. Stability by resampling: Hennig 2007,
doi:10.1016/j.csda.2006.11.025, here as the mean adjusted Rand index (Hubert and Arabie 1985) of pairs of
runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

NUMBERS = range(2, 11)
RUNS = 8
PART = 0.8
STARTS = 4
MOST_ROWS_COMPARED = 4000
MOST_ROWS_IN_SILHOUETTE = 2000
NEAR_BEST = 0.9
"""Of the numbers with at least this part of the best score the largest is taken: more segments say more."""


class TooFewRows(Exception):
    """There are not enough different rows to put into segments."""


@dataclass(frozen=True)
class Choice:
    """How well `number` segments fit. `silhouette` is -1 to 1; `stability` is the mean adjusted Rand index of
    pairs of runs, each from another seed and on another part of the rows, up to 1; `score` is their product
    with negative parts counted as 0."""

    number: int
    silhouette: float
    stability: float

    @property
    def score(self) -> float:
        return max(0.0, self.silhouette) * max(0.0, self.stability)


@dataclass(frozen=True)
class Clustering:
    """`centroids` of shape (segments, features), the largest segment first; `labels` of shape (rows,).

    `seed_agreement` is the mean adjusted Rand index of pairs of runs on all rows with RUNS different seeds.
    """

    centroids: Matrix
    labels: Labels
    chosen: Choice
    choices: tuple[Choice, ...]
    seed_agreement: float


def train_segments(
    features: Matrix,
    seed: int,
    number: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Clustering:
    """Segments of the rows of `features`, shape (rows, features), scaled so that distances mean something.

    `number` fixes how many; None chooses from NUMBERS: of those whose score is near the best, the largest.

    Same rows and seed, same segments. Raises TooFewRows, or ValueError for values that are not finite.
    """
    if not np.isfinite(features).all():
        raise ValueError("Features should be finite numbers; came NaN or infinity.")
    different = len(np.unique(features, axis=0))
    wanted = NUMBERS if number is None else (number,)
    numbers = [each for each in wanted if 2 * each <= different]
    if not numbers:
        raise TooFewRows(
            f"{wanted[0]} segments need at least {2 * wanted[0]} different shoppers; there are {different}."
        )
    compared = _part(features, min(1.0, MOST_ROWS_COMPARED / len(features)), seed)
    choices = []
    for each in numbers:
        choices.append(_judge(compared, each, seed))
        if progress is not None:
            last = choices[-1]
            progress(
                f"{each} segments: silhouette {last.silhouette:.3f}, stability {last.stability:.3f}, "
                f"score {last.score:.3f}"
            )
    chosen = choose(choices)
    centroids, labels = fit_segments(features, chosen.number, seed)
    return Clustering(
        centroids, labels, chosen, tuple(choices), seed_agreement(features, chosen.number, seed)
    )


def choose(choices: Sequence[Choice]) -> Choice:
    """The largest number whose score is near the best; with no score above 0 the smallest number."""
    best = max(choice.score for choice in choices)
    if best <= 0:
        return min(choices, key=lambda choice: choice.number)
    near = [choice for choice in choices if choice.score >= NEAR_BEST * best]
    return max(near, key=lambda choice: choice.number)


def nearest_centroid(features: Matrix, centroids: Matrix) -> Labels:
    """The place of the nearest centroid for each row, ties to the first."""
    distances = (centroids**2).sum(axis=1) - 2 * features @ centroids.T
    return np.asarray(np.argmin(distances, axis=1), dtype=np.int64)


def seed_agreement(features: Matrix, number: int, seed: int, runs: int = RUNS) -> float:
    """The mean adjusted Rand index of pairs of k-means runs on all rows that differ in their seeds."""
    return _agreement([fit_segments(features, number, seed + 1000 + run)[1] for run in range(runs)])


def _judge(features: Matrix, number: int, seed: int) -> Choice:
    from sklearn.metrics import silhouette_score

    runs = []
    for run in range(RUNS):
        centroids, _ = fit_segments(_part(features, PART, seed + 1 + run), number, seed + 1 + run)
        runs.append(nearest_centroid(features, centroids))
    _, labels = fit_segments(features, number, seed)
    rows = min(len(features), MOST_ROWS_IN_SILHOUETTE)
    silhouette = silhouette_score(features, labels, sample_size=rows, random_state=seed)
    return Choice(number, float(silhouette), _agreement(runs))


def fit_segments(features: Matrix, number: int, seed: int) -> tuple[Matrix, Labels]:
    """Centroids and labels, the largest segment first."""
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    # One thread: so few rows gain nothing by more, which then wait for each other while the shop is busy.
    with threadpool_limits(limits=1):
        found = KMeans(number, n_init=STARTS, random_state=seed % 2**32).fit(features)
    sizes = np.bincount(found.labels_, minlength=number)
    order = np.lexsort((np.arange(number), -sizes))
    renamed = np.empty(number, dtype=np.int64)
    renamed[order] = np.arange(number)
    return np.asarray(found.cluster_centers_[order], dtype=np.float64), renamed[found.labels_]


def _part(features: Matrix, share: float, seed: int) -> Matrix:
    if share >= 1:
        return features
    rows = np.random.default_rng(seed).choice(
        len(features), max(2, int(share * len(features))), replace=False
    )
    return features[np.sort(rows)]


def _agreement(runs: Sequence[Labels]) -> float:
    from sklearn.metrics import adjusted_rand_score

    return float(np.mean([adjusted_rand_score(first, second) for first, second in combinations(runs, 2)]))
