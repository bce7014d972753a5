"""What the commands that import trainings share: their options and how a source reaches the loader.

One rule: the source's name is part of each training's identity, so a provider's file keeps the same one
from import to import.
"""

from pathlib import Path

from django.core.management.base import CommandParser

from skills.imports.command import ImportCommand, SourceUnreadable
from skills.imports.report import ImportReport
from training.importers.loading import load_trainings, release_of_file
from training.importers.rows import TrainingSource


class TrainingImportCommand(ImportCommand):
    # Raised by the format's reader for a file it refuses as a whole.
    refusal: type[Exception]

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--source", default="", help="nom de la source (par défaut : nom du fichier sans extension)"
        )
        parser.add_argument(
            "--demonstration",
            action="store_true",
            help="marque les formations et organismes comme démonstration",
        )

    def reader(self, path: Path) -> TrainingSource:
        """The reader of this command's format."""
        raise NotImplementedError

    def run(self, path: Path, *, apply: bool, **options: object) -> ImportReport:
        source = str(options["source"]).strip() or path.stem
        if len(source) > 120:
            raise SourceUnreadable(
                f"le nom de source « {source[:40]}… » dépasse 120 caractères ; donnez-en un par --source."
            )
        try:
            return load_trainings(
                self.reader(path),
                name=path.name,
                source=source,
                release=release_of_file(path, source, apply=apply),
                apply=apply,
                demonstration=bool(options["demonstration"]),
            )
        except self.refusal as error:
            raise SourceUnreadable(f"{path} : {error}") from error
