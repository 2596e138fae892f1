"""What would the assistant answer to this question? The same answer as in the chat, without Rasa."""

from __future__ import annotations

import json

import click

from bot.assembly import load_answerer
from bot.cli.failures import BadInput, settings_or_exit, told
from knowledge_base.answers import Answer
from knowledge_base.encoder import ModelMissing
from knowledge_base.search_index import IndexMissing

_MAX_QUESTION = 2000


@click.command(help="Answer QUESTION from the shop's own pages, word for word, or say that they do not tell.")
@click.argument("question")
@click.option("--product", "sku", default=None, metavar="SKU", help="The product that 'it' means.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(question: str, sku: str | None, as_json: bool) -> None:
    if not question.strip() or len(question) > _MAX_QUESTION:
        raise BadInput(f"a question has 1 to {_MAX_QUESTION} characters; came {len(question.strip())}")
    settings = settings_or_exit()
    with told(bad_input=(IndexMissing,), failed=(ModelMissing,)):
        answerer = load_answerer(settings)
    if sku is not None and not answerer.knows_product(sku):
        raise BadInput(f"--product takes the SKU of a product in the index; came {sku!r}")
    answer = answerer.answer(question, sku)
    click.echo(json.dumps(as_contract(answer), ensure_ascii=False) if as_json else _in_words(answer))


def as_contract(answer: Answer) -> dict[str, object]:
    """The JSON shape that others rely on."""
    source = answer.source
    return {
        "answer": answer.text,
        "confidence": round(answer.confidence, 4),
        "source": None
        if source is None
        else {
            "kind": source.kind,
            "id": source.id,
            "title": source.title,
            "start": source.start,
            "end": source.end,
        },
        "passage": answer.passage,
        "milliseconds": round(answer.milliseconds, 1),
    }


def _in_words(answer: Answer) -> str:
    if answer.source is None:
        return "The shop's pages do not say."
    place = f"{answer.source.title} ({answer.source.kind} {answer.source.id})"
    return f'{answer.text}\n\n  "{answer.sentence}"\n  {place}, confidence {answer.confidence:.2f}'
