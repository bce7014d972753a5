"""What the three imports of the national registers (RNCP, RS) share.

One rule: a certification is its code; what an import changed is announced, because its writes send no signal of their own.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from skills.imports.links import LinkRow, LinkTable
from skills.imports.open_data import Dataset
from skills.imports.records import RecordRow, RecordTable
from skills.models import SourcedRecord
from training.certification_watch.queries import replaced_in_the_end_by
from training.models import Certification, CertificationSuccession
from training.signals import certifications_changed

_CODE = re.compile(r"(RNCP|RS)\d{1,6}")
_CHUNK = 500
SUCCESSIONS = LinkTable(CertificationSuccession, ("old_code", "new_code"), "remplacement d'une certification")


def is_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def certification_table(*fields: str) -> RecordTable:
    return RecordTable(
        Certification, "code", fields, "certification", derived=("title_keys",), obsolete=("is_active", False)
    )


def french_date(text: str) -> dt.date | None:
    """A date written dd/mm/yyyy; None for an empty cell; raise `ValueError`, which says so in French, otherwise."""
    try:
        return dt.datetime.strptime(text, "%d/%m/%Y").date() if text else None  # noqa: DTZ007 - a day has no time zone
    except ValueError as error:
        raise ValueError(f"« {text[:20]} » n'est pas une date jj/mm/aaaa") from error


class RegisterImport(Dataset):
    def certifications(self, table: RecordTable, rows: Iterable[RecordRow]) -> set[str]:
        return self.records(table, rows, on_change=_announce)

    def successions(self, pairs: Iterable[tuple[int | None, str, str]]) -> None:
        """Lines with an old and a new code. Files say each replacement twice, once from either side."""
        self.links(SUCCESSIONS, self._successions(pairs), on_change=_announce_succession)

    def _successions(self, pairs: Iterable[tuple[int | None, str, str]]) -> Iterator[LinkRow]:
        met: set[tuple[str, str]] = set()
        for line, old, new in pairs:
            wrong = [code[:40] for code in (old, new) if not is_code(code)]
            if wrong or old == new:
                self.reject(line, f"remplacement illisible : « {old[:40]} » par « {new[:40]} ».")
            elif (old, new) not in met:
                met.add((old, new))
                yield LinkRow(line, (old, new))

    def refuse_code(self, line: int | None, code: str) -> bool:
        """Report a code that is none; say whether it is one to refuse."""
        if is_code(code):
            return False
        self.reject(line, f"« {code[:40]} » n'est pas un code RNCP ou RS.")
        return True


def _announce(certifications: list[SourcedRecord]) -> None:
    _send([certification.pk for certification in certifications])


def _announce_succession(ends: list[tuple[int | str, ...]]) -> None:
    """Those whose last successor may have changed: the old ones, and whatever they had replaced."""
    reached = iter(sorted(replaced_in_the_end_by(str(old) for old, _new in ends)))
    while codes := list(islice(reached, _CHUNK)):
        _send(list(Certification.objects.filter(code__in=codes).values_list("pk", flat=True)))


def _send(certification_ids: list[int]) -> None:
    if certification_ids:
        certifications_changed.send(sender=Certification, certification_ids=certification_ids)
