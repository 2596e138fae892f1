"""Are promotions true, and would they be without plan and check? ``python -m benchmarks.promotions``.

The sample catalogue, and with a file of products (YAML or JSON Lines of the AWS retail demo store, MIT-0) as
many of it, four channels, invented offers of every kind. Beside ours the same weights with the plain
``generate`` call of transformers: the plan is given, nothing is narrowed, checked or tried again.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.timing import hardware
from bot.promotions.check import Message
from bot.promotions.filling import NothingToSay, fill, fills_of
from bot.promotions.layout import Footers, laid_out
from bot.promotions.planning import NoPlan, Order, planned
from bot.promotions.plans import CHANNELS, END, FORMS_OF, NEXT, Plan
from bot.promotions.promoter import Promoted, Promoter, Request, seed_of
from bot.promotions.promotion_evaluation import Judged, figures_of, judge_all, timed
from bot.promotions.second_reading import read_again
from bot.promotions.shared_writer import SharedWriter
from bot.promotions.trial_offers import trial_facts
from bot.promotions.writer import MOST_PIECES, Sampling, Writer
from bot.promotions.writer_vocabulary import joined
from knowledge_base.product_files import read_products
from knowledge_base.products import Product

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SHOP = "Larkfield Supply"
SAMPLE = Path("knowledge_base/sample/products")
FOOTERS = Footers("https://shop.example/unsubscribe")
OTHERS = 130
"""Products of the other catalogue that are drawn: as many as the sample shop has."""
FREE = 240
SEED = 7


def main(others: Path | None = None, out: Path | None = None) -> dict[str, Any]:
    """`out` gets all messages as JSON Lines, to be read."""
    writer = SharedWriter()
    catalogues = {"sample shop": sample_products()}
    if others is not None:
        catalogues["AWS retail demo store"] = random.Random(SEED).sample(other_products(others), OTHERS)
    promoter = Promoter(writer, FOOTERS)
    results: dict[str, Any] = {"hardware": hardware()}
    every: list[Judged] = []
    requests: list[Request] = []
    all_promoted: list[Promoted] = []
    for name, products in catalogues.items():
        own = requests_for(products)
        judged, promoted = judge_all(promoter, own, lambda done: _tell(done))
        results[name] = figures_of(judged, promoted, []).as_contract()
        every, requests, all_promoted = every + judged, requests + own, all_promoted + promoted
    three = [Request(one.facts, one.channel, 3, seed=one.seed) for one in requests]
    random.Random(SEED).shuffle(three)
    results["all"] = figures_of(every, all_promoted, list(timed(promoter.promote, three))).as_contract()
    results["untrue"] = [_shown(one) for one in every if one.untrue]
    reasons = Counter(
        re.split(r"[:;]|\d", finding)[0].strip()
        for found in all_promoted
        for one in found.refused
        for finding in one.findings
    )
    results["refused_for"] = dict(reasons.most_common(12))
    results["worst"] = [_shown(one) for one in sorted(every, key=lambda one: one.candidate.score)[:10]]
    results["free"] = free_generation(writer.loaded(), requests)
    if out is not None:
        out.write_text("".join(f"{json.dumps(_shown(one))}\n" for one in every), encoding="utf-8")
    print(json.dumps(results))
    return results


def sample_products() -> list[Product]:
    """The sample shop's catalogue."""
    return [product for path in sorted(SAMPLE.glob("*.jsonl")) for product in read_products(path)]


def other_products(path: Path) -> list[Product]:
    """Products of a YAML or JSON Lines file."""
    if path.suffix not in (".yaml", ".yml"):
        return list(read_products(path))
    import yaml

    rows = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return [
        Product(
            sku=str(row["id"]),
            name=row["name"],
            brand="",
            category=row["category"],
            price_cents=round(100 * float(row["price"])),
            currency="USD",
            stock=int(row["current_stock"]),
            attributes={},
            tags=(),
            description=row["description"],
        )
        for row in rows
    ]


def requests_for(products: Sequence[Product]) -> list[Request]:
    """One message a product and channel."""
    requests = []
    for product in products:
        for channel in CHANNELS:
            draw = random.Random(seed_of(SEED, product.sku, channel))
            facts = trial_facts(product, products, SHOP, NOW, draw)
            requests.append(Request(facts, channel, 1, seed=seed_of(SEED, product.sku, channel, "text")))
    return requests


def free_generation(writer: Writer, requests: Sequence[Request]) -> dict[str, Any]:
    """How many messages are false, or not usable at all, when the model writes alone."""
    chosen = random.Random(SEED).sample(list(requests), min(FREE, len(requests)))
    untrue, unfilled, messages = 0, 0, []
    for request in chosen:
        message = free_message(writer, request)
        if message is None:
            continue
        found = read_again(message.channel, message.subject, message.text, request.facts)
        untrue += bool(found)
        unfilled += "<" in message.copy
        messages.append({"text": message.copy, "subject": message.subject, "untrue": list(found)})
    return {
        "messages": len(messages),
        "false": round(untrue / max(1, len(messages)), 4),
        "without_a_fact": round(unfilled / max(1, len(messages)), 4),
        "examples": [one for one in messages if one["untrue"]][:5],
    }


def free_message(writer: Writer, request: Request) -> Message | None:
    """What the model writes for a request alone; places for which there is no fact stay as they are. None
    where there is no plan."""
    draw = random.Random(request.seed)
    fills = dict(fills_of(request.facts))
    if request.facts.statements:
        fills["statement"] = draw.choice(request.facts.statements)
    try:
        plans = [
            planned(Order(form, "warm"), request.facts, fills, writer.sets, draw)
            for form in FORMS_OF[request.channel]
        ]
    except NoPlan:
        return None
    texts = tuple(generated(writer, plan, request.seed) for plan in plans)
    with suppress(NothingToSay):
        texts = tuple(fill(text, fills) for text in texts)
    return laid_out(request.channel, request.facts, texts, "warm", FOOTERS)


def generated(writer: Writer, plan: Plan, seed: int) -> str:
    """What ``generate`` of transformers writes after a plan."""
    import torch
    from transformers import set_seed

    tokenizer, sampling = writer.tokenizer, Sampling()
    set_seed(seed % 2**31)
    ids = torch.tensor([tokenizer.convert_tokens_to_ids(plan.words())])
    with torch.inference_mode():
        out = writer.model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            do_sample=True,
            temperature=sampling.temperature,
            top_p=sampling.share,
            top_k=0,
            max_new_tokens=MOST_PIECES[plan.form],
            eos_token_id=tokenizer.convert_tokens_to_ids(END),
            pad_token_id=tokenizer.pad_token_id,
        )
    pieces = out[0, ids.shape[1] :].tolist()
    return joined(tokenizer, pieces).replace(END, "").replace(NEXT, "\n").strip()


def _shown(one: Judged) -> dict[str, Any]:
    message = one.candidate.message
    return {
        "sku": one.facts.product.sku,
        "channel": message.channel,
        "source": one.candidate.source,
        "subject": message.subject,
        "text": message.copy,
        "score": round(one.candidate.score, 3),
        "untrue": list(one.untrue),
    }


def _tell(done: int) -> None:
    print(f"{done} more messages", file=sys.stderr)


if __name__ == "__main__":
    paths = [Path(argument) for argument in sys.argv[1:3]]
    main(paths[0] if paths else None, paths[1] if len(paths) > 1 else None)
