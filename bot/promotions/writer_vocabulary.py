"""Into which pieces does the writer cut its texts? Byte pairs of the copybook, and every place as one piece.

Places and the words of a plan are pieces of their own, so that a fact cannot be misspelt: the writer says
where it stands, never what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bot.promotions.copybook import PLACES
from bot.promotions.plans import CONTROLS

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

PIECES = 4000
PAD = "[pad]"
SPECIAL = (PAD, *CONTROLS, *(f"<{place}>" for place in PLACES))
_BLANK_BEFORE_STOP = re.compile(r"> ([,.;:!?)]|'s\b)")
_NO_BLANK_BEFORE = re.compile(r"(?:^|[\s(\"'-])$")


def learn_vocabulary(texts: Iterable[str]) -> PreTrainedTokenizerFast:
    """A byte-level BPE tokenizer (Sennrich et al. 2016) of these texts, with the special pieces."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=PIECES,
        min_frequency=2,
        show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(texts, trainer)
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer)
    add_special_pieces(wrapped)
    return wrapped


def add_special_pieces(tokenizer: PreTrainedTokenizerFast) -> int:
    """Add what is missing of places, plan words and padding; says how many. Blanks before them are theirs."""
    from transformers import AddedToken

    pieces = [AddedToken(piece, lstrip=True, special=True) for piece in SPECIAL]
    added = int(tokenizer.add_special_tokens({"additional_special_tokens": pieces}))
    tokenizer.pad_token, tokenizer.eos_token = PAD, "[end]"
    return added


def joined(tokenizer: PreTrainedTokenizerFast, pieces: Sequence[int]) -> str:
    """The text of these pieces, places with the blank before them that the pieces do not carry."""
    text = ""
    run: list[int] = []
    special = frozenset(tokenizer.all_special_ids)
    for piece in [*pieces, None]:
        if piece is not None and piece not in special:
            run.append(piece)
            continue
        if run:
            text += tokenizer.decode(run, clean_up_tokenization_spaces=False)
            run = []
        if piece is not None:
            blank = "" if _NO_BLANK_BEFORE.search(text) else " "
            text += blank + str(tokenizer.convert_ids_to_tokens(piece))
    # A piece that begins a run carries a blank, also where a comma follows a place.
    return _BLANK_BEFORE_STOP.sub(r">\1", text).strip()
