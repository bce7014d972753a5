"""What an import of trainings says of their certifications: ended, ending, replaced, sessions that come too late.

One rule: it warns and never refuses; the provider's word stands, the register's is put beside it.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

from training.certification_watch.queries import register_is_loaded, registrations
from training.certification_watch.rules import (
    CertificationAlert,
    Registration,
    alerts,
    end_in_words,
    session_in_words,
    succession_in_words,
)
from training.importers.rows import ActionRow, SessionRow, TrainingRow
from training.models import Certification

# A line of the file and what there is to say of it.
Note = tuple[int | None, str]


class ImportWatch:
    """What the register says of the certifications of one import, fetched a chunk of rows at a time."""

    def __init__(self, today: dt.date) -> None:
        self.today = today
        self.register_is_loaded = register_is_loaded()
        self._known: dict[str, Registration] = {}
        self._withdrawn: dict[str, dt.date] = {}
        self._unlisted: set[str] = set()
        self._asked: set[str] = set()

    def prepare(self, rows: Iterable[TrainingRow]) -> None:
        wanted = {code for row in rows for code in row.certifications} - self._asked
        if not wanted:
            return
        self._asked |= wanted
        stored = list(Certification.objects.filter(code__in=wanted))
        self._known |= registrations(stored)
        self._withdrawn |= {one.code: one.withdrawn_on for one in stored if one.withdrawn_on}
        listed = {one.code for one in stored if one.release_id is not None}
        self._unlisted |= wanted - listed

    def notes(self, row: TrainingRow) -> Iterator[Note]:
        """`prepare` must have seen the row."""
        yield from ((row.line, text) for code in row.certifications for text in self._of_register(code))
        known = [self._known[code] for code in row.certifications if code in self._known]
        placed = {id(session): (action, session) for action in row.actions for session in action.sessions}
        for alert in alerts(known, [session for _action, session in placed.values()], self.today):
            yield from self._of_alert(row, alert, placed)

    def _of_register(self, code: str) -> Iterator[str]:
        if code in self._withdrawn:
            yield f"certification {code} : retirée de son répertoire le {self._withdrawn[code]:%d/%m/%Y}."
        elif self.register_is_loaded and code in self._unlisted:
            yield (
                f"certification {code} : absente du répertoire chargé (code erroné, ou fiche qui n'est plus"
                " active)."
            )

    def _of_alert(
        self, row: TrainingRow, alert: CertificationAlert, placed: dict[int, tuple[ActionRow, SessionRow]]
    ) -> Iterator[Note]:
        registration = alert.registration
        if not alert.is_concerning:
            return
        end = end_in_words(registration, self.today)
        said = f"{end}{succession_in_words(registration)}"
        yield row.line, f"certification {registration.code} : {said}."
        for session, concern in alert.sessions:
            action, own = placed[id(session)]
            yield (
                own.line or row.line,
                f"action {action.external_id}, session {own.external_id} : {session_in_words(session, concern)} de"
                f" {registration.code} ({registration.ends_on:%d/%m/%Y}){succession_in_words(registration)}.",
            )
