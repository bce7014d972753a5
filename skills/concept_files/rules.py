"""The rules that a referential keeps as a whole: what can only be seen with all its skills at hand. Pure: no Django.

One rule: a finding is an error where the referential would lie or contradict itself, a warning where it is only incomplete.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from skills.concept_files.entries import (
    SCHEMES,
    LabelEntry,
    MappingEntry,
    ReferentialFiles,
    SenseEntry,
    SkillEntry,
)
from skills.imports.report import RowError
from skills.imports.yaml_source import LANGUAGES
from skills.text import text_key

# Share of the words of both from which two definitions are the same one written twice. In the referential that we ship, the
# two that are most alike share 0.3 of them.
NEAR_IDENTICAL = 0.6
# Share of the shorter one's words from which it is the other one cut short; for definitions of some length only.
CUT_SHORT = 0.85
FEWEST_WORDS = 5
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
        # Nobody knows what a file that cannot be read would have named.
        {} if files.unread else dangling_links(files.skills, files.named),
        circular_links(files.skills),
        _neighbours_above(files.skills),
        _replaced_by_drafts(files.skills),
        _repeated_texts(active),
        shared_text_errors(files),
        _same_exact_concept(active),
        _same_in_both_languages(active),
        _near_identical_definitions(active),
    ):
        findings.errors.extend(refused.values())
    findings.errors.extend(_contexts_alike(files))
    findings.warnings.extend(_links_to_retired(files.skills))
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
        shared_text_errors(files),
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
            refused[code] = skill.error(
                f"lien vers une compétence inconnue : {', '.join(unknown)} ; corrigez le code, ou ajoutez-la."
            )
    return refused


def circular_links(skills: Mapping[str, SkillEntry]) -> dict[str, RowError]:
    """Skills whose broader links or replacements lead back to them."""
    broader = {code: skill.broader for code, skill in skills.items()}
    replaced = {code: (skill.replaced_by,) for code, skill in skills.items() if skill.replaced_by}
    cycles = cyclic_codes(replaced) | cyclic_codes(broader)
    return {
        code: skills[code].error(f"lien circulaire : {' → '.join(way)} ; ôtez l'un de ces liens.")
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


def _replaced_by_drafts(skills: Mapping[str, SkillEntry]) -> dict[str, RowError]:
    """What used a retired skill must find its replacement in use."""
    return {
        code: skill.error(f"sa remplaçante « {skill.replaced_by} » est un brouillon : publiez-la d'abord.")
        for code, skill in skills.items()
        if skill.replaced_by in skills and skills[skill.replaced_by].status == "draft"
    }


def _links_to_retired(skills: Mapping[str, SkillEntry]) -> list[RowError]:
    return [
        skill.error(f"lien vers « {code} », retirée : citez « {skills[code].replaced_by} ».")
        for skill in skills.values()
        if not skill.is_retired
        for code in (*skill.broader, *skill.related)
        if code in skills and skills[code].is_retired
    ]


# --- Texts
def _repeated_texts(skills: Mapping[str, SkillEntry]) -> dict[str, RowError]:
    """Skills that give a text twice in one language."""
    return {
        code: skill.error(f"texte donné deux fois : {', '.join(skill.repeated)} ; gardez-le une fois.")
        for code, skill in skills.items()
        if skill.repeated
    }


def shared_text_errors(files: ReferentialFiles) -> dict[str, RowError]:
    """Skills that claim a text of an earlier one.

    Retired skills do not count: their texts pass to the skill that replaces them. An acronym may be claimed several times
    where every claim says in which context.
    """
    owners: dict[str, str] = {}
    claims = _claims_in_context(files)
    reasons: dict[str, list[str]] = defaultdict(list)
    for code, skill in files.skills.items():
        if skill.is_retired:
            continue
        texts = skill.text_keys()
        for key, text in texts.items():
            owner = owners.setdefault(key, code)
            if owner != code:
                reasons[code].append(_clash(skill, key, text, owner))
        for key, text in texts.items():
            for other in claims.get(key, ()):
                if other != code:
                    reasons[code].append(
                        f"le sigle « {text} » est aussi celui de « {other} », avec un contexte : donnez le sien ici."
                    )
    return {code: files.skills[code].error(" ".join(said)) for code, said in reasons.items()}


def _clash(skill: SkillEntry, key: str, text: str, owner: str) -> str:
    if any(label.key == key and label.kind == "acronym" for label in skill.labels):
        return f"le sigle « {text} » est déjà celui de « {owner} » : donnez à chacun son contexte."
    return f"le texte « {text} » est déjà celui de « {owner} » : gardez-le à la plus précise des deux."


def _claims_in_context(files: ReferentialFiles) -> dict[str, list[str]]:
    """Who claims each acronym with a context: skills by their code, other senses by their meaning."""
    claims: dict[str, list[str]] = defaultdict(list)
    for code, skill in files.skills.items():
        for label in _contextual(skill):
            claims[label.key].append(code)
    for sense in files.senses:
        claims[sense.key].append(sense.meaning.fr)
    return claims


def _contexts_alike(files: ReferentialFiles) -> list[RowError]:
    """Senses of an acronym that their context does not tell from another one: all its words are the other's too."""
    claims: dict[str, list[tuple[str, SkillEntry | SenseEntry, str, frozenset[str]]]] = defaultdict(list)
    for skill in files.skills.values():
        for label in _contextual(skill):
            claims[label.key].append((skill.code, skill, label.text, _keys(label.context)))
    for sense in files.senses:
        claims[sense.key].append((sense.meaning.fr, sense, sense.acronym, _keys(sense.context)))
    return [
        entry.error(
            f"le contexte du sigle « {text} » ne le distingue pas de « {other} » : donnez au moins un mot que l'autre n'a pas."
        )
        for alike in claims.values()
        for name, entry, text, words in alike
        for other, _entry, _text, other_words in alike
        if name != other and words <= other_words
    ]


def _keys(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(map(text_key, texts))


def _contextual(skill: SkillEntry) -> list[LabelEntry]:
    return [] if skill.is_retired else [label for label in skill.labels if label.context]


# --- Definitions
def _near_identical_definitions(
    skills: Mapping[str, SkillEntry], judged: Iterable[str] | None = None
) -> dict[str, RowError]:
    """Skills whose definition says, nearly word for word, that of an earlier one; all of them, or those of `judged`."""
    judged = skills.keys() if judged is None else {*judged}
    refused: dict[str, RowError] = {}
    for language in LANGUAGES:
        words = {code: _words(getattr(skill.definition, language)) for code, skill in skills.items()}
        for earlier, later in _alike(words):
            if later in judged and later not in refused:
                refused[later] = skills[later].error(
                    f"sa définition ({language}) est presque celle de « {earlier} » : dites ce qui les distingue."
                )
    return refused


def _words(text: str) -> frozenset[str]:
    return frozenset(text_key(text).split())


def _alike(words: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str]]:
    """Pairs of codes whose words are nearly the same, in the order of the mapping.

    Not all pairs are compared. Two sets that are nearly the same share more than half of the smaller one, hence at least one
    word of any half of it: the half that the fewest others hold is looked up.
    """
    holders: dict[str, list[str]] = defaultdict(list)
    for code, found in words.items():
        for word in found:
            holders[word].append(code)
    rank = {code: place for place, code in enumerate(words)}
    pairs: set[tuple[str, str]] = set()
    for code, found in words.items():
        rarest = sorted(found, key=lambda word: (len(holders[word]), word))[: len(found) // 2 + 1]
        for other in {other for word in rarest for other in holders[word]} - {code}:
            if _near_identical(found, words[other]):
                pairs.add((min(code, other, key=rank.__getitem__), max(code, other, key=rank.__getitem__)))
    return iter(sorted(pairs, key=lambda pair: (rank[pair[1]], rank[pair[0]])))


def _near_identical(one: frozenset[str], other: frozenset[str]) -> bool:
    shared, fewest = len(one & other), min(len(one), len(other))
    return shared >= NEAR_IDENTICAL * len(one | other) or (
        fewest >= FEWEST_WORDS and shared >= CUT_SHORT * fewest
    )


def _same_in_both_languages(skills: Mapping[str, SkillEntry]) -> dict[str, RowError]:
    return {
        code: skill.error("sa définition est la même en français et en anglais : traduisez-la.")
        for code, skill in skills.items()
        if text_key(skill.definition.fr) == text_key(skill.definition.en)
    }


def _short_definitions(skills: Mapping[str, SkillEntry]) -> list[RowError]:
    return [
        skill.error(
            f"définition de moins de {SHORTEST_DEFINITION} mots : dites ce qu'on sait faire, avec quoi, dans quelles limites."
        )
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
                        f"« {mapping.code} » est déjà l'équivalent exact de « {owner} » : gardez « exact » pour une seule."
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
            refused[code] = skill.error(
                f"inconnu des données ouvertes : {named} ; corrigez le code ou ôtez la correspondance."
            )
    return refused
