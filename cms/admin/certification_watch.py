"""The certification watch in the admin: the notice of the training form, the filter of the list, the report.

One rule: it warns and never blocks; and a provider reads of its own trainings only, whatever the address says.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import django_filters
from django.db.models import F, QuerySet
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.panels import Panel
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from cms.admin.scoped import OrganisationFilterSet
from training.certification_watch.queries import (
    alerts_by_training,
    alerts_of,
    in_state,
    registrations,
    trainings_in_state,
)
from training.certification_watch.rules import (
    STATE_LABELS,
    CertificationAlert,
    CertificationState,
    end_in_words,
    session_in_words,
    succession_in_words,
)
from training.models import Training, register_page

ANY_ACTION = ["add", "change", "delete", "publish", "view"]
STATE_CHOICES = [(state.value, STATE_LABELS[state].capitalize()) for state in CertificationState]
Link = Training.certifications.through


# --- The training form


@dataclass(frozen=True)
class Notice:
    """One certification that somebody should look at: what is the matter, and what to do."""

    code: str
    title: str
    url: str
    said: str
    advice: str
    sessions: list[str]


def notices(training: Training) -> list[Notice]:
    """Of a training as it stands in the form: its draft, not what is online."""
    today = timezone.localdate()
    known = registrations(training.certifications.all())
    return [_notice(alert, today) for alert in alerts_of(training, known, today) if alert.is_concerning]


def _notice(alert: CertificationAlert, today: dt.date) -> Notice:
    registration = alert.registration
    return Notice(
        code=registration.code,
        title=registration.title,
        url=register_page(registration.code),
        said=f"{end_in_words(registration, today)}{succession_in_words(registration)}.",
        advice=_advice(alert),
        sessions=[f"{session_in_words(session, concern)}." for session, concern in alert.sessions],
    )


def _advice(alert: CertificationAlert) -> str:
    successors = alert.registration.successors
    if successors:
        return (
            f"Si la formation prépare désormais à {' ou '.join(successors)}, remplacez le code dans"
            " « Certifications visées »."
        )
    if CertificationState.ENDED in alert.states:
        return "Si la formation n'y prépare plus, retirez le code de « Certifications visées »."
    if alert.sessions:
        return "Vérifiez que ces sessions peuvent encore mener à la certification."
    return "Vérifiez si son renouvellement est demandé avant d'annoncer de nouvelles sessions."


class CertificationWatchPanel(Panel):
    """On top of the form, shown only when there is something to say. It reads the draft on opening and after saving."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/certification_watch_panel.html"

        @cached_property
        def notices(self) -> list[Notice]:
            return notices(self.instance) if self.instance.pk else []

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.notices)

        def get_context_data(self, parent_context=None):
            return {**super().get_context_data(parent_context), "notices": self.notices}


class WarnsAfterSaving:
    """For the views that save a training and leave its form: the notice would not be seen."""

    def form_valid(self, form):
        response = super().form_valid(form)
        stays = response.status_code != 302 or response.url == reverse(
            "admin_trainings:edit", args=[form.instance.pk]
        )
        if not stays and (found := notices(form.instance)):
            said = " ".join(f"{notice.code} : {notice.said}" for notice in found)
            messages.warning(self.request, f"Certifications à vérifier. {said}")
        return response


# --- The list


def filter_by_state(queryset: QuerySet, name: str, value: str) -> QuerySet:
    return trainings_in_state(queryset, CertificationState(value), timezone.localdate())


def state_filter(**options) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        label="État de la certification", choices=STATE_CHOICES, empty_label="Tous", **options
    )


# --- The report


@dataclass(frozen=True)
class WatchRow:
    """A training and one of its certifications, in words."""

    pk: int
    training: str
    provider: str
    online: str
    code: str
    certification: str
    state: str
    ends_on: str
    successors: str
    sessions: str


def _rows(links: Iterable[Link]) -> Iterator[WatchRow]:
    read = list(links)
    today = timezone.localdate()
    found = alerts_by_training({link.training for link in read}, today)
    for link in read:
        alert = next(a for a in found[link.training_id] if a.registration.code == link.certification.code)
        registration = alert.registration
        yield WatchRow(
            pk=link.training_id,
            training=link.training.title_fr,
            provider=link.training.provider_name or "plusieurs établissements",
            online="oui" if link.training.live else "non",
            code=registration.code,
            certification=registration.title or "intitulé inconnu",
            state=", ".join(STATE_LABELS[state] for state in alert.states),
            ends_on=f"{registration.ends_on:%d/%m/%Y}" if registration.ends_on else "inconnue",
            successors=", ".join(registration.successors),
            sessions=" ; ".join(session_in_words(session, concern) for session, concern in alert.sessions),
        )


class WatchFilterSet(OrganisationFilterSet):
    organisation_filter = "provider"

    state = state_filter(method="in_state")
    live = django_filters.BooleanFilter(field_name="training__live", label="En ligne")
    provider = django_filters.ModelChoiceFilter(
        field_name="training__provider",
        label="Organisme",
        queryset=lambda request: OrganisationFilterSet.organisations(request, "trainings"),
    )

    class Meta:
        model = Link
        fields = ["state", "live", "provider"]

    def in_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        condition = in_state(CertificationState(value), timezone.localdate(), "certification__")
        return queryset.filter(condition)


class WatchPaginator(WagtailPaginator):
    # The relation has no name of its own to show under the table.
    verbose_name_plural = "certifications de formations"


class CertificationWatchView(ReportView):
    page_title = "Veille des certifications"
    header_icon = "time"
    paginator_class = WatchPaginator
    index_url_name = "certification_watch"
    index_results_url_name = "certification_watch_results"
    any_permission_required = ANY_ACTION
    filterset_class = WatchFilterSet
    is_searchable = False
    columns = [
        TitleColumn(
            "training",
            label="Formation",
            width="30%",
            get_url=lambda row: reverse("admin_trainings:edit", args=[row.pk]),
        ),
        Column("provider", label="Organisme"),
        Column("code", label="Certification"),
        Column("state", label="État", width="15%"),
        Column("ends_on", label="Fin"),
        Column("successors", label="Remplacée par"),
        Column("sessions", label="Sessions concernées", width="20%"),
    ]
    list_export = [
        "training", "provider", "online", "code", "certification", "state", "ends_on", "successors", "sessions",
    ]  # fmt: skip
    export_headings = {
        "training": "Formation",
        "provider": "Organisme",
        "online": "En ligne",
        "code": "Certification",
        "certification": "Intitulé de la certification",
        "state": "État",
        "ends_on": "Fin d'enregistrement",
        "successors": "Remplacée par",
        "sessions": "Sessions concernées",
    }

    @property
    def permission_policy(self):
        return policy_registry.get_by_type(Training)

    def get_filename(self) -> str:
        return f"veille-des-certifications-{timezone.localdate():%Y-%m-%d}"

    def get_queryset(self) -> QuerySet:
        """Those that end first, first; unknown ends last."""
        visible = self.permission_policy.visible_to(self.request.user)
        return (
            Link.objects.filter(training__in=visible.values("pk"))
            .select_related("training__provider", "certification")
            .prefetch_related("training__certifications", "training__actions__sessions")
            .order_by(F("certification__registration_ends_on").asc(nulls_last=True), "training__code", "pk")
        )

    def get_table(self, object_list):
        return super().get_table(list(_rows(object_list)))

    def decorate_paginated_queryset(self, object_list):
        return list(_rows(object_list)) if self.is_export else object_list


class CertificationWatchMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return policy_registry.get_by_type(Training).user_has_any_permission(request.user, ANY_ACTION)


def menu_item() -> MenuItem:
    return CertificationWatchMenuItem(
        # The page's whole name would be cut by the menu's width.
        "Veille certifications",
        reverse("certification_watch"),
        icon_name="time",
        order=115,
    )


def urls() -> list:
    return [
        path("veille-des-certifications/", CertificationWatchView.as_view(), name="certification_watch"),
        path(
            "veille-des-certifications/resultats/",
            CertificationWatchView.as_view(results_only=True),
            name="certification_watch_results",
        ),
    ]
