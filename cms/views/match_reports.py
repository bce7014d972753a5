"""« Signaler une erreur »: a person says that an answer is wrong, and may take back what was written.

One rule: nothing that the person writes is kept, logged or put in an address without the box ticked; no account is asked for.
"""

import re
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from cms.views import words
from cms.views.contested import KIND_WORDS, WITH_A_LEVEL, WITH_A_SKILL, Subject, read_subject
from cms.views.match import FieldError
from cms.views.shared import TranslatedRefusal, language, refuse, today
from matching.models import Contested, MatchReport
from matching.reports import (
    LONGEST_COMMENT,
    LONGEST_PASSAGE,
    Contest,
    TooManyReports,
    Words,
    forget_words,
    keep_report,
    report_of,
)
from search.typed_texts import tells_of_a_person
from skills.levels import DESCRIPTORS, Level

# A field that people do not see and programs fill.
TRAP = "site"
LIMITS = {"commentaire": LONGEST_COMMENT, "passage": LONGEST_PASSAGE}
# What a text that was typed or pasted has none of; lines and tabulations aside.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class TooMany(FieldError):
    """Nothing is wrong with what was typed: it must wait."""


@dataclass(frozen=True)
class Typed:
    """What the form holds."""

    kind: str = ""
    skill: str = ""
    level: str = ""
    comment: str = ""
    passage: str = ""
    agrees: bool = False

    @classmethod
    def read(cls, sent: QueryDict) -> "Typed":
        comment, passage = (sent.get(name, "").replace("\r\n", "\n").strip() for name in LIMITS)
        return cls(
            sent.get("quoi", ""),
            sent.get("concerne", ""),
            sent.get("niveau_juste", ""),
            comment,
            passage,
            "accord" in sent,
        )

    @property
    def has_words(self) -> bool:
        return bool(self.comment or self.passage)

    @property
    def kept_words(self) -> Words | None:
        return Words(self.comment, self.passage) if self.agrees and self.has_words else None


@never_cache
@sensitive_post_parameters(*LIMITS)
@require_http_methods(["GET", "HEAD", "POST"])
def match_report(request: HttpRequest) -> HttpResponse:
    try:
        subject = read_subject(request.GET)
    except TranslatedRefusal as gone:
        return refuse(request, gone, status=404)
    if request.method != "POST":
        return _page(request, subject, Typed(kind=subject.kinds[0] if len(subject.kinds) == 2 else ""))
    typed = Typed.read(request.POST)
    try:
        return _keep(request, subject, typed)
    except TooMany as error:
        return _page(request, subject, typed, error, status=429)
    except FieldError as error:
        return _page(request, subject, typed, error, status=400)


def _page(
    request: HttpRequest, subject: Subject, typed: Typed, error: FieldError | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "subject": subject,
        "typed": typed,
        "error": error,
        "kinds": [(kind.value, KIND_WORDS[kind]) for kind in subject.kinds],
        "levels": [(str(int(level)), DESCRIPTORS[level].label(language())) for level in Level],
        "longest_comment": words.number(LONGEST_COMMENT),
        "longest_passage": words.number(LONGEST_PASSAGE),
        "trap": TRAP,
    }
    return render(request, "pages/match_report.html", context, status=status)


def _keep(request: HttpRequest, subject: Subject, typed: Typed) -> HttpResponse:
    contest = _contest(subject, typed)
    if typed.agrees:
        _check_words(typed)
    if request.POST.get(TRAP):
        return redirect("match_report_sent")  # as if it had been kept
    try:
        token = keep_report(contest, typed.kept_words, language(), today())
    except TooManyReports as error:
        message = _("Le site a reçu trop de signalements aujourd’hui : envoyez le vôtre demain.")
        raise TooMany("quoi", message) from error
    if token:
        return redirect("match_report_sent", token)
    sent = redirect("match_report_sent")
    if typed.has_words:
        sent["Location"] += "?sans-texte=1"
    return sent


# --- What was sent, checked
def _contest(subject: Subject, typed: Typed) -> Contest:
    if typed.kind not in subject.kinds:
        raise FieldError("quoi", _("Choisissez ce qui ne va pas."))
    kind = Contested(typed.kind)
    contest = replace(subject.contest, kind=kind, level_claimed=_level(subject, typed, kind))
    if kind in WITH_A_SKILL:
        contest = replace(contest, skill=_skill(subject, typed, kind))
    says_nothing = kind == Contested.OTHER or (kind == Contested.MISSED and not contest.skill)
    if says_nothing and not typed.kept_words:
        message = _("Dites ce qui ne va pas dans le commentaire, et cochez la case pour qu’il soit conservé.")
        raise FieldError("accord" if typed.has_words else "commentaire", message)
    return contest


def _skill(subject: Subject, typed: Typed, kind: Contested) -> str:
    if typed.skill in {one.code for one in subject.choices}:
        return typed.skill
    if typed.skill or kind != Contested.MISSED:
        raise FieldError("concerne", _("Choisissez la compétence concernée."))
    return ""  # the referential has no name for it: the comment says what it is


def _level(subject: Subject, typed: Typed, kind: Contested) -> int | None:
    if kind not in WITH_A_LEVEL:
        return None
    level = int(typed.level) if typed.level in {str(int(one)) for one in Level} else None
    if level is None and (typed.level or kind == Contested.WRONG_LEVEL):
        raise FieldError("niveau_juste", _("Choisissez le niveau qui serait juste."))
    if kind == Contested.WRONG_LEVEL and level == subject.contest.level_shown:
        raise FieldError("niveau_juste", _("C’est le niveau montré : choisissez celui qui serait juste."))
    return level


def _check_words(typed: Typed) -> None:
    for field, text in zip(LIMITS, (typed.comment, typed.passage), strict=True):
        if len(text) > LIMITS[field]:
            message = _("Ce texte est trop long : %(limit)s caractères au plus.")
            raise FieldError(field, message % {"limit": words.number(LIMITS[field])})
        if _CONTROLS.search(text):
            raise FieldError(field, _("Ce texte contient des caractères illisibles : tapez-le à nouveau."))
        if tells_of_a_person(text):
            message = _(
                "Ce texte contient une adresse ou un numéro, qui pourrait vous désigner : retirez-le."
            )
            raise FieldError(field, message)


# --- Afterwards
@never_cache
@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def match_report_sent(request: HttpRequest, token: str = "") -> HttpResponse:
    """What was kept and what becomes of it; by the token, the person takes the words back."""
    report = report_of(token) if token else None
    if token and report is None:
        message = _("Cette adresse ne mène plus à aucun texte : il a été effacé.")
        return refuse(request, TranslatedRefusal(message), status=404)
    if report is not None and request.method == "POST":
        forget_words(MatchReport.objects.filter(pk=report.pk))
        gone = redirect("match_report_sent")
        gone["Location"] += "?efface=1"
        return gone
    context = {
        "report": report,
        "until": words.day(report.text_until) if report else "",
        "was_left_out": "sans-texte" in request.GET,
        "was_erased": "efface" in request.GET,
    }
    return render(request, "pages/match_report_sent.html", context)
