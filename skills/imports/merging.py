"""Merges what a source says of a row with what the row holds, field by field. Pure: no Django.

One rule: three values decide — what the source said last (`given`), what stands (perhaps corrected by an editor), what
the source says now. A corrected field stands; a field that a higher-ranking source gave is left to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

# What `given` holds of a field: the value as JSON can keep it, and the key of the release that said it.
Given = dict[str, list[object]]
BLANK = (None, "")


@dataclass
class Merge:
    """What to write: fields that change, the new `given`, and the fields where an editor's correction stands."""

    changes: dict[str, tuple[object, object]] = field(default_factory=dict)
    given: Given = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)


def merge(
    current: Mapping[str, object],
    given: Given,
    said: Mapping[str, object],
    *,
    release: object,
    outranked: frozenset[str] = frozenset(),
) -> Merge:
    """`current` and `said` hold values as JSON keeps them; `outranked` are fields that a better source gave."""
    merged = Merge(given=dict(given))
    for name, new in said.items():
        if name in outranked:
            continue
        stands = current[name]
        before = given.get(name)
        if before is None and new in BLANK and stands not in BLANK:
            continue  # the source says nothing of a field that somebody filled
        merged.given[name] = [new, release]
        last_said = before[0] if before else None
        was_corrected = stands != last_said if before else stands not in BLANK
        if stands == new:
            continue
        if was_corrected:
            merged.kept.append(name)
        else:
            merged.changes[name] = (stands, new)
    return merged
