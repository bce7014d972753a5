"""Small open data and a small random base model: everything of a build but its size."""

import csv
import gzip
import json
from pathlib import Path

from search.model_building import open_data
from search.model_building.concepts import Concept

OCCUPATIONS = [
    {
        "uri": "esco:o1",
        "label_fr": "chef de quai/cheffe de quai",
        "alt_fr": "responsable de quai",
        "label_en": "dock supervisor",
        "alt_en": "dock foreman|dock boss",
        "description_fr": "Organise le chargement des camions.",
        "description_en": "Organises the loading of lorries.",
    },
    {
        "uri": "esco:o2",
        "label_fr": "boulanger/boulangère",
        "alt_fr": "",
        "label_en": "baker",
        "alt_en": "bread maker",
        "description_fr": "Fait du pain.",
        "description_en": "",
    },
]
SKILLS = [
    {
        "uri": "esco:s1",
        "label_fr": "pétrir la pâte",
        "alt_fr": "",
        "label_en": "knead dough",
        "alt_en": "dough kneading",
        "description_fr": "",
        "description_en": "Work the dough.",
    },
]
TITLES = [
    {
        "code_ogr": "1",
        "libelle_appellation_long": "Boulanger / Boulangère de nuit",
        "libelle_appellation_court": "Boulanger / Boulangère de nuit",
        "code_rome": "D1102",
    },
    {
        "code_ogr": "2",
        "libelle_appellation_long": "Tourier / Tourière",
        "libelle_appellation_court": "Tourier / Tourière",
        "code_rome": "D1102",
    },
]


def write_open_data(folder: Path) -> Path:
    for name, rows in (
        (open_data.ESCO_OCCUPATIONS, OCCUPATIONS),
        (open_data.ESCO_SKILLS, SKILLS),
        (open_data.ROME_TITLES, TITLES),
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    return folder


def small_tokenizer() -> str:
    """A Unigram tokenizer of single letters and two words, in the shape of the base model's."""
    specials = ["<s>", "<pad>", "</s>", "<unk>"]
    pieces = [
        *specials,
        "▁",
        *"abcdefghijklmnopqrstuvwxyzéèêàçôîûù'/.()-",
        "▁pain",
        "▁quai",
        "▁Quai",
        "▁面",
        "▁zoo",
    ]
    vocab = [[piece, 0.0 if piece in specials else -float(at)] for at, piece in enumerate(pieces)]
    added = [
        {
            "id": at,
            "content": token,
            "special": True,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
        }
        for at, token in [*enumerate(specials), (len(pieces), "<mask>")]
    ]
    template = [
        {"SpecialToken": {"id": "<s>", "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}},
        {"SpecialToken": {"id": "</s>", "type_id": 0}},
    ]
    return json.dumps(
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": added,
            "normalizer": {"type": "NFKC"},
            "pre_tokenizer": {
                "type": "Metaspace",
                "replacement": "▁",
                "prepend_scheme": "always",
                "split": True,
            },
            "post_processor": {
                "type": "TemplateProcessing",
                "single": template,
                "pair": template,
                "special_tokens": {
                    "<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]},
                    "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]},
                },
            },
            "decoder": None,
            "model": {
                "type": "Unigram",
                "unk_id": 3,
                "vocab": vocab,
                "byte_fallback": False,
            },
        }
    )


def some_concepts() -> list[Concept]:
    return [
        Concept("a", "esco-occupation", ("boulanger", "boulangère", "baker"), ("fait du pain",)),
        Concept("b", "esco-skill", ("pétrir la pâte", "knead dough")),
        Concept("c", "rome-title", ("tourier", "tourière"), family="D1102"),
        Concept("d", "rome-title", ("boulanger de nuit", "boulangère de nuit"), family="D1102"),
        Concept("e", "our-skill", ("tenir le quai", "run the dock"), ("organiser le quai",)),
        Concept("f", "our-job", ("chef de quai",)),  # a text alone makes no pair
    ]
