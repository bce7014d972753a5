"""What a skill gains when another is merged into it. Pure: no Django.

One rule: it gains what it lacks and nothing of its own changes; a text or a concept that it has in any form is not added again.
"""

from dataclasses import replace

from skills.concept_files.entries import LabelEntry, MappingEntry, SkillEntry


def gained_labels(merged: SkillEntry, kept: SkillEntry) -> tuple[LabelEntry, ...]:
    """Every text of the merged skill that the other lacks in that language; its own names become alternative labels."""
    candidates = [
        LabelEntry("alternative", "fr", merged.label.fr),
        LabelEntry("alternative", "en", merged.label.en),
        *merged.labels,
    ]
    known = kept.said()
    gained: dict[tuple[str, str], LabelEntry] = {}
    for label in candidates:
        # What has no language holds in both.
        ways = {(label.language, label.key), ("", label.key)}
        if label.key and not ways & (known | gained.keys()):
            gained[label.language, label.key] = label
    return tuple(sorted(gained.values()))


def gained_mappings(merged: SkillEntry, kept: SkillEntry) -> tuple[MappingEntry, ...]:
    """Every foreign concept of the merged skill that the other lacks; a skill has one exact equivalent in a scheme."""
    known = {(mapping.scheme, mapping.code) for mapping in kept.mappings}
    exact = {mapping.scheme for mapping in kept.mappings if mapping.match == "exact"}
    return tuple(
        replace(mapping, match="close") if mapping.match == "exact" and mapping.scheme in exact else mapping
        for mapping in merged.mappings
        if (mapping.scheme, mapping.code) not in known
    )
