"""What do the segments look like? A map of all shoppers, and bars of what sets each segment apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

import numpy as np

from bot.shoppers.segment_features import Matrix
from bot.shoppers.segment_training import Labels
from bot.shoppers.segments import Segment

COLOURS = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#D55E00",
    "#8C6D1F",
    "#5B4FA2",
    "#7A7A7A",
    "#1B1B1B",
)
"""Okabe and Ito's colours for all kinds of colour vision, and more in their spirit; shapes differ too."""
SHAPES = "os^DvP*X<>"
MOST_POINTS = 2000
BARS = 5
MORE, LESS = "#0072B2", "#D55E00"


def draw_segments(
    path: Path, segments: Sequence[Segment], features: Matrix, labels: Labels, seed: int
) -> None:
    """Writes a PNG. `features` and `labels` have a row for each shopper; of many, MOST_POINTS are drawn.

    The map is t-SNE (van der Maaten and Hinton 2008): what is near on it is near in the features, how far
    groups are from each other says little. Raises OSError.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    rows = -(-len(segments) // 2)
    bars_high = 1.9 * rows + 0.6
    figure = pyplot.figure(figsize=(15, 6.5 + bars_high), layout="constrained")
    upper, lower = figure.subfigures(2, 1, height_ratios=(6.5, bars_high))
    _draw_map(upper.subplots(), segments, features, labels, seed)
    grid = lower.subplots(rows, 2, squeeze=False, sharex=True)
    farthest = max(abs(trait.distance) for segment in segments for trait in segment.traits)
    for place, axes in enumerate(grid.flat):
        if place < len(segments):
            _draw_bars(axes, segments[place], float((labels == place).mean()), 1.05 * max(1.0, farthest))
        else:
            axes.set_axis_off()
    lower.supxlabel("less than others  |  more than others, in standard deviations", fontsize=11)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def _draw_map(axes: Any, segments: Sequence[Segment], features: Matrix, labels: Labels, seed: int) -> None:
    random = np.random.default_rng(seed)
    rows = np.arange(len(features))
    if len(rows) > MOST_POINTS:
        rows = np.sort(random.choice(rows, MOST_POINTS, replace=False))
    points = _two_dimensions(features[rows], seed)
    for segment in segments:
        of_it = labels[rows] == segment.number
        colour, shape = COLOURS[segment.number % 10], SHAPES[segment.number % 10]
        name = fill(f"{segment.number + 1}  {segment.name} ({(labels == segment.number).mean():.0%})", 46)
        axes.scatter(*points[of_it].T, s=22, c=colour, marker=shape, alpha=0.75, linewidths=0, label=name)
        if of_it.any():
            axes.annotate(
                str(segment.number + 1),
                np.median(points[of_it], axis=0),
                ha="center",
                va="center",
                fontsize=13,
                fontweight="bold",
                bbox={"boxstyle": "circle", "facecolor": "white", "edgecolor": colour, "linewidth": 2},
            )
    axes.set_title(f"{len(features)} shoppers: near each other is who behaves alike", loc="left", fontsize=14)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, fontsize=11, markerscale=1.6)


def _two_dimensions(features: Matrix, seed: int) -> Matrix:
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    if len(features) < 20 or features.shape[1] < 3:
        padded = np.hstack([features, np.zeros((len(features), 2))])
        return np.asarray(PCA(2, svd_solver="full").fit_transform(padded))
    perplexity = min(30.0, (len(features) - 1) / 4)
    with threadpool_limits(limits=1):
        found = TSNE(2, perplexity=perplexity, init="pca", random_state=seed % 2**32).fit_transform(features)
    return np.asarray(found, dtype=np.float64)


def _draw_bars(axes: Any, segment: Segment, share: float, farthest: float) -> None:
    # That lovers of one category care less for every other goes without saying.
    told = [trait for trait in segment.traits if trait.distance > 0 or not trait.is_category]
    traits = told[:BARS][::-1]
    distances = [trait.distance for trait in traits]
    colours = [MORE if distance > 0 else LESS for distance in distances]
    axes.barh(range(len(traits)), distances, color=colours, height=0.7)
    axes.set_yticks(range(len(traits)), [trait.name for trait in traits], fontsize=10)
    axes.axvline(0, color="#333333", linewidth=0.8)
    axes.set_xlim(-farthest, farthest)
    axes.tick_params(axis="x", labelsize=9, labelbottom=True)
    title = fill(f"{segment.number + 1}  {segment.name} ({share:.0%})", 68)
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold")
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
