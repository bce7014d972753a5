"""The segments of one kind on disk: codes and digests as JSON lines, columns as arrays, vectors memory-mapped.

A segment is written once and never changed. A newer segment supersedes the same codes in older ones; `manifest.json`, replaced
in one step, says which segments count. A crash before that leaves the previous state whole. Texts are not here: the words keep
what a result shows.
"""

import itertools
import json
import os
import shutil
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search.engines.base import VectorisedDocument
from search.engines.embedded import column_files
from search.engines.embedded.columns import Columns, KeywordColumn, Mask
from search.engines.embedded.vector_blocks import VectorBlock, joined_vectors, write_vectors
from search.errors import SearchUnavailable

# Of the files of a kind. An index of another format is rebuilt, never converted.
FORMAT = 2
WORD_IDS_A_SEGMENT = 1 << 32


@dataclass(frozen=True)
class SegmentContent:
    """`removed` are codes of older segments that are gone; `digests` are in the order of the rows."""

    columns: Columns
    digests: list[str]
    removed: list[str]
    vectors: VectorBlock


@dataclass(frozen=True)
class Segment:
    """`size` is how many documents it has, superseded ones among them."""

    number: int
    folder: Path
    size: int

    @property
    def first_word_id(self) -> int:
        """What the words know its first document by, when it is the segment that they were written with."""
        return self.number * WORD_IDS_A_SEGMENT

    def digests(self) -> list[tuple[str, str]]:
        """The code and the digest of each document."""
        lines = (self.folder / "documents.jsonl").read_text(encoding="utf-8").splitlines()
        pairs = [(code, digest) for code, digest in json.loads(f"[{','.join(lines)}]")]
        if len(pairs) != self.size:
            raise ValueError(f"{self.folder.name}: {len(pairs)} documents, not {self.size}")
        return pairs

    def removed(self) -> list[str]:
        codes: list[str] = json.loads((self.folder / "removed.json").read_text(encoding="utf-8"))
        return codes

    def read(self) -> SegmentContent:
        pairs = self.digests()
        columns, vector_names = column_files.read(self.folder, [code for code, _ in pairs])
        return SegmentContent(
            columns,
            [digest for _, digest in pairs],
            self.removed(),
            VectorBlock.open(self.folder / "vectors.npy", vector_names),
        )

    def write(self, content: SegmentContent) -> None:
        """Into a folder that has nothing yet but its vectors."""
        pairs = zip(content.columns.codes, content.digests, strict=True)
        with (self.folder / "documents.jsonl").open("w", encoding="utf-8") as lines:
            lines.writelines(f"{json.dumps(pair, ensure_ascii=False)}\n" for pair in pairs)
        (self.folder / "removed.json").write_text(json.dumps(sorted(content.removed)), encoding="utf-8")
        column_files.write(self.folder, content.columns, content.vectors.names)


class SegmentStore:
    """The segments of one kind in one generation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = folder / "manifest.json"

    def segments(self) -> list[Segment]:
        if not self.manifest.exists():
            return []
        manifest = json.loads(self.manifest.read_text(encoding="utf-8"))
        if "format" not in manifest or manifest["format"] != FORMAT:
            raise SearchUnavailable(
                f"L'index {self.folder} est d'un autre format : lancez « manage.py search_index rebuild »."
            )
        return [self._segment(entry["number"], entry["size"]) for entry in manifest["segments"]]

    def signature(self) -> tuple[int, int]:
        """Changes whenever the manifest is replaced."""
        status = self.manifest.stat()
        return status.st_mtime_ns, status.st_ino

    def write(self, documents: Sequence[VectorisedDocument], removed: Sequence[str]) -> Segment:
        """Write a segment beside the others; it counts only once `publish` names it."""
        segment = self._new_segment(len(documents))
        names = KeywordColumn.of(item.names for item in documents)
        arrays = [item.vectors for item in documents if item.vectors is not None and len(item.vectors)]
        plain = [item.document for item in documents]
        content = SegmentContent(
            Columns.of(plain, segment.first_word_id),
            [document.digest for document in plain],
            list(removed),
            write_vectors(segment.folder / "vectors.npy", names, arrays),
        )
        segment.write(content)
        return segment

    def write_joined(self, segments: Sequence[Segment], are_oldest: bool) -> Segment:
        """One segment that says what these, which follow one another, say together; what the oldest remove is in none."""
        parts = [segment.read() for segment in segments]
        latest = latest_rows((part.columns.codes, part.removed) for part in parts)
        kept = rows_mask(latest.values(), sum(part.columns.size for part in parts))
        gone = {code for part in parts for code in part.removed} - latest.keys()
        digests = itertools.chain.from_iterable(part.digests for part in parts)
        joined = self._new_segment(len(latest))
        names, arrays = joined_vectors([(part.columns.size, part.vectors) for part in parts], kept)
        content = SegmentContent(
            Columns.joined([part.columns for part in parts]).keeping(kept),
            list(itertools.compress(digests, kept)),
            [] if are_oldest else list(gone),
            write_vectors(joined.folder / "vectors.npy", names, arrays),
        )
        joined.write(content)
        return joined

    def publish(self, segments: Sequence[Segment]) -> None:
        """Make exactly these segments count, in one atomic step, then delete the others."""
        entries = [{"number": segment.number, "size": segment.size} for segment in segments]
        replace_json(self.manifest, {"format": FORMAT, "segments": entries})
        kept = {segment.folder for segment in segments}
        for folder in self.folder.glob("segment-*"):
            if folder not in kept:
                shutil.rmtree(folder, ignore_errors=True)

    def _segment(self, number: int, size: int) -> Segment:
        return Segment(number, self.folder / f"segment-{number:06d}", size)

    def _new_segment(self, size: int) -> Segment:
        """An empty folder under a number never used, not even by a write that was cut short: the words of that one may be
        there."""
        numbers = [int(folder.name.removeprefix("segment-")) for folder in self.folder.glob("segment-*")]
        segment = self._segment(max(numbers, default=0) + 1, size)
        segment.folder.mkdir(parents=True)
        return segment


def latest_rows(parts: Iterable[tuple[Sequence[str], Iterable[str]]]) -> dict[str, int]:
    """The row of each living code, from the codes and the removed codes of segments, oldest first."""
    latest: dict[str, int] = {}
    at = 0
    for codes, removed in parts:
        for code in removed:
            latest.pop(code, None)
        latest.update(zip(codes, range(at, at + len(codes)), strict=True))
        at += len(codes)
    return latest


def rows_mask(rows: Collection[int], size: int) -> Mask:
    mask = np.zeros(size, dtype=bool)
    mask[np.fromiter(rows, dtype=np.int64, count=len(rows))] = True
    return mask


def replace_json(path: Path, content: object) -> None:
    """Write a JSON file in one atomic step, flushed to disk first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
