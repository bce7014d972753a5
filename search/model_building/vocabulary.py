"""Cutting a multilingual vocabulary down to the pieces that French and English texts use, all in lower case.

One rule: single Latin letters are always kept, so that no word is unknown. Capitals say nothing of a title or a skill
(« Cariste », « cariste »), and reading them apart costs two points of the linking figures.
"""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

_SPECIAL = 4  # <s>, <pad>, </s>, <unk>: the first four pieces
_PUNCTUATION = "▁’‘“”«»–—…€·"
_LATIN = 0x250  # below: Latin letters, with accents


def cut_vocabulary(tokenizer_json: str, texts: Iterable[str], most_pieces: int) -> tuple[str, list[int]]:
    """The cut tokenizer, in JSON, and which rows of the embedding table it keeps, in order.

    The pieces of the texts are kept, the most frequent first, then the commonest ones in small Latin letters (a tokenizer's
    own order), up to `most_pieces` in all: what people type has other words than what a model learns from. `<mask>` stays
    last; it borrows the row of `<unk>`, since nothing is ever masked.
    """
    from tokenizers import Tokenizer

    spec: dict[str, Any] = json.loads(tokenizer_json)
    spec["normalizer"] = {"type": "Sequence", "normalizers": [{"type": "Lowercase"}, spec["normalizer"]]}
    seen: Counter[int] = Counter()
    for encoding in Tokenizer.from_str(json.dumps(spec)).encode_batch_fast(list(texts)):
        seen.update(encoding.ids)
    pieces: list[list[Any]] = spec["model"]["vocab"]
    always = set(range(_SPECIAL)) | {number for number, (piece, _) in enumerate(pieces) if _is_letter(piece)}
    frequent = [number for number, _ in seen.most_common() if number < len(pieces)]
    common = [number for number, (piece, _) in enumerate(pieces) if _is_latin(piece)]
    wanted = dict.fromkeys([*always, *frequent, *common])
    kept = sorted(list(wanted)[: most_pieces - 1])
    spec["model"]["vocab"] = [pieces[number] for number in kept] + [["<mask>", 0.0]]
    for token in spec["added_tokens"]:
        token["id"] = len(kept) if token["content"] == "<mask>" else kept.index(token["id"])
    return json.dumps(spec, ensure_ascii=False), [*kept, _SPECIAL - 1]


def _is_letter(piece: str) -> bool:
    return len(piece) <= 2 and _is_latin(piece)


def _is_latin(piece: str) -> bool:
    return piece == piece.lower() and all(ord(sign) < _LATIN or sign in _PUNCTUATION for sign in piece)
