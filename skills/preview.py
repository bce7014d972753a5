"""How a draft skill is shown: by the public page, which lives in the site above and registers itself here.

One rule: this module knows no page by name.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

PREVIEW_LANGUAGES = [("fr", "Français"), ("en", "Anglais")]

ShowSkill = Callable[[HttpRequest, Any], HttpResponse]
_pages: list[ShowSkill] = []


def register_skill_page(show: ShowSkill) -> None:
    _pages[:] = [show]


def skill_page(request: HttpRequest, skill: Any) -> HttpResponse:
    """The page of a skill as it stands in memory, in the active language."""
    return _pages[0](request, skill)
