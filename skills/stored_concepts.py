"""The referential of the database, as its files would say it: what exports and differences read.

One rule: what is read here and written to files loads back as the same referential.
"""

from skills.concept_files.entries import SCHEMES, DomainEntry, ReferentialFiles, SenseEntry, SkillEntry
from skills.concept_files.rules import entry_errors
from skills.imports.yaml_source import Bilingual
from skills.models import AcronymSense, Domain, EscoSkill, MappingScheme, RomeCompetence, Skill


def stored_referential() -> ReferentialFiles:
    """Every domain and skill of the database, drafts and retired ones included. Eight queries."""
    files = ReferentialFiles()
    for domain in Domain.objects.all():
        files.domains[domain.code] = DomainEntry(
            code=domain.code,
            position=domain.position,
            label=Bilingual(domain.label_fr, domain.label_en),
            definition=Bilingual(domain.definition_fr, domain.definition_en),
            source="",
            line=0,
        )
    for skill in Skill.objects.with_concepts():
        files.skills[skill.code] = skill.as_entry()
    files.named = {*files.skills}
    files.senses = [
        SenseEntry(one.acronym, Bilingual(one.meaning_fr, one.meaning_en), tuple(one.context), "", 0)
        for one in AcronymSense.objects.all()
    ]
    return files


def errors_among_stored(entry: SkillEntry) -> list[str]:
    """What the rules of the files say of a skill as somebody wants it, in sentences. At most twelve queries."""
    return entry_errors(entry, stored_referential(), _known_codes(entry))


def _known_codes(entry: SkillEntry) -> dict[str, set[str]]:
    """By scheme, which of the entry's mappings exist in the open data; a scheme that is not loaded is not judged."""
    sources = {
        MappingScheme.ESCO: (EscoSkill.objects, "uri"),
        MappingScheme.ROME: (RomeCompetence.objects, "ogr_code"),
    }
    known = {}
    for scheme in SCHEMES:
        rows, column = sources[MappingScheme(scheme)]
        codes = [mapping.code for mapping in entry.mappings if mapping.scheme == scheme]
        if codes and rows.exists():
            found = rows.filter(**{f"{column}__in": codes})
            known[scheme] = set(found.values_list(column, flat=True))
    return known
