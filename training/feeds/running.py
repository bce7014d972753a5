"""One run of a feed: fetch → dry run → circuit breaker → load → store the difference → report.

One rule: loading and recording are one transaction, so that a run killed half-way leaves the catalogue as it
was. Nothing is loaded when the dry run says that more than a fifth of the feed's online trainings would go;
the content is then held, and loads only when somebody accepts that very content.
"""

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from skills.imports.report import Action
from training.feeds.claims import TakenOver, Verdict, close_run, open_run
from training.feeds.content import Content, Receiver
from training.feeds.fetching import Limits, NotModified, Validators, fetch
from training.feeds.folders import newest_file
from training.feeds.ownership import OwnTrainings
from training.feeds.problems import FeedProblem, FeedRefused
from training.feeds.reporting import report_to_owner
from training.importers.csv_file import CsvRefused, ProviderCsv
from training.importers.lheo import LheoFile
from training.importers.loading import TrainingImportReport, load_trainings, release_of_file
from training.importers.rows import TrainingSource
from training.importers.xml_stream import UnsafeOrForeignXml
from training.models import FeedFormat, FeedOutcome, FeedRun, Training, TrainingFeed

logger = logging.getLogger(__name__)

READERS: dict[str, tuple[str, Callable[[Path], TrainingSource]]] = {
    FeedFormat.LHEO: (".xml", LheoFile),
    FeedFormat.CSV: (".csv", ProviderCsv),
}
HELD_SHARE = 5  # one training in so many
NOTHING_NEW = "Rien de nouveau."


@dataclass(frozen=True)
class Request:
    """What is asked of a run: `force` fetches and loads again what is known; `accepts` is a held run."""

    force: bool = False
    accepts: FeedRun | None = None
    accepted_by_id: int | None = None


class Unusable(FeedRefused):
    """Read, but with nothing in it that can be loaded."""

    def __init__(
        self, cause: str, message: str, content: Content, plan: TrainingImportReport | None = None
    ) -> None:
        super().__init__(cause, message, content.http_status)
        self.content = content
        self.plan = plan


class NothingToAccept(Exception):
    """The feed has no held run, or something was loaded or held since."""


def run_feed(feed_id: int, request: Request | None = None) -> FeedRun:
    """Run a feed now; raises `FeedBusy` or `FeedInactive`. Whatever else happens is told by the run."""
    run = open_run(feed_id)
    try:
        _run_to_its_end(run, request or Request())
    except TakenOver:
        logger.warning("feed %s: run %s was taken over or its feed deleted", run.feed.source, run.pk)
        return FeedRun.objects.filter(pk=run.pk).first() or run
    run.refresh_from_db()
    logger.info("feed %s: %s", run.feed.source, run.outcome)
    report_to_owner(run)
    return run


def accept_removals(held: FeedRun, *, accepted_by_id: int | None = None) -> FeedRun:
    """Load the content of a held run, once."""
    if not held.can_be_accepted:
        raise NothingToAccept(f"Le flux « {held.feed} » n'a aucun passage retenu à accepter.")
    return run_feed(held.feed_id, Request(accepts=held, accepted_by_id=accepted_by_id))


def _run_to_its_end(run: FeedRun, request: Request) -> None:
    try:
        _attempt(run, request)
    except FeedProblem as problem:
        close_run(run, _told(problem))
    except TakenOver:
        raise
    except Exception:
        logger.exception("feed %s: run %s failed", run.feed.source, run.pk)
        close_run(run, _broken("internal", "Erreur interne : prévenez l'exploitant du site."))
    except BaseException:
        close_run(run, _broken("interrupted", "Le passage a été interrompu ; nouvel essai plus tard."))
        raise


def _told(problem: FeedProblem) -> Verdict:
    read = {"content": problem.content, "report": problem.plan} if isinstance(problem, Unusable) else {}
    return Verdict(
        FeedOutcome(problem.outcome),
        problem.message,
        cause=problem.cause,
        http_status=problem.http_status,
        **read,
    )


def _broken(cause: str, message: str) -> Verdict:
    return Verdict(FeedOutcome.FAILED, message, cause=cause)


def _attempt(run: FeedRun, request: Request) -> None:
    folder = Path(settings.FEED_STATE_DIR) / run.feed.source
    folder.mkdir(parents=True, exist_ok=True)
    for left_behind in folder.glob("incoming-*"):
        left_behind.unlink(missing_ok=True)
    target = folder / f"incoming-{run.pk}"
    if request.accepts is not None:
        request.accepts.refresh_from_db()
        if not request.accepts.can_be_accepted:
            request = Request()  # somebody else was quicker
    try:
        content = _obtain(run.feed, target, folder, request)
        if isinstance(content, NotModified):
            close_run(run, Verdict(FeedOutcome.UNCHANGED, NOTHING_NEW, http_status=content.http_status))
        elif content.fingerprint == run.feed.fingerprint and not request.force:
            close_run(run, _verdict(content, FeedOutcome.UNCHANGED, NOTHING_NEW, remembered=content))
        else:
            _weigh(run, content, folder, request)
    finally:
        target.unlink(missing_ok=True)


def _verdict(content: Content, outcome: FeedOutcome, message: str, **values) -> Verdict:
    return Verdict(outcome, message, content=content, http_status=content.http_status, **values)


def _obtain(feed: TrainingFeed, target: Path, folder: Path, request: Request) -> Content | NotModified:
    if request.accepts is not None:
        held = _held_file(folder, request.accepts.fingerprint)
        if held.is_file():
            with held.open("rb") as stream, Receiver(target, max_bytes=settings.FEED_MAX_BYTES) as receiver:
                receiver.take(stream)
                return receiver.finish()
    if feed.folder:
        root = Path(settings.FEED_FOLDERS_ROOT) if settings.FEED_FOLDERS_ROOT else None
        return newest_file(
            root,
            feed.folder,
            READERS[feed.format][0],
            target,
            max_bytes=settings.FEED_MAX_BYTES,
            settle_seconds=settings.FEED_FOLDER_SETTLE_SECONDS,
        )
    limits = Limits(settings.FEED_MAX_BYTES, settings.FEED_TIMEOUT_SECONDS, settings.FEED_ALLOW_LOOPBACK)
    known = Validators() if request.force else Validators(feed.etag, feed.last_modified)
    return fetch(feed.url, target, limits, known)


def _held_file(folder: Path, fingerprint: str) -> Path:
    return folder / f"held-{fingerprint}"


def _weigh(run: FeedRun, content: Content, folder: Path, request: Request) -> None:
    """Try the content on the catalogue, then load, hold or refuse it."""
    plan, is_whole = _load(run.feed, content, apply=False)
    _refuse_if_empty(plan, content)
    accepted = (
        request.accepts if request.accepts and request.accepts.fingerprint == content.fingerprint else None
    )
    online = Training.objects.filter(source=run.feed.source, live=True, left_source_on=None).count()
    if accepted is None and plan.going_offline * HELD_SHARE > online:
        _hold(run, content, folder, plan, online)
        return
    with transaction.atomic():
        report = _load(run.feed, content, apply=True)[0] if plan.changed_anything else plan
        report.applied = plan.changed_anything
        close_run(run, _loaded(content, report, is_whole=is_whole))
        if accepted is not None:
            FeedRun.objects.filter(pk=accepted.pk).update(
                accepted_at=timezone.now(), accepted_by_id=request.accepted_by_id
            )
    _forget_held(folder)


def _load(feed: TrainingFeed, content: Content, *, apply: bool) -> tuple[TrainingImportReport, bool]:
    """The report, and whether the file was read to its end."""
    extension, reader = READERS[feed.format]
    name = f"{feed.source}{extension}"
    source = reader(content.path)
    if not feed.admits_others:
        source = OwnTrainings(source, feed.organisation.name, feed.organisation.siret or "")
    try:
        report = load_trainings(
            source,
            name=name,
            source=feed.source,
            release=release_of_file(content.path, feed.source, name=name, apply=apply),
            apply=apply,
            demonstration=feed.organisation.is_demonstration,
        )
    except (CsvRefused, UnsafeOrForeignXml) as error:
        raise Unusable("format", f"Le fichier est refusé : {error}", content) from error
    return report, source.complete


def _refuse_if_empty(plan: TrainingImportReport, content: Content) -> None:
    """Without one usable training there is nothing to compare: most likely not the file that was meant."""
    if any(plan.counts[action] for action in (Action.ADDED, Action.CHANGED, Action.UNCHANGED)):
        return
    if plan.error_count:
        rejections = _counted(plan.error_count, "rejet")
        message = f"Aucune formation n'a pu être lue ({rejections}) : voir les raisons."
        raise Unusable("rejections", message, content, plan)
    raise Unusable(
        "empty", "Le flux ne contient aucune formation : vérifiez ce qu'il exporte.", content, plan
    )


def _hold(run: FeedRun, content: Content, folder: Path, plan: TrainingImportReport, online: int) -> None:
    _forget_held(folder)
    shutil.copyfile(content.path, _held_file(folder, content.fingerprint))
    gone = plan.going_offline
    seen = (
        f"{gone} formations en ligne sur {online} seraient retirées"
        if gone > 1
        else (f"1 formation en ligne sur {online} serait retirée")
    )
    message = (
        f"{seen}, plus d'une sur cinq : rien n'a été chargé. Vérifiez que le flux est complet. Si ces retraits"
        " sont voulus, acceptez-les depuis la page de ce passage."
    )
    close_run(run, _verdict(content, FeedOutcome.HELD, message, cause="removals", report=plan))


def _forget_held(folder: Path) -> None:
    for held in folder.glob("held-*"):
        held.unlink(missing_ok=True)


def _loaded(content: Content, report: TrainingImportReport, *, is_whole: bool) -> Verdict:
    """Content that was not read whole is not remembered: its validators may speak of the whole."""
    counts = report.counts
    cause, message = "", "Aucune différence avec le catalogue."
    if report.changed_anything:
        words = {Action.ADDED: "ajout", Action.CHANGED: "modification", Action.REMOVED: "retrait"}
        message = ", ".join(_counted(counts[action], word) for action, word in words.items()) + "."
    if report.error_count:
        message += f" {_counted(report.error_count, 'rejet')} : voir les raisons."
        cause = "rejections"
    if not is_whole:
        message += " Le fichier n'a pas été lu en entier : rien n'est retiré. Vérifiez sa fin."
        cause = "partial"
    outcome = FeedOutcome.LOADED if report.changed_anything else FeedOutcome.UNCHANGED
    return _verdict(
        content, outcome, message, cause=cause, report=report, remembered=content if is_whole else None
    )


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'s' if number > 1 else ''}"
