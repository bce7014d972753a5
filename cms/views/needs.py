"""Employers' open needs and the programmes that match each.

One rule: a need that is a draft or past its closing day has no public page.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.views import programmes
from cms.views.job_pages import jobs_by_code, requirement_groups
from cms.views.shared import PAGE_SIZE, foreign, page_links, read_page, refuse, today
from jobs.models import EmployerNeed
from search.request import InvalidRequest


def _open_needs():
    return EmployerNeed.objects.open(on=today()).select_related(
        "organisation", "commune__region", "job_profile"
    )


@require_safe
def need_list(request: HttpRequest) -> HttpResponse:
    try:
        page = read_page(request)
    except InvalidRequest as error:
        return refuse(request, error)
    needs = _open_needs()
    first = (page - 1) * PAGE_SIZE
    total = needs.count()
    shown = list(needs.prefetch_related("requirements__skill")[first : first + PAGE_SIZE])
    if page > 1 and not shown:
        raise Http404
    context = {"needs": shown, "total": total, "pages": page_links(page, total), "text_lang": foreign("fr")}
    return render(request, "pages/need_list.html", context)


@require_safe
def need(request: HttpRequest, code: str) -> HttpResponse:
    found = _open_needs().filter(code=code).first()
    if found is None:
        raise Http404
    requirements = list(found.requirements.select_related("skill").order_by("sort_order", "pk"))
    job_code = found.job_profile.code if found.job_profile else ""
    context = {
        "need": found,
        "essential": requirement_groups([r for r in requirements if r.importance == "essential"]),
        "useful": requirement_groups([r for r in requirements if r.importance != "essential"]),
        "job": jobs_by_code([job_code]).get(job_code) if job_code else None,
        "programmes": programmes.for_requirements(requirements, near=found.commune),
        "text_lang": foreign("fr"),
    }
    return render(request, "pages/need.html", context)
