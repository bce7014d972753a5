"""The scheme and the changelog that the project ships beside its referential, for those who show or export it.

One rule: these files change with the code only, so a process reads them once. A missing changelog is an empty one; without a
readable `scheme.yaml` nothing can be said of the referential, and the error says what to mend.
"""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from skills.concept_files.history import History, Scheme, read_history
from skills.concept_files.parsing import SCHEME_FILE


def shipped_history() -> History:
    return _history(Path(settings.REFERENTIAL_DIR))


def shipped_scheme() -> Scheme:
    return _scheme(Path(settings.REFERENTIAL_DIR))


@lru_cache(maxsize=4)
def _history(folder: Path) -> History:
    return read_history(folder)


@lru_cache(maxsize=4)
def _scheme(folder: Path) -> Scheme:
    history = _history(folder)
    wrong = [error for error in history.errors if error.source == SCHEME_FILE]
    if history.scheme is None or wrong:
        reason = str(wrong[0]) if wrong else f"{SCHEME_FILE} manque."
        raise ImproperlyConfigured(f"{folder} : {reason} Voir « manage.py referential check ».")
    return history.scheme
