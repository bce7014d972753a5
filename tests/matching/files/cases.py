"""What tests of files share."""

import pytest

from matching.errors import TextRefused
from matching.files.limits import Limits
from matching.files.reading import read_file
from matching.files.results import FileText


def read(data: bytes, limits: Limits | None = None, language: str = "fr") -> FileText:
    return read_file(data, limits, language)


def text_of(data: bytes) -> str:
    return read(data).text


def refusal_of(data: bytes, limits: Limits | None = None, language: str = "fr") -> str:
    with pytest.raises(TextRefused) as refused:
        read_file(data, limits, language)
    return str(refused.value)
