"""How long does one product question take, beside the BERT-large that the same pipeline would otherwise need?

Run ``python -m benchmarks.ask``; needs the sample shop's index (``make run`` or ``storekeep demo`` once).
"""

from __future__ import annotations

import json
import random
from dataclasses import asdict
from time import perf_counter

from benchmarks.timing import Durations, hardware
from bot.assembly import load_answerer
from bot.settings import load_settings
from knowledge_base.shop_questions import read_shop_questions

QUESTIONS = 200
LARGE_RUNS = 12
LARGE_TOKENS = 384


def time_answers() -> Durations:
    """Questions of the sample shop, on their product's page where they are about a product."""
    settings = load_settings()
    answerer = load_answerer(settings)
    questions = random.Random(3).sample(read_shop_questions(settings.knowledge_dir), QUESTIONS)
    seconds = []
    for number, question in enumerate(questions):
        sku = question.page if answerer.knows_product(question.page) else None
        started = perf_counter()
        answerer.answer(question.question, sku)
        if number >= 10:
            seconds.append(perf_counter() - started)
    return Durations.of(seconds)


def time_bert_large() -> Durations:
    """One passage of 384 tokens through a model of BERT-large's shape; random weights cost the same as
    trained ones.
    """
    import torch
    from transformers import BertConfig, BertForQuestionAnswering

    shape = BertConfig(hidden_size=1024, num_hidden_layers=24, num_attention_heads=16, intermediate_size=4096)
    model = BertForQuestionAnswering(shape).eval()
    tokens = torch.randint(1000, 30000, (1, LARGE_TOKENS))
    seconds = []
    with torch.inference_mode():
        for run in range(LARGE_RUNS + 2):
            started = perf_counter()
            model(input_ids=tokens)
            if run >= 2:
                seconds.append(perf_counter() - started)
    return Durations.of(seconds)


def main() -> dict[str, object]:
    """Both figures, as one JSON object on stdout."""
    ours, large = time_answers(), time_bert_large()
    result: dict[str, object] = {
        "hardware": hardware(),
        "ask": asdict(ours),
        "bert_large_one_passage": asdict(large),
    }
    print(json.dumps(result))
    return result


if __name__ == "__main__":
    main()
