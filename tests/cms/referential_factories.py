"""A small referential with everything that its pages and files must tell, and a draft that none of them may."""

from dataclasses import dataclass
from pathlib import Path

from skills.models import (
    EscoSkill,
    LabelKind,
    RomeCompetence,
    Skill,
    SkillLabel,
    SkillLevel,
    SkillMapping,
    SkillStatus,
)
from tests.skills.factories import DomainFactory, SkillFactory

ESCO = "http://data.europa.eu/esco/skill/c438aa25-0000-4000-8000-000000000000"
SCHEME_TEXT = """\
uri: https://biofiliere.example/referentiel/
version: 1.1.0
title: {fr: Référentiel d'essai, en: Trial referential}
description: {fr: Les compétences d'essai., en: The trial skills.}
licence: https://creativecommons.org/licenses/by/4.0/
"""


@dataclass
class Referential:
    """`skill` has a link of every kind, to others and to the draft."""

    skill: Skill
    wider: Skill
    narrower: Skill
    neighbour: Skill
    retired: Skill
    draft: Skill


def make_referential() -> Referential:
    upstream = DomainFactory(code="upstream", position=2)
    hidden_domain = DomainFactory(
        code="secret-domain", position=3, label_fr="Domaine secret", label_en="Secret domain"
    )
    made = {
        name: SkillFactory(
            code=f"{name}-skill", domain=upstream, label_fr=f"Savoir {name}", label_en=f"Know {name}"
        )
        for name in ("skill", "wider", "narrower", "neighbour", "retired")
    }
    draft = SkillFactory(
        code="secret-skill",
        domain=hidden_domain,
        live=False,
        label_fr="Savoir secret",
        label_en="Know secret",
    )
    found = Referential(**made, draft=draft)
    _link(found)
    found.retired.status = SkillStatus.DEPRECATED
    found.retired.replaced_by = found.skill
    found.retired.save()
    _describe(found.skill)
    return found


def _link(found: Referential) -> None:
    found.skill.broader = [found.wider, found.draft]
    found.skill.related = [found.neighbour, found.draft]
    found.skill.save()
    for one in (found.narrower, found.draft):
        one.broader = [found.skill]
        one.save()


def _describe(skill: Skill) -> None:
    for kind, language, text in (
        (LabelKind.ALTERNATIVE, "fr", "savoir-faire d'essai"),
        (LabelKind.ALTERNATIVE, "en", "trial know-how"),
        (LabelKind.HIDDEN, "fr", "savoire faire"),
        (LabelKind.ACRONYM, "", "SFE"),
    ):
        SkillLabel.objects.create(skill=skill, kind=kind, language=language, text=text)
    SkillLevel.objects.create(
        skill=skill, level=3, descriptor_fr="Règle tout.", descriptor_en="Sets everything."
    )
    EscoSkill.objects.create(uri=ESCO, label_fr="conduire un essai", label_en="run a trial")
    RomeCompetence.objects.create(ogr_code="501386", label="Mener des essais")
    SkillMapping.objects.create(skill=skill, scheme="rome", code="501386", match="related")
    SkillMapping.objects.create(skill=skill, scheme="esco", code=ESCO, match="exact")


def write_history(folder: Path, changes: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "scheme.yaml").write_text(SCHEME_TEXT, "utf-8")
    if changes:
        (folder / "changes.yaml").write_text(changes, "utf-8")
    return folder
