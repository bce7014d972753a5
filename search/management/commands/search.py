"""`manage.py search TEXT --in jobs|trainings|skills`: the search of the site, on the command line."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from search.batch import BatchLine, read_batch
from search.engines import ENGINES
from search.errors import SearchUnavailable
from search.filters import DEFAULT_KILOMETRES, FILTERS
from search.harvest import harvested
from search.request import (
    PLACE,
    PUBLIC_KINDS,
    InvalidRequest,
    Kind,
    Mode,
    SearchRequest,
    SearchResult,
    SearchResults,
    SortKey,
)
from search.retrieval import search
from search.suggestions import Suggestion, suggest

DEFAULT_LIMIT = 10
# Filters that the command names in its own way: --mode is how to search, and a place goes with its distance.
OWN_OPTIONS = ("mode", PLACE)


class Command(BaseCommand):
    help = (
        "Cherche des métiers, des formations ou des compétences. --all donne tous les résultats, si nombreux soient-ils, "
        "dans l'ordre neutre : sans page, sans tri et sans borne."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text", nargs="?", help="ce que l'on cherche")
        parser.add_argument(
            "--in", dest="kind", choices=[kind.value for kind in PUBLIC_KINDS], default=Kind.JOBS.value
        )
        parser.add_argument("--mode", choices=[mode.value for mode in Mode], default=Mode.HYBRID.value)
        parser.add_argument("--limit", type=int, help=f"résultats d'une page (par défaut : {DEFAULT_LIMIT})")
        parser.add_argument("--offset", type=int, help="résultats passés avant la page")
        parser.add_argument("--all", action="store_true", help="tous les résultats, dans l'ordre neutre")
        parser.add_argument(
            "--suggest",
            action="store_true",
            help="ce que le site propose à qui tape ce texte : les noms qui en ont tous les mots, même le dernier inachevé",
        )
        parser.add_argument(
            "--sort",
            choices=[key.value for key in SortKey],
            default=SortKey.RELEVANCE.value,
            help="ordre des formations ; distance : avec --place",
        )
        parser.add_argument(
            "--place",
            metavar="VILLE",
            help="formations données près de cette commune (nom ou code postal), ou à distance",
        )
        parser.add_argument(
            "--within-km",
            metavar="N",
            help=f"à moins de N km de --place (par défaut : {DEFAULT_KILOMETRES})",
        )
        parser.add_argument("--lang", choices=["fr", "en"], default="fr")
        parser.add_argument("--engine", choices=ENGINES, default="")
        parser.add_argument("--batch", help='lignes JSON {"id", "text"} ; « - » : entrée standard')
        parser.add_argument("--json", action="store_true", help="une ligne JSON par recherche")
        for name in sorted(
            {definition.name for kind in PUBLIC_KINDS for definition in FILTERS[kind]} - set(OWN_OPTIONS)
        ):
            parser.add_argument(
                f"--{name.replace('_', '-')}", dest=f"filter_{name}", action="append", default=[]
            )
        parser.add_argument("--delivery", dest="filter_mode", action="append", default=[])

    def handle(self, **options: Any) -> None:
        if bool(options["text"] is not None) == bool(options["batch"]):
            raise CommandError("Donnez un texte à chercher, ou --batch FICHIER.jsonl.", returncode=2)
        _check_together(options)
        with translation.override(options["lang"]):
            failed = self._answer_all(options)
        if failed:
            sys.exit(1)

    def _answer_all(self, options: dict[str, Any]) -> bool:
        failed = False
        for line in self._questions(options):
            try:
                if line.error:
                    raise InvalidRequest(line.error)
                self._answer(line, self._request(line.text, options), options)
            except (InvalidRequest, SearchUnavailable) as error:
                if not options["batch"]:
                    raise CommandError(str(error), returncode=2) from error
                failed = True
                self.stdout.write(json.dumps({"id": line.id, "error": str(error)}, ensure_ascii=False))
        return failed

    def _answer(self, line: BatchLine, request: SearchRequest, options: dict[str, Any]) -> None:
        if options["suggest"]:
            answered = suggest(request, options["engine"])
            self._show_suggestions(line, answered.value, answered.notice, options)
        else:
            answer = harvested if options["all"] else search
            self._show(line, answer(request, options["engine"]), options)

    def _questions(self, options: dict[str, Any]) -> Iterator[BatchLine]:
        if options["batch"] is None:
            yield BatchLine(None, options["text"])
            return
        try:
            yield from read_batch(Path("/dev/stdin" if options["batch"] == "-" else options["batch"]))
        except OSError as error:
            raise CommandError(f"{options['batch']} : {error.strerror}", returncode=2) from error

    def _request(self, text: str, options: dict[str, Any]) -> SearchRequest:
        kind = Kind(options["kind"])
        filters = {
            key[len("filter_") :]: tuple(value)
            for key, value in options.items()
            if key.startswith("filter_") and value
        }
        if options["place"] is not None:
            said = options["within_km"]
            filters[PLACE] = (options["place"],) if said is None else (options["place"], said)
        return SearchRequest(
            kind=kind,
            text=text,
            mode=Mode(options["mode"]),
            filters=filters,
            limit=DEFAULT_LIMIT if options["limit"] is None else options["limit"],
            offset=options["offset"] or 0,
            language=options["lang"],
            sort=SortKey(options["sort"]),
        )

    def _show(self, line: BatchLine, results: SearchResults, options: dict[str, Any]) -> None:
        if results.notice:
            self.stderr.write(results.notice)
        if options["json"] or options["batch"]:
            self.stdout.write(json.dumps(_as_dict(line, results, options["kind"]), ensure_ascii=False))
        elif results.abstained:
            self.stdout.write("Rien d'assez proche de votre recherche.")
        else:
            self._table(results, options["lang"])

    def _show_suggestions(
        self, line: BatchLine, found: list[Suggestion], notice: str, options: dict[str, Any]
    ) -> None:
        if notice:
            self.stderr.write(notice)
        if options["json"] or options["batch"]:
            answer = {
                "id": line.id,
                "suggestions": [{**_named(one, options["kind"]), "url": one.url} for one in found],
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        width = max((len(one.code) for one in found), default=0)
        for one in found:
            self.stdout.write(f"{one.code:<{width}}  {one.title(options['lang'])}")

    def _table(self, results: SearchResults, language: str) -> None:
        self.stdout.write(f"{results.total} résultats ({results.mode.value})")
        width = max((len(result.code) for result in results.results), default=0)
        for result in results.results:
            self.stdout.write(
                f"{result.score:8.4f}  {result.code:<{width}}  {result.title(language)}  [{result.found_by}]"
            )


def _check_together(options: dict[str, Any]) -> None:
    """Options that say nothing without another, or beside it."""
    if options["place"] is None and options["within_km"] is not None:
        raise CommandError("--within-km se donne avec --place VILLE.", returncode=2)
    if options["place"] is None and options["sort"] == SortKey.DISTANCE.value:
        raise CommandError("--sort distance se donne avec --place VILLE.", returncode=2)
    pages = options["limit"] is not None or options["offset"] is not None
    if options["suggest"] and _says_how_to_search(options):
        raise CommandError(
            "--suggest se donne avec --in, --limit, --lang et --engine seulement : rien n'y est filtré ni trié.",
            returncode=2,
        )
    if options["all"] and (pages or options["sort"] != SortKey.RELEVANCE.value):
        raise CommandError("--all se donne sans --limit, --offset ni --sort : tout vient.", returncode=2)


def _says_how_to_search(options: dict[str, Any]) -> bool:
    """Whether something is asked that suggestions do not know."""
    is_filtered = options["place"] is not None or any(
        value for key, value in options.items() if key.startswith("filter_")
    )
    usual = options["mode"] == Mode.HYBRID.value and options["sort"] == SortKey.RELEVANCE.value
    return is_filtered or not usual or options["all"] or options["offset"] is not None


def _named(one: SearchResult | Suggestion, kind: str) -> dict[str, str]:
    """Its code and names, under the keys of its kind."""
    fr, en = ("label_fr", "label_en") if kind == Kind.SKILLS.value else ("title_fr", "title_en")
    return {"code": one.code, fr: one.title_fr, en: one.title_en}


def _as_dict(line: BatchLine, results: SearchResults, kind: str) -> dict[str, Any]:
    return {
        "id": line.id,
        "abstained": results.abstained,
        "total": results.total,
        "mode": results.mode.value,
        "results": [
            {
                **_named(result, kind),
                "score": result.score,
                "found_by": result.found_by,
                "url": result.url,
                **(_alerts(result) if kind == Kind.TRAININGS.value else {}),
            }
            for result in results.results
        ],
    }


def _alerts(result: SearchResult) -> dict[str, Any]:
    return {
        "certification_alerts": [
            {**asdict(notice), "ends_on": notice.ends_on.isoformat() if notice.ends_on else None}
            for notice in result.certification_alerts
        ]
    }
