"""The columns of a segment in two files: `columns.npz` has the numbers (with their checksums), `columns.json` the names."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.embedded.columns import Columns, DateColumn, KeywordColumn
from search.engines.embedded.offers import OFFER_KEYWORDS, OFFER_NUMBERS

Arrays = Mapping[str, npt.NDArray[Any]]


def write(folder: Path, columns: Columns, vector_names: KeywordColumn) -> None:
    keyword_columns = {
        **{f"keywords/{name}": column for name, column in columns.keywords.items()},
        **{f"offers/{name}": column for name, column in columns.offer_keywords.items()},
        "vectors": vector_names,
    }
    arrays: dict[str, npt.NDArray[Any]] = {
        "neutral": columns.neutral,
        "word_ids": columns.word_ids,
        "offer_rows": columns.offer_rows,
        **{f"numbers/{name}": numbers for name, numbers in columns.offer_numbers.items()},
    }
    for name, column in keyword_columns.items():
        arrays |= {f"{name}/rows": column.rows, f"{name}/values": column.values}
    for name, dates in columns.dates.items():
        arrays |= {f"dates/{name}/rows": dates.rows, f"dates/{name}/days": dates.days}
    np.savez(folder / "columns.npz", allow_pickle=False, **arrays)
    table = {
        "keywords": list(columns.keywords),
        "dates": list(columns.dates),
        "vocabularies": {name: column.vocabulary for name, column in keyword_columns.items()},
    }
    (folder / "columns.json").write_text(json.dumps(table, ensure_ascii=False), encoding="utf-8")


def read(folder: Path, codes: Sequence[str]) -> tuple[Columns, KeywordColumn]:
    """The columns of the documents that have these codes, and the names of their vectors."""
    table = json.loads((folder / "columns.json").read_text(encoding="utf-8"))
    with (folder / "columns.npz").open("rb") as file, np.load(file) as stored:
        arrays = {name: stored[name] for name in stored.files}
    if not len(codes) == len(arrays["neutral"]) == len(arrays["word_ids"]):
        raise ValueError(f"{folder.name}: the columns are not of these {len(codes)} documents")
    vocabularies = table["vocabularies"]

    def keywords(name: str) -> KeywordColumn:
        return KeywordColumn(vocabularies[name], arrays[f"{name}/rows"], arrays[f"{name}/values"])

    columns = Columns(
        codes=list(codes),
        keywords={name: keywords(f"keywords/{name}") for name in table["keywords"]},
        dates={
            name: DateColumn(arrays[f"dates/{name}/rows"], arrays[f"dates/{name}/days"])
            for name in table["dates"]
        },
        offer_rows=arrays["offer_rows"],
        offer_keywords={name: keywords(f"offers/{name}") for name in OFFER_KEYWORDS},
        offer_numbers={name: arrays[f"numbers/{name}"] for name in OFFER_NUMBERS},
        neutral=arrays["neutral"],
        word_ids=arrays["word_ids"],
    )
    return columns, keywords("vectors")
