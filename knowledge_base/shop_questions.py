"""Which questions about its own pages has a shop written down, to train the reader with and to measure the
answers?

``questions/*.jsonl`` beside the pages:
``{"sku" or "document", "question", "answer": str | null, "sentence": str | null}``, the answer a part of the
sentence and the sentence a part of the page.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from knowledge_base.documents import Passage, cut_into_passages
from knowledge_base.product_mentions import NamedProduct, ProductMentions
from knowledge_base.products import Product
from knowledge_base.reader.examples import Example, Span
from knowledge_base.shop_documents import product_documents
from knowledge_base.shop_pages import faq_document, read_faq, read_policies


class BrokenQuestions(ValueError):
    """A line of a questions file does not fit the shop's pages; the message names file, line and what was
    expected."""


@dataclass(frozen=True)
class ShopQuestion:
    """``page`` is a SKU, ``faq-001`` or the name of a policy file; ``answer`` None means that the page does
    not say."""

    question: str
    page: str
    answer: str | None
    sentence: str | None

    @property
    def is_held_out(self) -> bool:
        """A fifth of the pages is never trained on; by the page's name, so it stays the same."""
        return crc32(self.page.encode()) % 5 == 0


def read_shop_questions(knowledge_dir: Path) -> list[ShopQuestion]:
    """Raises BrokenQuestions for a line that lacks a field or whose answer is not in its sentence."""
    questions = []
    for path in sorted((knowledge_dir / "questions").glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                page = row["sku"] if "sku" in row else row["document"].rpartition("/")[2].removesuffix(".md")
                question = ShopQuestion(row["question"], page, row["answer"], row["sentence"])
            except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
                raise BrokenQuestions(
                    f"{path}, line {number}: expected sku or document, question, answer, sentence ({error!r})"
                ) from error
            if question.answer is not None and question.answer not in (question.sentence or ""):
                raise BrokenQuestions(
                    f"{path}, line {number}: the answer {question.answer!r} is not in the sentence"
                )
            questions.append(question)
    return questions


def pages_of(products: Iterable[Product], knowledge_dir: Path) -> dict[str, list[Passage]]:
    """The passages of each page that a question can be about, by the page's name."""
    pages: dict[str, list[Passage]] = {}
    for product in products:
        for document in product_documents(product):
            pages.setdefault(product.sku, []).extend(cut_into_passages(document))
    for section in read_policies(knowledge_dir):
        pages.setdefault(section.id.partition("#")[0], []).extend(cut_into_passages(section))
    for entry in read_faq(knowledge_dir):
        pages.setdefault(entry.id, []).extend(cut_into_passages(faq_document(entry)))
    return pages


def make_examples(
    questions: Sequence[ShopQuestion], products: Sequence[Product], knowledge_dir: Path, rng: random.Random
) -> list[Example]:
    """Reading exercises: each question over the passage that answers it, over one of the same page that does
    not, and, if it names its product, over the like passage of another product; further, questions for single
    facts."""
    pages = pages_of(products, knowledge_dir)
    mentions = ProductMentions(
        (NamedProduct(p.sku, p.name) for p in products), (p.description for p in products)
    )
    skus = [product.sku for product in products]
    examples = []
    for question in questions:
        passages = pages.get(question.page, [])
        right = [p for p in passages if question.sentence is not None and question.sentence in p.text]
        others = [
            p
            for p in passages
            if p not in right and (question.answer is None or question.answer not in p.text)
        ]
        if right:
            examples.append(_answered(question, right[0]))
        if others and (question.answer is None or rng.random() < 0.3):
            examples.append(_unanswered(question.question, rng.choice(others)))
        mention = mentions.find(question.question)
        if mention is not None and mention.skus == (question.page,):
            stranger = rng.choice(pages[rng.choice([sku for sku in skus if sku != question.page])])
            examples.append(_unanswered(question.question, stranger))
    asked = {question.page for question in questions}
    for product in products:
        if product.sku in asked:
            examples += _fact_questions(product, pages[product.sku][-1], rng)
    return examples


def _answered(question: ShopQuestion, passage: Passage) -> Example:
    begin = passage.text.index(question.sentence or "")
    start = begin + (question.sentence or "").index(question.answer or "")
    return Example(
        question.question,
        passage.title,
        passage.text,
        (Span(start, start + len(question.answer or "")),),
        "shop",
    )


def _unanswered(question: str, passage: Passage) -> Example:
    return Example(question, passage.title, passage.text, (), "shop")


_FACT_FORMS = (
    "what is the {fact} of the {name}?",
    "{fact}?",
    "can you tell me the {fact}",
    "{name} {fact}",
    "which {fact} does it have?",
)
_PRICE_FORMS = (
    "how much is the {name}?",
    "how much does it cost",
    "what's the price?",
    "price of the {name}",
)


def _fact_questions(product: Product, facts: Passage, rng: random.Random) -> list[Example]:
    chosen = rng.sample(sorted(product.attributes), min(2, len(product.attributes)))
    asked = [(rng.choice(_FACT_FORMS), name) for name in chosen] + [(rng.choice(_PRICE_FORMS), "Price")]
    examples = []
    for form, name in asked:
        line = f"{name}: "
        begin = facts.text.find(line)
        if begin >= 0:
            start = begin + len(line)
            end = facts.text.find("\n", start)
            span = Span(start, end if end >= 0 else len(facts.text))
            question = form.format(fact=name.lower(), name=product.name)
            examples.append(Example(question, facts.title, facts.text, (span,), "shop"))
    return examples
