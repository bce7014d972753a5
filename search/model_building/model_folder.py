"""A SentenceTransformer folder: made from raw weights and a tokenizer, and saved at half precision.

One rule: mean pooling and unit length are part of the folder, so that any user of it gets the same vectors.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from search.model_building.packaged_model import WORD_EMBEDDINGS, BertWeights

LONGEST = 256  # tokens of a text; the rest is cut
_SPECIAL_TOKENS = {
    "bos_token": "<s>",
    "cls_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
    "mask_token": "<mask>",
}


def write_base_model(weights: BertWeights, tokenizer_json: str, rows: list[int], folder: Path) -> None:
    """The encoder with the kept rows of its embedding table, as a SentenceTransformer."""
    import torch
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    config = BertConfig(
        vocab_size=len(rows),
        hidden_size=weights.hidden,
        num_hidden_layers=weights.layers,
        num_attention_heads=weights.heads,
        intermediate_size=weights.feed_forward,
        max_position_embeddings=weights.positions,
        type_vocab_size=weights.token_types,
        layer_norm_eps=weights.epsilon,
        pad_token_id=1,
    )
    encoder = BertModel(config, add_pooling_layer=False)
    tensors = {name: torch.from_numpy(tensor) for name, tensor in weights.tensors.items()}
    tensors[WORD_EMBEDDINGS] = torch.from_numpy(np.ascontiguousarray(weights.tensors[WORD_EMBEDDINGS][rows]))
    encoder.load_state_dict(tensors)
    make_tokenizer: Any = PreTrainedTokenizerFast
    tokenizer = make_tokenizer(
        tokenizer_object=Tokenizer.from_str(tokenizer_json),
        model_max_length=weights.positions,
        **_SPECIAL_TOKENS,
    )
    save_model(encoder, tokenizer, folder)


def save_model(encoder: Any, tokenizer: Any, folder: Path, *, half: bool = False) -> None:
    """Write the folder that `SentenceTransformer(folder)` loads; `half` stores float16."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer import modules

    with TemporaryDirectory() as scratch:
        (encoder.half() if half else encoder).save_pretrained(scratch)
        tokenizer.save_pretrained(scratch)
        module = modules.Transformer(
            scratch, max_seq_length=LONGEST, model_kwargs={"add_pooling_layer": False}
        )
        pooling = modules.Pooling(encoder.config.hidden_size, pooling_mode="mean")
        model = SentenceTransformer(modules=[module, pooling, modules.Normalize()], device="cpu")
        (model.half() if half else model).save(str(folder), create_model_card=False)
