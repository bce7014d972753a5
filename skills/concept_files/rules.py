"""The rules that a referential keeps as a whole: what can only be seen with all its skills at hand. Pure: no Django.

One rule: a finding is an error where the referential would lie or contradict itself, a warning where it is only incomplete.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from skills.concept_files.entries import SCHEMES, LabelEntry, MappingEntry, ReferentialFiles, SkillEntry
from skills.imports.report import RowError
from skills.text import fold_accents, text_key

# Share of their words from which two definitions are the same one written twice.
NEAR_IDENTICAL = 0.8
SHORTEST_DEFINITION = 8  # words


@dataclass
class Findings:
    """What a check found, in the order of the files."""

    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)


def check_rules(files: ReferentialFiles) -> Findings:
    """Everything that is wrong with what was read; what could not be read is in `files.errors` already."""
    active = {code: skill for code, skill in files.skills.items() if not skill.is_retired}
    findings = Findings(errors=[*files.errors])
    for refused in (
        dangling_links(files.skills, files.named),
        circular_links(files.skills),
        _neighbours_above(files.skills),
        shared_text_errors(files, {}),
        _same_exact_concept(active),
        _near_identical_definitions(active),
    ):
        findings.errors.extend(refused.values())
    findings.warnings.extend(_mappings_left_unsaid(active))
    findings.warnings.extend(_short_definitions(active))
    return findings


def entry_errors(
    entry: SkillEntry, stored: ReferentialFiles, known: Mapping[str, Iterable[str]]
) -> list[str]:
    """What is wrong with one skill as somebody wants it among those that are stored, in sentences.

    Where it and another contradict each other, it is the one that yields: it is read last. What it would make wrong in
    another skill is told too; what was wrong elsewhere before is not its affair.
    """
    alone = {entry.code: entry}
    # Being related is stored on both sides: what the entry no longer says, the other side says no more.
    others = {
        code: replace(skill, related=tuple(other for other in skill.related if other != entry.code))
        for code, skill in stored.skills.items()
        if code != entry.code
    }
    wanted = {**others, **alone}
    active = {code: skill for code, skill in wanted.items() if not skill.is_retired}
    found = [
        *dangling_links(alone, wanted).values(),
        *unknown_mappings(alone, known).values(),
        *_near_identical_definitions(active, judged=alone).values(),
    ]
    after, before = _contradictions(replace(stored, skills=wanted)), _contradictions(stored)
    said = [error.reason.removeprefix(f"{entry.code} : ") for error in (*found, *after.pop(entry.code, []))]
    for code, errors in after.items():
        new = [
            error.reason.removeprefix(f"{code} : ") for error in errors if error not in before.get(code, [])
        ]
        said += [f"la compétence « {code} » serait contredite : {reason}" for reason in new]
    return said


def _contradictions(files: ReferentialFiles) -> dict[str, list[RowError]]:
    """By skill, what only two of them together can have wrong."""
    active = {code: skill for code, skill in files.skills.items() if not skill.is_retired}
    found: dict[str, list[RowError]] = defaultdict(list)
    for refused in (
        circular_links(files.skills),
        _neighbours_above(files.skills),
        shared_text_errors(files, {}),
        _same_exact_concept(active),
    ):
        for code, error in refused.items():
            found[code].append(error)
    return found


# --- Links
def dangling_links(skills: Mapping[str, SkillEntry], known: Iterable[str]) -> dict[str, RowError]:
    known = set(known)
    refused = {}
    for code, skill in skills.items():
        links = (*skill.broader, *skill.related, *filter(None, [skill.replaced_by]))
        if unknown := [link for link in links if link not in known]:
            refused[code] = skill.error(f"lien vers une compétence inconnue : {', '.join(unknown)}.")
    return refused


def circular_links(
    skills: Mapping[str, SkillEntry], broader_elsewhere: Mapping[str, tuple[str, ...]] | None = None
) -> dict[str, RowError]:
    """Skills whose broader links or replacements lead back to them; `broader_elsewhere` are links outside the files."""
    broader = {code: skill.broader for code, skill in skills.items()} | dict(broader_elsewhere or {})
    replaced = {code: (skill.replaced_by,) for code, skill in skills.items() if skill.replaced_by}
    cycles = cyclic_codes(replaced) | cyclic_codes(broader)
    return {
        code: skills[code].error(f"lien circulaire : {' → '.join(way)}.")
        for code, way in cycles.items()
        if code in skills
    }


def cyclic_codes(links: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """For every code that its own links lead back to, one such way round."""
    cycles: dict[str, list[str]] = {}
    for start in links:
        if start in cycles:
            continue
        way = _way_back(start, links)
        for code in way[:-1]:
            cycles.setdefault(code, way)
    return cycles


def _way_back(start: str, links: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The shortest way from a code back to itself, empty where there is none."""
    ways = [[start]]
    met: set[str] = set()
    while ways:
        way = ways.pop(0)
        for code in links.get(way[-1], ()):
            if code == start:
                return [*way, start]
            if code not in met:
                met.add(code)
                ways.append([*way, code])
    return []


def neighbours(skills: Mapping[str, SkillEntry]) -> dict[str, set[str]]:
    """Related skills of each, whichever of the two wrote the link."""
    found: dict[str, set[str]] = {code: set() for code in skills}
    for code, skill in skills.items():
        for other in skill.related:
            found[code].add(other)
            found.setdefault(other, set()).add(code)
    return found


def _neighbours_above(skills: Mapping[str, SkillEntry]) -> dict[str, RowError]:
    """A neighbour is not also a wider skill, near or far (SKOS S27)."""
    beside = neighbours(skills)
    refused = {}
    for code, skill in skills.items():
        if both := sorted(beside[code] & _wider(code, skills)):
            refused[code] = skill.error(
                f"à la fois plus large et voisine : {', '.join(both)} ; gardez un seul des deux liens."
            )
    return refused


def _wider(code: str, skills: Mapping[str, SkillEntry]) -> set[str]:
    """Every wider skill, near or far; a loop is walked once."""
    found: set[str] = set()
    waiting = [*skills[code].broader]
    while waiting:
        wide = waiting.pop()
        if wide not in found:
            found.add(wide)
            waiting.extend(skills[wide].broader if wide in skills else ())
    return found - {code}


# --- Texts
def shared_text_errors(files: ReferentialFiles, taken: Mapping[str, str]) -> dict[str, RowError]:
    """Skills that claim a text of an earlier one; `taken` maps text keys held outside the files to their skill.

    Retired skills do not count: their texts pass to the skill that replaces them. An acronym may be claimed several times
    where every claim says in which context.
    """
    owners = dict(taken)
    claims = _claims_in_context(files)
    reasons: dict[str, list[str]] = defaultdict(list)
    for code, skill in files.skills.items():
        if skill.is_retired:
            continue
        for key, text in skill.text_keys().items():
            owner = owners.setdefault(key, code)
            if owner != code:
                reasons[code].append(_clash(skill, key, text, owner))
        for key, text in skill.text_keys().items():
            for other in claims.get(key, ()):
                if other != code:
                    reasons[code].append(
                        f"le sigle « {text} » est aussi celui de « {other} », avec un contexte : donnez le sien ici."
                    )
    return {code: files.skills[code].error(" ".join(said)) for code, said in reasons.items()}


def _clash(skill: SkillEntry, key: str, text: str, owner: str) -> str:
    if any(label.key == key and label.kind == "acronym" for label in skill.labels):
        return f"le sigle « {text} » est déjà celui de « {owner} » : donnez à chacun son contexte."
    return f"le texte « {text} » est déjà celui de « {owner} »."


def _claims_in_context(files: ReferentialFiles) -> dict[str, list[str]]:
    """Who claims each acronym with a context: skills by their code, other senses by their meaning."""
    claims: dict[str, list[str]] = defaultdict(list)
    for code, skill in files.skills.items():
        for label in _contextual(skill):
            claims[label.key].append(code)
    for sense in files.senses:
        claims[sense.key].append(sense.meaning.fr)
    return claims


def _contextual(skill: SkillEntry) -> list[LabelEntry]:
    return [] if skill.is_retired else [label for label in skill.labels if label.context]


# --- Definitions
def _near_identical_definitions(
    skills: Mapping[str, SkillEntry], judged: Iterable[str] | None = None
) -> dict[str, RowError]:
    """Skills whose definition says, nearly word for word, that of an earlier one; all of them, or those of `judged`."""
    judged = skills if judged is None else judged
    refused: dict[str, RowError] = {}
    seen: list[tuple[str, str, frozenset[str]]] = []
    for code, skill in skills.items():
        for language in ("fr", "en"):
            words = _words(getattr(skill.definition, language))
            for other, other_language, other_words in seen if code in judged else ():
                if (
                    other != code
                    and other_language == language
                    and _overlap(words, other_words) >= NEAR_IDENTICAL
                ):
                    refused[code] = skill.error(
                        f"sa définition ({language}) est presque celle de « {other} » : dites ce qui les distingue."
                    )
            seen.append((code, language, words))
    return refused


def _words(text: str) -> frozenset[str]:
    return frozenset(text_key(fold_accents(text)).split())


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the words of both that both have."""
    return len(one & other) / len(one | other) if one | other else 0.0


def _short_definitions(skills: Mapping[str, SkillEntry]) -> list[RowError]:
    return [
        skill.error("définition trop courte pour dire ce qu'on sait faire.")
        for skill in skills.values()
        if min(len(skill.definition.fr.split()), len(skill.definition.en.split())) < SHORTEST_DEFINITION
    ]


# --- Mappings
def _same_exact_concept(skills: Mapping[str, SkillEntry]) -> dict[str, RowError]:
    """Two of our skills cannot both be exactly the same foreign concept."""
    owners: dict[tuple[str, str], str] = {}
    refused = {}
    for code, skill in skills.items():
        for mapping in skill.mappings:
            if mapping.match == "exact":
                owner = owners.setdefault((mapping.scheme, mapping.code), code)
                if owner != code:
                    refused[code] = skill.error(
                        f"« {mapping.code} » est déjà l'équivalent exact de « {owner} »."
                    )
    return refused


def _mappings_left_unsaid(skills: Mapping[str, SkillEntry]) -> list[RowError]:
    return [
        skill.error(f"ni correspondance {scheme.upper()} ni « {scheme}: none » : dites si on a cherché.")
        for skill in skills.values()
        for scheme in SCHEMES
        if scheme not in skill.unmapped and not any(m.scheme == scheme for m in skill.mappings)
    ]


def unknown_mappings(
    skills: Mapping[str, SkillEntry], known: Mapping[str, Iterable[str]]
) -> dict[str, RowError]:
    """Skills mapped to what a scheme does not have; `known` gives the codes of the schemes that could be read."""
    sets = {scheme: set(codes) for scheme, codes in known.items()}

    def is_unknown(mapping: MappingEntry) -> bool:
        return mapping.scheme in sets and mapping.code not in sets[mapping.scheme]

    refused = {}
    for code, skill in skills.items():
        if unknown := [mapping for mapping in skill.mappings if is_unknown(mapping)]:
            named = ", ".join(f"{mapping.scheme.upper()} {mapping.code}" for mapping in unknown)
            refused[code] = skill.error(f"inconnu des données ouvertes : {named}.")
    return refused
