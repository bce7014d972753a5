"""What templates ask for: navigation, language links, levels, bars, and the details of Wagtail's own pages.

One rule: a tag holds no query of its own; it calls the module of `cms.views` that owns the subject.
"""

import json

from django import template
from django.db.models import Model
from django.urls import reverse, translate_url
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms.models import ContentPage
from cms.views import contested, job_list, job_pages, offers, programmes, words
from cms.views.shared import language
from skills.levels import DESCRIPTORS, Level

register = template.Library()
# What could end a script element, or begin a comment inside it, is written as JSON's own escapes.
SCRIPT_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
LANGUAGE_CODES = ("fr", "en")
# Views whose address says what the page is about: it goes on in the other language.
QUERY_VIEWS = frozenset({"training_list", "site_search", "equivalences", "referential", "match_report"})
MAX_FOOTER_PAGES = 8


@register.simple_tag(takes_context=True)
def language_links(context) -> list[dict]:
    """The same page in each language; `alternate` (absolute) only where it truly exists."""
    request, page = context["request"], context.get("page")
    if context.get("is_error"):
        addresses, known = {}, False
    elif isinstance(page, Page) and page.pk:
        addresses, known = _page_addresses(page), True
    else:
        path = request.get_full_path() if _keeps_its_query(request) else request.path
        addresses = {code: translate_url(path, code) for code in LANGUAGE_CODES}
        known = True
    return [_language_link(request, code, addresses.get(code, ""), known) for code in LANGUAGE_CODES]


def _keeps_its_query(request) -> bool:
    """Elsewhere the page never repeats what an address carries."""
    return bool(request.resolver_match) and request.resolver_match.url_name in QUERY_VIEWS


def _page_addresses(page: Page) -> dict[str, str]:
    translations = page.get_translations(inclusive=True).live().select_related("locale")
    return {translation.locale.language_code: translation.url or "" for translation in translations}


def _language_link(request, code: str, address: str, known: bool) -> dict:
    with override(code):
        home = reverse("wagtail_serve", args=[""])
    path = address.split("?")[0]
    return {
        "code": code,
        "name": get_language_info(code)["name_local"].capitalize(),
        "url": address or home,
        "alternate": request.build_absolute_uri(path) if known and address else "",
        "current": code == language(),
    }


@register.simple_tag(takes_context=True)
def main_navigation(context) -> list[dict]:
    path = context["request"].path
    index = job_pages.job_index()
    entries = [(index.title, index.url)] if index and index.url else []
    entries += [
        (_("Formations"), reverse("training_list")),
        (_("Mes compétences"), reverse("my_skills")),
        (_("Besoins"), reverse("need_list")),
    ]
    return [
        {
            "label": label,
            "url": url,
            "current": "page" if path == url else ("true" if path.startswith(url) else ""),
        }
        for label, url in entries
    ]


@register.simple_tag
def footer_pages() -> list[ContentPage]:
    pages = ContentPage.objects.live().filter(locale__language_code=language())
    return list(pages.order_by("path")[:MAX_FOOTER_PAGES])


@register.simple_tag
def job_index_link() -> dict:
    index = job_pages.job_index()
    return {"label": index.title, "url": index.url} if index else {"label": "", "url": ""}


@register.simple_tag
def home_facts() -> dict:
    return job_pages.home_facts()


@register.simple_tag(takes_context=True)
def job_listing(context, page) -> dict:
    return job_list.job_listing(page, job_list.read_choices(context["request"]))


@register.simple_tag
def job_details(page) -> dict:
    details = job_pages.job_details(page)
    found = programmes.for_requirements(details["requirements"], limit=programmes.MAX_JOB_PROGRAMMES)
    return {**details, "programmes": found}


@register.simple_tag
def training_details(training: Model) -> dict:
    return offers.training_details(training)


@register.filter
def display(words: str) -> str:
    """A label of a lower app (French) in the active language."""
    return _(str(words)) if words else ""


@register.filter
def entry_level(level: int | None) -> str:
    return words.entry_level(level)


@register.filter
def skill_origin(link: Model) -> str:
    """How a training came by a skill: declared, suggested, or confirmed and by whom."""
    return words.skill_origin(link)


@register.inclusion_tag("components/level.html")
def level(value: int) -> dict:
    steps = [{"x": index * 11, "on": index < value} for index in range(len(Level))]
    return {"level": value, "label": DESCRIPTORS[Level(value)].label(language()), "steps": steps}


@register.simple_tag
def level_scale() -> list[dict]:
    return [
        {"level": int(one), "descriptor": descriptor.descriptor(language())}
        for one, descriptor in DESCRIPTORS.items()
    ]


@register.inclusion_tag("components/bar.html")
def bar(share: float, text: str, gain: float = 0) -> dict:
    """A bar for a share between 0 and 1 (and the share it would become), with its value in words."""
    return {"width": round(share * 100), "gain": round(gain * 100), "text": text}


@register.inclusion_tag("components/state.html")
def state(value: str, of_programme: bool = False) -> dict:
    """Whether a requirement is met: by a person (« acquise ») or by a programme (« couverte »)."""
    return {"state": value, "of_programme": of_programme}


@register.inclusion_tag("components/report_link.html")
def report_link(stamp: str, label: str, **named) -> dict:
    """Where one says that this part of an answer is wrong; `named`: codes and levels (see `contested.report_address`)."""
    return {"address": contested.report_address(stamp, **named), "label": label}


@register.simple_tag
def json_ld(said: dict) -> str:
    """A block of data for search engines; no script is run, so the content security policy lets it stand."""
    content = json.dumps(said, ensure_ascii=False).translate(SCRIPT_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(content))  # noqa: S308 - escaped above
