"""« Signalements »: what people say is wrong in an answer, and what an editor makes of it.

One rule: only editors and moderators read what people wrote; a list never shows it, nor an export.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from jobs.models import JobProfilePage
from matching.models import Contested, MatchCase, MatchReport, ReportState
from matching.origins.title_tables import find_candidate
from matching.referential import load_referential
from matching.reports import forget_words, purge
from matching.versions import versions_of
from skills.models import Skill
from training.models import Training

TITLE = "Signalements"
LONGEST_NOTE = 1_000
VERSIONS = ("referential", "model", "formula")
POLICY = ModelPermissionPolicy(MatchReport)


def may_review(user) -> bool:
    return POLICY.user_has_permission(user, "change")


# --- The list
@dataclass(frozen=True)
class ReportRow:
    """A report in the words of the list."""

    pk: str
    kind: str
    about: str
    day: str
    words: str
    state: str


def _rows(reports: Iterable[MatchReport]) -> list[ReportRow]:
    read = list(reports)
    names = Names(read)
    return [
        ReportRow(
            str(report.pk),
            capfirst(report.get_kind_display()),
            ", ".join(said for _, said in names.of(report)),
            f"{report.day:%d/%m/%Y}",
            "oui" if report.has_words else "non",
            report.get_state_display(),
        )
        for report in read
    ]


class Names:
    """What the codes of some reports are called. Three queries, whatever their number."""

    def __init__(self, reports: Sequence[MatchReport]) -> None:
        skills, jobs, trainings = (
            {code for report in reports if (code := getattr(report, field))}
            for field in ("skill_code", "job_code", "training_code")
        )
        pages = JobProfilePage.objects.filter(code__in=jobs).order_by("-locale__language_code")
        self.skills = {one.code: one.label_fr for one in Skill.objects.filter(code__in=skills)}
        self.jobs = {one.code: one.title for one in pages}  # the French title last
        self.trainings = {one.code: one.title_fr for one in Training.objects.filter(code__in=trainings)}

    def of(self, report: MatchReport) -> list[tuple[str, str]]:
        """What a report is about: « Compétence », its name and its code."""
        named = (
            ("Compétence", report.skill_code, self.skills),
            ("Métier", report.job_code, self.jobs),
            ("Formation", report.training_code, self.trainings),
        )
        return [(what, f"{names.get(code, 'inconnu')} ({code})") for what, code, names in named if code]


class ReportFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label="État", choices=ReportState.choices, empty_label="Tous")
    kind = django_filters.ChoiceFilter(
        label="Ce qui est contesté", choices=Contested.choices, empty_label="Tout"
    )

    class Meta:
        model = MatchReport
        fields = ["state", "kind"]


class MatchReportsView(ReportView):
    page_title = TITLE
    header_icon = "warning"
    index_url_name = "match_reports"
    index_results_url_name = "match_reports_results"
    permission_policy = POLICY
    permission_required = "change"
    filterset_class = ReportFilterSet
    is_searchable = False
    columns = [
        TitleColumn(
            "kind",
            label="Ce qui est contesté",
            width="30%",
            get_url=lambda row: reverse("match_report_review", args=[row.pk]),
        ),
        Column("about", label="À propos de", width="35%"),
        Column("day", label="Jour"),
        Column("words", label="Avec un texte"),
        Column("state", label="État"),
    ]
    list_export = [
        "day", "kind", "skill_code", "job_code", "training_code", "origin_key", "level_shown", "level_claimed",
        "language", "referential_version", "model_version", "formula_version", "catalogue_version", "state",
    ]  # fmt: skip

    def get_filename(self) -> str:
        return f"signalements-{timezone.localdate():%Y-%m-%d}"

    def get_queryset(self) -> QuerySet:
        purge(timezone.localdate())
        return MatchReport.objects.order_by("-day", "pk")

    def get_table(self, object_list):
        return super().get_table(_rows(object_list))


# --- One report
class MatchReportView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "admin/match_report.html"
    page_title = "Signalement"
    header_icon = "warning"

    def dispatch(self, request, *args, **kwargs) -> HttpResponse:
        if not may_review(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def report(self) -> MatchReport:
        purge(timezone.localdate())
        return get_object_or_404(MatchReport.objects.select_related("reviewer"), pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return capfirst(self.report.get_kind_display())

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("match_reports"), "label": TITLE},
            {"url": "", "label": self.get_page_subtitle()},
        ]

    def get_context_data(self, **kwargs) -> dict:
        report = self.report
        origin = find_candidate(report.origin_key) if report.origin_key else None
        cases = ModelPermissionPolicy(MatchCase)
        return {
            **super().get_context_data(**kwargs),
            "report": report,
            "about": Names([report]).of(report),
            "origin": f"{origin.title('fr')} ({report.origin_key})" if origin else report.origin_key,
            "versions": _versions(report),
            "cases": list(report.cases.order_by("pk")),
            "may_make_a_case": cases.user_has_permission(self.request.user, "add"),
            "longest_note": LONGEST_NOTE,
        }

    def post(self, request, pk) -> HttpResponse:
        for name, act in _ACTIONS.items():
            if name in request.POST:
                act(self)
                return redirect("match_report_review", self.report.pk)
        return redirect("match_report_review", self.report.pk)

    # --- What a button of the page does.
    def judge(self, state: ReportState, said: str) -> None:
        report = self.report
        report.state, report.reviewer, report.reviewed_at = state, self.request.user, timezone.now()
        report.note = self.request.POST.get("note", "").replace("\x00", "").strip()[:LONGEST_NOTE]
        report.save(update_fields=["state", "reviewer", "reviewed_at", "note"])
        messages.success(self.request, said)

    def accept(self) -> None:
        self.judge(ReportState.ACCEPTED, "Le signalement est retenu.")

    def reject(self) -> None:
        self.judge(ReportState.REJECTED, "Le signalement est écarté.")

    def reopen(self) -> None:
        self.judge(ReportState.NEW, "Le signalement est à regarder de nouveau.")

    def erase(self) -> None:
        forget_words(MatchReport.objects.filter(pk=self.report.pk))
        messages.success(self.request, "Le texte de la personne est effacé.")


_ACTIONS: dict[str, Callable[[MatchReportView], None]] = {
    "accept": MatchReportView.accept,
    "reject": MatchReportView.reject,
    "reopen": MatchReportView.reopen,
    "erase": MatchReportView.erase,
}


def _versions(report: MatchReport) -> list[dict]:
    """Of the answer, beside those of today; unknown ones are said to be so."""
    today = versions_of(load_referential(), ())
    return [
        {
            "name": report._meta.get_field(f"{name}_version").verbose_name,
            "then": getattr(report, f"{name}_version"),
            "now": getattr(today, name),
        }
        for name in VERSIONS
    ]


# --- Where it is found
class MatchReportsMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return may_review(request.user)


def waiting_address() -> str:
    return f"{reverse('match_reports')}?state={ReportState.NEW}"


def menu_item(order: int) -> MenuItem:
    return MatchReportsMenuItem(TITLE, waiting_address(), icon_name="warning", order=order)


def urls() -> list:
    base = "signalements/"
    return [
        path(base, MatchReportsView.as_view(), name="match_reports"),
        path(f"{base}resultats/", MatchReportsView.as_view(results_only=True), name="match_reports_results"),
        path(f"{base}<uuid:pk>/", MatchReportView.as_view(), name="match_report_review"),
    ]
