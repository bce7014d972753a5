"""A YAML file that is one list of entries, each known by a code or a number of its own.

One rule: what is wrong with an entry leaves the others as they are; a file that cannot be read at all is refused whole.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from skills.imports.command import SourceUnreadable
from skills.imports.report import RowError
from skills.imports.yaml_source import Entry, YamlUnreadable, read_yaml

Parsed = TypeVar("Parsed")


def read_entries(
    path: Path, key: str, parse: Callable[[Entry], Parsed], identity: Callable[[Parsed], str], already: str
) -> tuple[list[Parsed], list[RowError]]:
    """The entries of the list `key`, parsed, and the errors of those that are left out. `already` is said of one whose identity
    stands above it in the file. Raises SourceUnreadable.
    """
    try:
        top = Entry(read_yaml(path), path.name)
    except YamlUnreadable as error:
        raise SourceUnreadable(str(error.error)) from error
    top.expect_keys((key,))
    found: dict[str, Parsed] = {}
    errors: list[RowError] = []
    for entry in top.entries(key):
        parsed = parse(entry)
        if identity(parsed) in found:
            entry.problems.append(already)
        if entry.problems:
            errors.extend(entry.errors())
        else:
            found[identity(parsed)] = parsed
    return list(found.values()), [*errors, *top.errors()]
