"""The page where an outside expert reads a skill and comments it, by a link that an editor made.

One rule: the address is the key: it is never cached, indexed nor given to another site, and nobody is told more of a link that
does not work than why it does not.
"""

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from cms.views import words
from skills.levels import DESCRIPTORS, Level
from skills.models import (
    CommentedPart,
    EscoSkill,
    LabelKind,
    MappingScheme,
    RomeCompetence,
    Skill,
    SkillReviewLink,
)
from skills.reviews import COMMENTS_A_LINK, TooFast, TooManyComments, add_comment, find_link

LONGEST_COMMENT = 2_000
# A field that people do not see and programs fill.
TRAP = "site"
LANGUAGES = ("fr", "en")


@dataclass(frozen=True)
class Typed:
    """What the form holds; `error` says what to do about it."""

    part: str = CommentedPart.WHOLE.value
    text: str = ""
    error: str = ""


@dataclass(frozen=True)
class Words:
    """The skill in one language. `labels` are those that the site shows; `levels` are numbers and what one does there."""

    language: str
    label: str
    definition: str
    labels: list[str]
    levels: list[tuple[int, str]] = field(default_factory=list)


# The link's owner has no session here: the token is all the authority there is, and a browser told to name no referrer sends
# « Origin: null », which the check of forgeries would refuse.
@csrf_exempt
@never_cache
@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def skill_review(request: HttpRequest, token: str) -> HttpResponse:
    link = find_link(token)
    response = _closed(request, link) if link is None or not link.is_active else _open(request, link, token)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _closed(request: HttpRequest, link: SkillReviewLink | None) -> HttpResponse:
    if link is None:
        reason = _("Cette adresse n’est pas celle d’une relecture : vérifiez qu’elle est entière.")
    elif link.revoked_at:
        reason = _("La rédaction a fermé cette relecture.")
    else:
        reason = _("Le délai de cette relecture est passé.")
    status = 404 if link is None else 410
    return render(
        request, "pages/skill_review_closed.html", {"reason": reason, "is_error": True}, status=status
    )


def _open(request: HttpRequest, link: SkillReviewLink, token: str) -> HttpResponse:
    typed = Typed()
    if request.method == "POST":
        typed = _read(request, link)
        if not typed.error:
            sent = redirect("skill_review", token)
            sent["Location"] += "?envoye=1#remarques"
            return sent
    skill = link.skill.get_latest_revision_as_object() if link.shows_draft else link.skill
    context = {
        "link": link,
        "until": words.day(timezone.localdate(link.expires_at)),
        "skill": skill,
        "versions": [_words(skill, language) for language in LANGUAGES],
        "mappings": _mappings(skill),
        "parts": [(part.value, _(part.label)) for part in CommentedPart],
        "comments": list(link.comments.order_by("created_at", "pk")[:COMMENTS_A_LINK]),
        "typed": typed,
        "trap": TRAP,
        "longest": LONGEST_COMMENT,
        "was_sent": "envoye" in request.GET and not typed.error,
    }
    return render(request, "pages/skill_review.html", context, status=400 if typed.error else 200)


def _read(request: HttpRequest, link: SkillReviewLink) -> Typed:
    """Keep the comment that was sent, or say what is wrong with it."""
    text = request.POST.get("texte", "").replace("\x00", "").replace("\r\n", "\n").strip()
    part = request.POST.get("partie", "")
    if part not in CommentedPart.values:
        return Typed(text=text, error=_("Choisissez sur quoi porte votre remarque."))
    if not text:
        return Typed(part, error=_("Écrivez votre remarque."))
    if len(text) > LONGEST_COMMENT:
        message = _(
            "Votre remarque est trop longue : %(limit)d caractères au plus. Envoyez-la en plusieurs fois."
        )
        return Typed(part, text, message % {"limit": LONGEST_COMMENT})
    if request.POST.get(TRAP):
        return Typed()  # as if it had been kept
    try:
        add_comment(link, part, text)
    except TooManyComments:
        message = _(
            "Cette relecture a reçu %(limit)d remarques, le plus qu’elle puisse garder. Écrivez à la rédaction."
        )
        return Typed(part, text, message % {"limit": COMMENTS_A_LINK})
    except TooFast:
        return Typed(part, text, _("Vous venez d’envoyer plusieurs remarques : attendez quelques minutes."))
    return Typed()


def _words(skill: Skill, language: str) -> Words:
    own = {row.level: getattr(row, f"descriptor_{language}") for row in skill.levels.all()}
    return Words(
        language=language,
        label=getattr(skill, f"label_{language}"),
        definition=getattr(skill, f"definition_{language}"),
        labels=[
            label.text
            for label in skill.labels.all()
            if label.kind != LabelKind.HIDDEN and label.language in ("", language)
        ],
        levels=[(int(level), own.get(level) or DESCRIPTORS[level].descriptor(language)) for level in Level],
    )


def _mappings(skill: Skill) -> list[dict]:
    """What corresponds to the skill in ESCO and ROME, by its name there once they are loaded. Two queries."""
    rows = list(skill.mappings.all())
    codes = [row.code for row in rows]
    names = {one.uri: str(one) for one in EscoSkill.objects.filter(uri__in=codes)}
    names |= {one.ogr_code: one.label for one in RomeCompetence.objects.filter(ogr_code__in=codes)}
    return [
        {
            "scheme": MappingScheme(row.scheme).label,
            "code": row.code,
            "name": names.get(row.code, ""),
            "match": row.get_match_display(),
            "url": row.code if row.scheme == MappingScheme.ESCO else "",
        }
        for row in rows
    ]
