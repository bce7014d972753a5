"""List what is published: jobs, trainings or skills, for people and for machines.

One rule: rows are streamed in the order of their codes; nothing of the catalogue is held whole in memory.
"""

import json
from collections.abc import Iterator
from itertools import groupby

from django.core.management.base import BaseCommand, CommandParser

from jobs.models import JobProfilePage
from skills.models import DataRelease, Skill
from skills.sources import OWN_SOURCES, SOURCES
from training.models import Training

CHUNK = 500
Row = dict[str, object]


def job_rows() -> Iterator[Row]:
    """One row a job, whichever of its languages are online."""
    pages = JobProfilePage.objects.live().filter(alias_of__isnull=True).order_by("code", "pk")
    names = ("code", "locale__language_code", "title", "alternative_titles")
    for code, rows in groupby(pages.values_list(*names).iterator(CHUNK), key=lambda row: row[0]):
        titles, labels = {}, {}
        for _, language, title, alternatives in rows:
            titles[language], labels[language] = title, alternatives.splitlines()
        yield {
            "code": code,
            "title_fr": titles.get("fr", ""),
            "title_en": titles.get("en", ""),
            "labels": [*labels.get("fr", ()), *labels.get("en", ())],
        }


def training_rows() -> Iterator[Row]:
    """With the attributions that the open data behind a training ask for."""
    attributions = {
        pk: SOURCES[source].attribution_fr
        for pk, source in DataRelease.objects.exclude(source__in=OWN_SOURCES).values_list("pk", "source")
    }
    trainings = Training.objects.filter(live=True).order_by("code")
    names = ("code", "title_fr", "title_en", "diploma__acronym", "given")
    for code, french, english, acronym, given in trainings.values_list(*names).iterator(CHUNK):
        releases = {release for _value, release in given.values()}
        row = {
            "code": code,
            "title_fr": french,
            "title_en": english,
            "labels": [acronym] if acronym else [],
        }
        asked = sorted({attributions[pk] for pk in releases & attributions.keys()})
        yield {**row, "attributions": asked} if asked else row


def skill_rows() -> Iterator[Row]:
    skills = Skill.objects.published().order_by("code").prefetch_related("labels")
    for skill in skills.iterator(CHUNK):
        yield {
            "code": skill.code,
            "label_fr": skill.label_fr,
            "label_en": skill.label_en,
            "labels": [label.text for label in skill.labels.all()],
        }


ROWS = {"jobs": job_rows, "trainings": training_rows, "skills": skill_rows}


class Command(BaseCommand):
    help = "Liste ce qui est publié : métiers, formations ou compétences."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=ROWS, help="ce qu'il faut lister")
        parser.add_argument("--json", action="store_true", help="un objet JSON par ligne")

    def handle(self, *, kind: str, json: bool, **options: object) -> None:
        write = self._write_json if json else self._write_table
        count = write(ROWS[kind]())
        if not count:
            self.stderr.write("Rien n'est publié pour l'instant.")

    def _write_json(self, rows: Iterator[Row]) -> int:
        count = 0
        for row in rows:
            self.stdout.write(json.dumps(row, ensure_ascii=False))
            count += 1
        return count

    def _write_table(self, rows: Iterator[Row]) -> int:
        count = 0
        for row in rows:
            count += 1
            code, french, english, labels, *_attributions = row.values()
            self.stdout.write(f"{code:<36} {french}")
            if english:
                self.stdout.write(f"{'':<36} {english}")
            if labels:
                self.stdout.write(f"{'':<36} {' · '.join(labels)}")
        return count
