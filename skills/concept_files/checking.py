"""Everything there is to check in a folder of referential files. Pure: no Django.

One rule: the same check runs for an editor, for the gate and before an export.
"""

from dataclasses import dataclass
from pathlib import Path

from skills.concept_files.entries import ReferentialFiles
from skills.concept_files.history import History, check_history, missing_history, read_history
from skills.concept_files.open_data_codes import known_codes
from skills.concept_files.parsing import read_referential
from skills.concept_files.rules import Findings, check_rules, unknown_mappings


@dataclass(frozen=True)
class Checked:
    """What was read and found; `judged` are the schemes whose codes could be looked up."""

    files: ReferentialFiles
    history: History
    findings: Findings
    judged: tuple[str, ...]


def check_folder(folder: Path, open_data: Path | None) -> Checked:
    """Read and check; raises OSError where the folder, or a file of the open data, cannot be read."""
    files, history = read_referential(folder), read_history(folder)
    findings = check_rules(files)
    findings.errors.extend(check_history(history, files))
    known = known_codes(open_data) if open_data else {}
    findings.errors.extend(unknown_mappings(files.skills, known).values())
    findings.warnings.extend(missing_history(history, folder))
    for found in (findings.errors, findings.warnings):
        found.sort(key=lambda one: (one.source, one.line or 0))
    return Checked(files, history, findings, tuple(known))
