"""`manage.py brings TEXT|CODE`: the skills that a job or a diploma brings, each with the path that leads to it."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.command import add_output_arguments, batch_lines
from matching.errors import UnknownOrigin
from matching.origins.answers import Answer, answer_title, attributions
from matching.origins.explanations import KINDS as KIND_WORDS
from matching.origins.explanations import STATUSES, STRENGTHS, say, say_cut, say_level, say_step
from matching.origins.title_tables import KIND_CHOICES, KINDS, Candidate
from matching.origins.weighing import Brought
from matching.referential import Referential, load_referential
from skills.imports.progress import progress
from skills.levels import level_label

_MOST_TO_CHECK = 10
_WORDS = {
    "fr": {
        "check": "À vérifier, non compté :",
        "candidates": "Intitulés proches :",
        "more": "… et {n} autres.",
    },
    "en": {
        "check": "To be checked, not counted:",
        "candidates": "Titles that come near:",
        "more": "… and {n} more.",
    },
}


class Command(BaseCommand):
    help = "Donne les compétences qu'un métier (ROME, ESCO) ou un diplôme (Onisep, RNCP) apporte, avec le chemin suivi."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text", nargs="?", metavar="TEXTE|CODE", help="intitulé ou code")
        parser.add_argument("--kind", choices=list(KIND_CHOICES), help="chercher là seulement")
        add_output_arguments(parser, "question")

    def handle(self, **options: Any) -> None:
        if (options["text"] is None) == (options["batch"] is None):
            raise CommandError("Donnez un intitulé ou un code, ou --batch FICHIER.jsonl.", returncode=2)
        referential = load_referential()
        if options["batch"] is not None:
            if self._answer_batch(referential, options):
                sys.exit(1)
            return
        try:
            answer = self._answer(options["text"], referential, options)
        except UnknownOrigin as error:
            raise CommandError(str(error), returncode=2) from error
        if answer.message:
            self.stderr.write(answer.message)
        if answer.is_cut and answer.equivalence is None:
            self.stderr.write(say_cut(options["lang"]))
        if options["json"]:
            self._write(None, answer, referential, options["lang"])
        else:
            self._show(answer, referential, options["lang"])

    def _answer(self, text: str, referential: Referential, options: dict[str, Any]) -> Answer:
        kinds = KIND_CHOICES[options["kind"]] if options["kind"] else KINDS
        return answer_title(text, kinds=kinds, language=options["lang"], referential=referential)

    def _answer_batch(self, referential: Referential, options: dict[str, Any]) -> bool:
        """Every line gets its answer, in order; True when one of them is an error."""
        failed = False
        for line in progress(batch_lines(options["batch"]), "Intitulés"):
            try:
                if line.error:
                    raise UnknownOrigin(line.error)
                answer = self._answer(line.text, referential, options)
            except UnknownOrigin as error:
                failed = True
                self.stdout.write(json.dumps({"id": line.id, "error": str(error)}, ensure_ascii=False))
                continue
            self._write(line.id, answer, referential, options["lang"])
        return failed

    def _write(
        self, identity: str | int | None, answer: Answer, referential: Referential, language: str
    ) -> None:
        content = {"id": identity, **answer.as_dict(referential, language)}
        self.stdout.write(json.dumps(content, ensure_ascii=False))

    def _show(self, answer: Answer, referential: Referential, language: str) -> None:
        found = answer.equivalence
        if found is None:
            if answer.candidates:
                self.stdout.write(_WORDS[language]["candidates"])
            for candidate in answer.candidates:
                self.stdout.write(f"  {_candidate_line(candidate, language)}")
            return
        self.stdout.write(_candidate_line(found.origin, language))
        for one in found.skills:
            self._show_skill(one, referential, language)
        if found.to_check:
            self.stdout.write(f"\n{_WORDS[language]['check']}")
        for one in found.to_check[:_MOST_TO_CHECK]:
            self.stdout.write(f"  ? {referential.label(one.skill, language)} : {_path_line(one, language)}")
        if len(found.to_check) > _MOST_TO_CHECK:
            more = _WORDS[language]["more"].format(n=len(found.to_check) - _MOST_TO_CHECK)
            self.stdout.write(f"  {more}")
        self.stdout.write("\n" + "\n".join(attributions(found.sources, language)))

    def _show_skill(self, one: Brought, referential: Referential, language: str) -> None:
        level = f"{level_label(one.level, language)} ({one.level})"
        why = f"{say_level(one.paths[0], language)} ; {say(STRENGTHS, one.strength, language)}"
        self.stdout.write(f"\n  {referential.label(one.skill, language)}  {level} : {why}")
        self.stdout.write(f"      {_path_line(one, language)}")


def _path_line(one: Brought, language: str) -> str:
    """The best path, from what was given (already shown) on."""
    return " → ".join(say_step(step, language) for step in one.paths[0][1:])


def _candidate_line(candidate: Candidate, language: str) -> str:
    status = f" ({say(STATUSES, candidate.status, language)})" if candidate.status else ""
    code = candidate.code.rsplit("/", 1)[-1]
    detail = f", {candidate.detail}" if candidate.detail else ""
    other = f" [{candidate.other_name}]" if candidate.other_name else ""
    return f"{say(KIND_WORDS, candidate.kind, language)} {code}{detail} : {candidate.title(language)}{other}{status}"
