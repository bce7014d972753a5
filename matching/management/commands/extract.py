"""`manage.py extract FILE|-`: the skills of a text, each with the passage that shows it."""

from typing import Any

from matching.command import TextCommand
from matching.reading.extraction import Extraction, extract_skills
from matching.referential import Referential
from skills.levels import level_label

FOUND_BY = {
    "fr": {"label": "libellé", "acronym": "sigle", "semantic": "sens"},
    "en": {"label": "label", "acronym": "acronym", "semantic": "meaning"},
}


class Command(TextCommand):
    help = "Lit un texte et en donne les compétences, avec le passage qui montre chacune."

    def answer(
        self, text: str, referential: Referential, options: dict[str, Any]
    ) -> tuple[dict[str, Any], Extraction, str]:
        extraction = extract_skills(text, options["lang"], referential)
        content = {
            "skills": [skill.as_dict() for skill in extraction.skills],
            "set_aside": [skill.as_dict() for skill in extraction.set_aside],
        }
        return content, extraction, extraction.notice

    def show(self, result: Extraction, language: str) -> None:
        if not result.skills:
            self.stdout.write(
                "No skill of the referential." if language == "en" else "Aucune compétence du référentiel."
            )
        width = max((len(skill.label(language)) for skill in result.skills), default=0)
        for skill in result.skills:
            quote = " ".join(skill.quote.split())
            found_by = FOUND_BY[language][skill.found_by]
            self.stdout.write(
                f"{skill.label(language):<{width}}  {level_label(skill.level, language):<11}  "
                f"{skill.probability:4.0%}  « {quote} » ({found_by})"
            )
        if result.set_aside:
            self.stdout.write("\nSet aside:" if language == "en" else "\nMises de côté :")
        for skill in result.set_aside:
            self.stdout.write(f"  {skill.label(language)} : {skill.reason}")
