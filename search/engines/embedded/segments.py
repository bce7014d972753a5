"""The segments of one kind on disk: documents as JSON lines, vectors as memory-mapped arrays.

A segment is written once and never changed. A newer segment supersedes the same codes in older ones; `manifest.json`, replaced
in one step, says which segments count. A crash before that leaves the previous state whole.
"""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search.documents.base import SearchDocument
from search.engines.base import VectorisedDocument, Vectors

# More small segments than this are merged into one.
MERGE_ABOVE = 8


@dataclass(frozen=True)
class Segment:
    """`vector_rows[i]` is the row (in this segment) and `vector_names[i]` the name of vector i."""

    number: int
    folder: Path

    def documents(self) -> Iterator[SearchDocument]:
        with (self.folder / "documents.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                yield SearchDocument.from_json(line)

    def removed(self) -> list[str]:
        return json.loads((self.folder / "removed.json").read_text(encoding="utf-8"))

    def vectors(self) -> tuple[Vectors, list[int], list[str]]:
        table = json.loads((self.folder / "vectors.json").read_text(encoding="utf-8"))
        array = (
            np.load(self.folder / "vectors.npy", mmap_mode="r")
            if table["rows"]
            else np.zeros((0, 0), np.float32)
        )
        return array, table["rows"], table["names"]

    def vectorised(self) -> Iterator[VectorisedDocument]:
        """Documents with their vectors again, for merging."""
        array, rows, names = self.vectors()
        at = 0
        for row, document in enumerate(self.documents()):
            end = at
            while end < len(rows) and rows[end] == row:
                end += 1
            yield VectorisedDocument(
                document, tuple(names[at:end]), np.asarray(array[at:end]) if end > at else None
            )
            at = end


class SegmentStore:
    """The segments of one kind in one generation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = folder / "manifest.json"

    def segments(self) -> list[Segment]:
        if not self.manifest.exists():
            return []
        numbers = json.loads(self.manifest.read_text(encoding="utf-8"))["segments"]
        return [self._segment(number) for number in numbers]

    def signature(self) -> tuple[int, int]:
        """Changes whenever the manifest is replaced."""
        status = self.manifest.stat()
        return status.st_mtime_ns, status.st_ino

    def write(self, documents: Sequence[VectorisedDocument], removed: Sequence[str]) -> Segment:
        """Write a segment beside the others; it counts only once `publish` names it."""
        segment = self._segment(self._next_number())
        shutil.rmtree(segment.folder, ignore_errors=True)
        segment.folder.mkdir(parents=True)
        with (segment.folder / "documents.jsonl").open("w", encoding="utf-8") as lines:
            lines.writelines(f"{item.document.as_json()}\n" for item in documents)
        (segment.folder / "removed.json").write_text(json.dumps(sorted(removed)), encoding="utf-8")
        _write_vectors(segment.folder, documents)
        return segment

    def publish(self, segments: Sequence[Segment]) -> None:
        """Make exactly these segments count, in one atomic step, then delete the others."""
        replace_json(self.manifest, {"segments": [segment.number for segment in segments]})
        kept = {segment.folder for segment in segments}
        for folder in self.folder.glob("segment-*"):
            if folder not in kept:
                shutil.rmtree(folder, ignore_errors=True)

    def _segment(self, number: int) -> Segment:
        return Segment(number, self.folder / f"segment-{number:06d}")

    def _next_number(self) -> int:
        return max((segment.number for segment in self.segments()), default=0) + 1


def _write_vectors(folder: Path, documents: Sequence[VectorisedDocument]) -> None:
    rows = [row for row, item in enumerate(documents) for _ in item.names]
    names = [name for item in documents for name in item.names]
    arrays = [item.vectors for item in documents if item.vectors is not None and len(item.vectors)]
    if arrays:
        np.save(folder / "vectors.npy", np.concatenate(arrays).astype(np.float32))
    (folder / "vectors.json").write_text(json.dumps({"rows": rows, "names": names}), encoding="utf-8")


def replace_json(path: Path, content: object) -> None:
    """Write a JSON file in one atomic step, flushed to disk first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
