"""Extracts of the national registers, and the daily export as an archive made of one."""

import zipfile
from io import StringIO
from pathlib import Path

from django.core.management import call_command

DATA = Path(__file__).parent / "data"
TITLES, KIT = DATA / "rncp_titles.csv", DATA / "rncp_kit.csv"


def run(command: str, path: Path, *options: str) -> str:
    out = StringIO()
    call_command(command, path, *options, stdout=out)
    return out.getvalue()


def load(command: str, path: Path) -> str:
    return run(command, path, "--apply")


def export_members(day: str = "2024_02_22") -> dict[str, bytes]:
    """The ten files of the export by the names that its archive gives them."""
    files = sorted((DATA / "rncp_export").glob("*.csv"))
    return {f"export_fiches_CSV_{file.stem}_{day}.csv": file.read_bytes() for file in files}


def write_export(path: Path, members: dict[str, bytes], how: str = "utf-8 said") -> Path:
    """`how` names are written: in UTF-8 and saying so, in UTF-8 without saying so, or as old DOS tools do."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(_written(name, how))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return path


def _written(name: str, how: str) -> str:
    return name.encode().decode("cp437") if how == "utf-8 unsaid" else name


def without_utf8_flag(path: Path) -> None:
    """Python always flags names that are not ASCII; other tools leave them as bytes of cp437 or UTF-8."""
    raw = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(signature)
        while at >= 0:
            raw[at + offset + 1] &= ~0x08 & 0xFF
            at = raw.find(signature, at + 4)
    path.write_bytes(bytes(raw))
