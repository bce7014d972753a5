"""Skills, communes and referential folders for tests."""

from pathlib import Path

import factory
from factory.django import DjangoModelFactory

from skills.models import Commune, Domain, Region, Skill


class DomainFactory(DjangoModelFactory):
    class Meta:
        model = Domain
        django_get_or_create = ("code",)

    code = "upstream"
    position = 2
    label_fr = "Procédés amont"
    label_en = "Upstream"


class SkillFactory(DjangoModelFactory):
    class Meta:
        model = Skill
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda number: f"skill-{number}")
    domain = factory.SubFactory(DomainFactory)
    label_fr = factory.LazyAttribute(lambda skill: f"Compétence {skill.code}")
    label_en = factory.LazyAttribute(lambda skill: f"Skill {skill.code}")
    definition_fr = "Définition."
    definition_en = "Definition."


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = "84"
    name = "Auvergne-Rhône-Alpes"


class CommuneFactory(DjangoModelFactory):
    class Meta:
        model = Commune
        django_get_or_create = ("insee_code",)

    insee_code = "69266"
    name = "Villeurbanne"
    name_key = "villeurbanne"
    department_code = "69"
    department = "Rhône"
    region = factory.SubFactory(RegionFactory)


DOMAIN_TEXT = """\
domain:
  code: upstream
  position: 2
  label: {fr: Procédés amont, en: Upstream}
  definition: {fr: Cultiver des cellules., en: Growing cells.}
"""


def skill_text(code: str, *more: str, label: str = "", kind: str = "know-how") -> str:
    """A skill as it is written in a file; `more` are further lines at the skill's level."""
    name = label or code.replace("-", " ")
    lines = [
        f"  - code: {code}",
        f"    type: {kind}",
        f"    label: {{fr: {name} fr, en: {name} en}}",
        f"    definition: {{fr: Savoir {name}., en: To {name}.}}",
        *(f"    {line}" for line in more),
    ]
    return "\n".join(lines) + "\n"


def write_domain(
    folder: Path, *skills: str, domain: str = DOMAIN_TEXT, name: str = "02-upstream.yaml"
) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(domain + "skills:\n" + "".join(skills), "utf-8")
    return folder
