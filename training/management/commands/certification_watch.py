"""The live trainings whose certification has ended, ends within a year or was replaced, or comes before a session's start."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from training.certification_watch.queries import concerned_trainings
from training.certification_watch.rules import (
    CertificationAlert,
    end_in_words,
    session_in_words,
    succession_in_words,
)
from training.models import Training


class Command(BaseCommand):
    help = "Formations dont la certification est terminée, se termine dans l'année ou est remplacée."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="une ligne JSON par formation et certification"
        )

    def handle(self, **options: Any) -> None:
        today = timezone.localdate()
        count = 0
        for training, alert in concerned_trainings(today):
            count += 1
            if options["json"]:
                self.stdout.write(json.dumps(_as_dict(training, alert), ensure_ascii=False))
                continue
            registration = alert.registration
            said = f"{end_in_words(registration, today)}{succession_in_words(registration)}"
            self.stdout.write(f"{training.code}  {registration.code}  {said}")
            for session, concern in alert.sessions:
                self.stdout.write(f"    {session_in_words(session, concern)}")
        if not options["json"]:
            self.stdout.write(f"{count} certifications de formations à vérifier.")


def _as_dict(training: Training, alert: CertificationAlert) -> dict[str, Any]:
    registration = alert.registration
    return {
        "training": training.code,
        "title_fr": training.title_fr,
        "provider": training.provider.name if training.provider else None,
        "certification": registration.code,
        "title": registration.title,
        "states": [state.value for state in alert.states],
        "ends_on": registration.ends_on.isoformat() if registration.ends_on else None,
        "successors": list(registration.successors),
        "sessions": [
            {
                "starts_on": session.starts_on.isoformat(),
                "ends_on": session.ends_on.isoformat() if session.ends_on else None,
                "is_permanent_entry": session.is_permanent_entry,
                "concern": concern.value,
            }
            for session, concern in alert.sessions
        ],
    }
