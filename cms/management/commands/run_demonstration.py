"""`make demo`: from an empty folder to a running site, in one command; quick and without effect the second time."""

import atexit
import signal
import socket
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.embeddings import embedder
from search.engines import ENGINES, engine
from search.errors import SearchUnavailable

WORKER = ["db_worker", "--queue-name", "*", "--interval", "0.5", "--no-reload", "--no-startup-delay"]


class Command(BaseCommand):
    help = "Prépare la démonstration, lance le travailleur et sert le site."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--prepare-only", action="store_true", help="ne sert pas le site")

    def handle(self, *, port: int, prepare_only: bool, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("La démonstration ne se lance qu'avec les réglages de développement.")
        self._check_engine()
        if not prepare_only:
            self._check_port(port)
        self._say("Base de données…")
        call_command("migrate", verbosity=0)
        self._say("Démonstration…")
        call_command("load_demonstration")
        if settings.OPEN_DATA_DIR:
            self._say(f"Données ouvertes de {settings.OPEN_DATA_DIR}…")
            call_command("load_open_data", apply=True)
        self._say("Index de recherche…")
        call_command("search_index", "rebuild", if_needed=True)
        if prepare_only:
            self._say("La démonstration est prête.")
            return
        self._start(*WORKER)
        if settings.OPEN_DATA_DIR and embedder():
            self._start("build_title_index")  # minutes the first time: titles are found by words until then
        self._say(
            f"Le site répond sur http://127.0.0.1:{port}/ ; l'administration, sur /admin/. Ctrl+C pour arrêter."
        )
        call_command("runserver", f"127.0.0.1:{port}", use_reloader=False, skip_checks=True)

    def _say(self, sentence: str) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(sentence))
        self.stdout.flush()

    def _check_engine(self) -> None:
        """Say at once that the engine is unknown, has no address or does not answer, rather than after a minute of loading."""
        if settings.SEARCH_ENGINE == "elasticsearch" and not settings.ELASTICSEARCH_URL:
            raise CommandError(
                "« make demo ENGINE=elasticsearch » a besoin de l'adresse d'un serveur : "
                "ELASTICSEARCH_URL=http://localhost:9200, par exemple."
            )
        if settings.SEARCH_ENGINE not in ENGINES:
            raise CommandError(
                f"Moteur de recherche inconnu : « {settings.SEARCH_ENGINE} ». "
                f"Choisissez parmi : {', '.join(ENGINES)} (« make demo ENGINE={ENGINES[0]} »)."
            )
        if settings.SEARCH_ENGINE == "elasticsearch":
            try:
                engine().generations()
            except SearchUnavailable as error:
                raise CommandError(str(error)) from error

    def _check_port(self, port: int) -> None:
        """Say at once that the port is taken, rather than after a minute of loading."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise CommandError(
                    f"Le port {port} est déjà pris : essayez « make demo PORT={port + 1} »."
                ) from error

    def _start(self, *arguments: str) -> None:
        """A command of ours beside the site, which stops with it."""
        process = subprocess.Popen([sys.executable, sys.argv[0], *arguments])
        atexit.register(process.terminate)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
