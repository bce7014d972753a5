"""Reads the queries and the labels of an evaluation of linking, files as in `eval/` of the open data.

One rule: a bad row is reported with its file, its line and the reason, and left out; a file that cannot be read at all raises
`SourceUnreadable`.
"""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from search.evaluation.linking import LinkingQuery
from search.linking import Label
from skills.imports.command import SourceUnreadable
from skills.imports.csv_source import Record, read_csv
from skills.imports.report import ImportReport, RowError

_LABEL_COLUMNS = ("element_id", "label")
_QUERY_COLUMNS = ("query_id", "title", "relevant_element_ids")


def read_labels(path: Path, report: ImportReport) -> list[Label]:
    """The concept is the `esco_uri`; without one, what stands before the first « _ » of the element's id."""
    return [
        Label(code, record["label"], record.get("esco_uri") or code.partition("_")[0])
        for _line, code, record in _rows(path, _LABEL_COLUMNS, report)
    ]


def read_queries(path: Path, known: Collection[str], report: ImportReport) -> list[LinkingQuery]:
    """The queries whose relevant elements are all known."""
    queries = []
    for line, code, record in _rows(path, _QUERY_COLUMNS, report):
        relevant = tuple(
            dict.fromkeys(filter(None, map(str.strip, record["relevant_element_ids"].split("|"))))
        )
        problem = _problem(relevant, known)
        if problem:
            report.reject(RowError(path.name, line, problem))
        else:
            queries.append(LinkingQuery(code, record["title"], relevant))
    return queries


def _problem(relevant: Sequence[str], known: Collection[str]) -> str:
    if not relevant:
        return "aucun élément attendu."
    unknown = [element for element in relevant if element not in known]
    return (
        f"éléments inconnus : {', '.join(unknown[:3])}{'…' if len(unknown) > 3 else ''}." if unknown else ""
    )


def _rows(path: Path, columns: tuple[str, ...], report: ImportReport) -> Iterator[tuple[int, str, Record]]:
    """The line, the id (the first column) and the cells of each row that has them all, and an id of its own."""
    seen: dict[str, int] = {}
    for line, record in _readable(path, columns, report):
        code = record[columns[0]]
        empty = [column for column in columns if not record[column]]
        if empty:
            report.reject(RowError(path.name, line, f"cellule vide : {', '.join(empty)}."))
        elif code in seen:
            report.reject(RowError(path.name, line, f"{code} est déjà à la ligne {seen[code]}."))
        else:
            seen[code] = line
            yield line, code, record


def _readable(path: Path, columns: tuple[str, ...], report: ImportReport) -> Iterator[tuple[int, Record]]:
    try:
        yield from read_csv(path, columns, report)
    except OSError as error:
        raise SourceUnreadable(f"{path} : {error.strerror or error}") from error
