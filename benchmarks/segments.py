"""Do segments that never saw a campaign separate who answered it? The shop's own k-means on public customers.

Run ``python -m benchmarks.segments marketing_campaign.csv`` with the Customer Personality file (Kaggle,
imakash3011/customer-personality-analysis, CC0). Segments are made from recency, frequency, spend and
channels; neither the answers to campaigns nor age, family, education or income are used. Each segment's rate
of answers is then learnt on one half of the customers and tested on the other. A logistic regression on the
same features, which does see the answers of the first half, says how much there is to find.
"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from statistics import mean, stdev

import numpy as np

from benchmarks.timing import hardware
from bot.shoppers.segment_training import Labels, Matrix, fit_segments, seed_agreement, train_segments

SPEND = ("MntWines", "MntFruits", "MntMeatProducts", "MntFishProducts", "MntSweetProducts", "MntGoldProds")
CHANNELS = ("NumWebPurchases", "NumCatalogPurchases", "NumStorePurchases")
SEED = 7
SEEDS = 10
SPLITS = 20


def read(path: Path) -> tuple[tuple[str, ...], Matrix, Labels]:
    """Names and raw features of shape (customers, features), and who answered the last campaign (0 or 1)."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    joined = [_date(row["Dt_Customer"]) for row in rows]
    latest = max(joined)
    features = []
    for row, day in zip(rows, joined, strict=True):
        spends = [float(row[name]) for name in SPEND]
        bought = [float(row[name]) for name in CHANNELS]
        total, purchases = sum(spends), max(1.0, sum(bought))
        features.append(
            [
                float(row["Recency"]),
                float((latest - day).days),
                np.log1p(sum(bought)),
                np.log1p(total),
                *(np.sqrt(spend / max(1.0, total)) for spend in spends),
                *(count / purchases for count in bought),
                np.log1p(float(row["NumDealsPurchases"])),
                float(row["NumWebVisitsMonth"]),
            ]
        )
    names = (
        "days since the last purchase",
        "days as a customer",
        "purchases",
        "spend",
        *SPEND,
        *CHANNELS,
        "deals",
        "visits a month",
    )
    return names, np.array(features), np.array([int(row["Response"]) for row in rows])


def _date(text: str) -> date:
    """The file mixes 4/9/2012 and 21-08-2013, day first."""
    return datetime.strptime(text.replace("/", "-"), "%d-%m-%Y").date()


def separation(labels: Labels, answered: Labels) -> dict[str, object]:
    """How far the segments' rates of answers are apart."""
    from scipy.stats import chi2_contingency

    numbers = range(int(labels.max()) + 1)
    table = np.array(
        [[((labels == n) & (answered == value)).sum() for value in (0, 1)] for n in numbers], dtype=float
    )
    chi2, p, _, _ = chi2_contingency(table)
    return {
        "segments": [
            {"size": int(table[n].sum()), "response_rate": table[n, 1] / table[n].sum()} for n in numbers
        ],
        "chi2_p": float(p),
        "cramers_v": float(np.sqrt(chi2 / (table.sum() * (min(table.shape) - 1)))),
    }


def held_out_auc(labels: Labels, answered: Labels, seed: int) -> float:
    """The area under the ROC curve on one half of the rows, of the rates that segments have on the other."""
    from sklearn.metrics import roc_auc_score

    train, test = halves(len(labels), seed)
    overall = answered[train].mean()
    rates = {
        n: (answered[train][labels[train] == n].sum() + overall) / ((labels[train] == n).sum() + 1)
        for n in np.unique(labels)
    }
    return float(roc_auc_score(answered[test], [rates[n] for n in labels[test]]))


def supervised_auc(features: Matrix, answered: Labels, seed: int) -> float:
    """The same for a logistic regression that learns from the answers of the first half."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    train, test = halves(len(answered), seed)
    model = LogisticRegression(max_iter=2000).fit(features[train], answered[train])
    return float(roc_auc_score(answered[test], model.predict_proba(features[test])[:, 1]))


def halves(count: int, seed: int) -> tuple[Labels, Labels]:
    """The rows to learn from and those to test on."""
    order = np.random.default_rng(seed).permutation(count)
    return order[: count // 2], order[count // 2 :]


def measure(path: Path) -> dict[str, object]:
    """The number chosen by itself, and for comparison every other."""
    names, raw, answered = read(path)
    features = np.clip((raw - raw.mean(axis=0)) / raw.std(axis=0), -3, 3)
    found = train_segments(features, SEED)
    by_number = {}
    for choice in found.choices:
        _, labels = fit_segments(features, choice.number, SEED)
        aucs = [held_out_auc(labels, answered, split) for split in range(SPLITS)]
        by_number[choice.number] = {
            **asdict(choice),
            "score": choice.score,
            **separation(labels, answered),
            "held_out_auc": mean(aucs),
            "held_out_auc_sd": stdev(aucs),
        }
    return {
        "hardware": hardware(),
        "customers": len(answered),
        "response_rate": float(answered.mean()),
        "features": names,
        "number_chosen": found.chosen.number,
        "adjusted_rand_index_over_seeds": seed_agreement(features, found.chosen.number, SEED, SEEDS),
        "seeds": SEEDS,
        "logistic_regression_auc": mean(supervised_auc(features, answered, split) for split in range(SPLITS)),
        "chosen": by_number[found.chosen.number],
        "others": {number: each for number, each in by_number.items() if number != found.chosen.number},
    }


def main(path: Path) -> dict[str, object]:
    """The figures as one JSON object on stdout."""
    result = measure(path)
    print(json.dumps(result))
    return result


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        sys.exit("python -m benchmarks.segments FILE: FILE should be the Customer Personality CSV file")
    main(Path(sys.argv[1]))
