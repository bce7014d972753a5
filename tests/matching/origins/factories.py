"""Jobs of ROME and ESCO, diplomas and mappings for tests of what a title brings."""

import datetime as dt

from jobs.models import OnisepJobSheet, OnisepSheetDiploma
from skills.models import (
    DataRelease,
    EscoOccupation,
    EscoOccupationSkill,
    EscoSkill,
    RomeCompetence,
    RomeEscoLink,
    RomeJob,
    RomeJobCompetence,
    RomeTitle,
    Skill,
    SkillMapping,
)
from skills.text import title_keys
from tests.skills.factories import SkillFactory
from training.models import Certification, Diploma, Training, TrainingSkill

LEFT = dt.date(2024, 1, 1)
ESCO = "http://data.europa.eu/esco"


def release(source: str = "rome") -> DataRelease:
    return DataRelease.objects.get_or_create(source=source, fingerprint=source, version="4.60")[0]


def map_skill(code: str, match: str, foreign: str) -> Skill:
    """A skill of ours with one correspondence: `foreign` is an OGR code or the URI of an ESCO skill."""
    skill = SkillFactory(code=code)
    scheme = "esco" if foreign.startswith("http") else "rome"
    SkillMapping.objects.create(skill=skill, scheme=scheme, code=foreign, match=match)
    return skill


def make_rome_job(code: str, title: str, *competences: tuple[str, str], **values) -> RomeJob:
    """A ROME job with its competences: (OGR code, core)."""
    job = RomeJob.objects.create(code=code, title=title, **values)
    for ogr_code, core in competences:
        add_competence(job, ogr_code, core)
    return job


def add_competence(job: RomeJob, ogr_code: str, core: str = "", **values) -> RomeJobCompetence:
    competence, _ = RomeCompetence.objects.get_or_create(
        ogr_code=ogr_code, defaults={"label": f"Compétence {ogr_code}"}
    )
    return RomeJobCompetence.objects.create(
        job=job, competence=competence, core=core, release=release(), **values
    )


def make_rome_title(ogr_code: str, title: str, job: RomeJob, **values) -> RomeTitle:
    return RomeTitle.objects.create(
        ogr_code=ogr_code, title=title, job=job, title_keys=title_keys(title), **values
    )


def uri(kind: str, number: int) -> str:
    return f"{ESCO}/{kind}/00000000-0000-0000-0000-{number:012d}"


def make_occupation(number: int, label: str, *skills: tuple[int, str], **values) -> EscoOccupation:
    """An ESCO occupation with its skills: (number, relation)."""
    names = {"label_fr": label, "label_en": f"occupation {number}", "alternative_fr": "", **values}
    occupation = EscoOccupation.objects.create(
        uri=uri("occupation", number),
        code=f"3111.{number}",
        title_keys=title_keys(names["label_fr"], names["alternative_fr"], names["label_en"]),
        **names,
    )
    for skill, relation in skills:
        found, _ = EscoSkill.objects.get_or_create(
            uri=uri("skill", skill),
            defaults={"label_fr": f"compétence {skill}", "label_en": f"skill {skill}"},
        )
        EscoOccupationSkill.objects.create(
            occupation=occupation, skill=found, relation=relation, release=release("esco")
        )
    return occupation


def link_esco(title: RomeTitle, occupation: EscoOccupation, match: str) -> None:
    RomeEscoLink.objects.create(title=title, occupation=occupation, match=match, release=release())


def make_diploma(number: int, title: str, rncp_code: str = "", **values) -> Diploma:
    diploma = Diploma(onisep_id=f"FOR.{number}", title=title, rncp_code=rncp_code, **values)
    diploma.derive()
    diploma.save()
    return diploma


def make_certification(code: str, title: str, **values) -> Certification:
    return Certification.objects.create(code=code, title=title, title_keys=title_keys(title), **values)


def make_sheet(number: int, title: str, diploma: Diploma, rome_codes: str) -> OnisepJobSheet:
    sheet = OnisepJobSheet.objects.create(onisep_id=f"MET.{number}", title=title, rome_codes=rome_codes)
    OnisepSheetDiploma.objects.create(sheet=sheet, diploma_id=diploma.onisep_id, release=release("onisep"))
    return sheet


def make_diploma_training(
    code: str, skill: Skill, level: int = 3, origin: str = "confirmed", **values
) -> Training:
    training = Training.objects.create(code=code, title_fr=f"Formation {code}", **{"live": True, **values})
    TrainingSkill.objects.create(training=training, skill=skill, level=level, origin=origin)
    return training
