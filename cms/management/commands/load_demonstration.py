"""Load the whole demonstration, step by step."""

import sys
import time

from django.core.management.base import BaseCommand

from cms.demonstration import demonstration_steps
from cms.steps import StepResult, run_steps
from jobs.models import EmployerNeed, JobProfilePage
from people.demonstration_accounts import ACCOUNTS, PASSWORD, accounts_are_allowed
from skills.models import Skill
from training.models import Training


class Command(BaseCommand):
    help = "Charge la démonstration par les vrais imports ; relancée, elle ne change rien."

    def handle(self, **options: object) -> None:
        started = time.monotonic()
        results = run_steps(demonstration_steps(), self.stderr)
        self._summarise(results, time.monotonic() - started)
        if any(result.rejected_count for result in results):
            sys.exit(1)

    def _summarise(self, results: list[StepResult], seconds: float) -> None:
        differences = sum(result.differences for result in results)
        rejected = sum(result.rejected_count for result in results)
        if accounts_are_allowed():
            self.stdout.write(f"Comptes de démonstration (mot de passe à la création : {PASSWORD}) :")
            for account in ACCOUNTS:
                self.stdout.write(f"  {account.username:<12} {account.role}")
        jobs = JobProfilePage.objects.live().filter(locale__language_code="fr").count()
        trainings = Training.objects.filter(live=True).count()
        needs = EmployerNeed.objects.filter(live=True).count()
        self.stdout.write(
            f"En ligne : {Skill.objects.published().count()} compétences, {jobs} métiers, "
            f"{trainings} formations, {needs} besoins."
        )
        refusals = f" Lignes rejetées : {rejected} (voir ci-dessus)." if rejected else ""
        if differences:
            self.stdout.write(
                f"Démonstration chargée en {seconds:.0f} s : {differences} changements.{refusals}"
            )
        else:
            self.stdout.write(
                f"Rien n'a changé : la démonstration était déjà chargée ({seconds:.0f} s).{refusals}"
            )
