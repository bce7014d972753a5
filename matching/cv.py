"""A CV as commands and pages read it: `matching.files` under the limits of the settings.

One rule: the bytes live in the caller's memory and in that of a child process, for as long as one call lasts.
"""

from django.conf import settings

from matching.files.limits import Limits
from matching.files.reading import read_file
from matching.files.results import FileText


def most_bytes() -> int:
    """What to read of a file at most: one byte more than allowed tells that it is too big."""
    return settings.MATCH_FILE_MAX_BYTES + 1


def read_cv(data: bytes, language: str = "fr") -> FileText:
    """The visible text of a CV. Raises TextRefused, with a message in the language asked for."""
    return read_file(
        data,
        Limits(
            data=settings.MATCH_FILE_MAX_BYTES,
            characters=settings.MATCH_TEXT_LIMIT,
            pages=settings.MATCH_FILE_MAX_PAGES,
            seconds=settings.MATCH_FILE_SECONDS,
            cpu_seconds=max(1, round(settings.MATCH_FILE_SECONDS * 2 / 3)),
        ),
        language,
    )
