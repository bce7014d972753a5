"""The screens of scheduled feeds: list, form, and the addresses of their runs (`cms.admin.feed_runs`).

One rule: what a feed gives goes online without review, so a moderator activates it; whoever else changes where
its content comes from puts it back to sleep.
"""

import django_filters
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.snippets.views.snippets import EditView

from cms.admin.feed_runs import AcceptRemovalsView, FeedRunsView, FeedRunView, FetchNowView
from cms.admin.scoped import (
    OrganisationFilterSet,
    OrganisationForm,
    OrganisationScopedViewSet,
    ScopedIndexView,
)
from cms.admin.trainings import MODERATORS_ONLY
from training.feeds.addresses import parse_address
from training.feeds.connection import Deadline, admitted_addresses
from training.feeds.problems import FeedProblem, FeedRefused
from training.models import FeedOutcome, TrainingFeed

RUNS_LABEL = "Passages"
# The name server is asked while somebody waits for the form.
NAME_SECONDS = 3


def check_contact(url: str) -> None:
    """Refuse an address whose server the site would never contact; nothing is fetched."""
    loopback = settings.FEED_ALLOW_LOOPBACK
    try:
        admitted_addresses(
            parse_address(url, allow_loopback=loopback), Deadline(NAME_SECONDS), allow_loopback=loopback
        )
    except FeedRefused as problem:
        raise ValidationError(problem.message) from problem
    except FeedProblem:
        return  # the name server is in trouble: the run will tell


class FeedForm(OrganisationForm):
    organisation_field = "organisation"
    was_deactivated = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.origin_before = self.instance.origin
        if "source" in self.fields and self.instance.pk is not None:
            self.fields["source"].disabled = True

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        if url and "url" in self.changed_data:
            check_contact(url)
        return url

    def save(self, commit=True):
        feed = self.instance
        if feed.pk is not None and feed.origin != self.origin_before:
            feed.forget_content()
            if not self.is_by_moderator and feed.is_active:
                feed.is_active = False
                self.was_deactivated = True
        return super().save(commit)


PANELS = [
    HelpPanel(
        "<p>Le site récupère le fichier à intervalle régulier et met à jour les formations du flux, sans relecture : "
        "la modération active donc chaque flux après l'avoir vérifié. Changer l'adresse, le format ou l'organisation "
        "demande une nouvelle activation.</p>"
    ),
    MultiFieldPanel(
        [
            FieldPanel("name"),
            FieldPanel("organisation"),
            FieldPanel("url"),
            FieldPanel("folder", permission=MODERATORS_ONLY),
            FieldRowPanel([FieldPanel("format"), FieldPanel("interval_hours")]),
        ],
        heading="Le flux",
    ),
    MultiFieldPanel(
        [
            FieldPanel("is_active", permission=MODERATORS_ONLY),
            FieldPanel("admits_others", permission=MODERATORS_ONLY),
            FieldPanel("source", permission=MODERATORS_ONLY),
        ],
        heading="Modération",
    ),
]


class FeedFilterSet(OrganisationFilterSet):
    organisation_filter = "organisation"

    is_active = django_filters.BooleanFilter(
        label="Actif",
        widget=forms.Select(choices=[("", "Peu importe"), ("true", "Oui"), ("false", "Non")]),
    )
    last_outcome = django_filters.ChoiceFilter(
        label="Dernier résultat", choices=FeedOutcome.choices, empty_label="Tous"
    )
    organisation = django_filters.ModelChoiceFilter(
        label="Organisation", queryset=lambda request: OrganisationFilterSet.organisations(request, "feeds")
    )

    class Meta:
        model = TrainingFeed
        fields = ["is_active", "last_outcome", "organisation"]


class FeedIndexView(ScopedIndexView):
    add_item_label = "Ajouter un flux"

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("organisation")

    def get_list_more_buttons(self, instance):
        url = reverse("admin_feeds:runs", args=[instance.pk])
        return [
            *super().get_list_more_buttons(instance),
            Button(RUNS_LABEL, url=url, icon_name="history", priority=15),
        ]


class FeedEditView(EditView):
    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.autosave_enabled = False  # a half-typed address would be saved, and the feed put to sleep

    def form_valid(self, form):
        response = super().form_valid(form)
        if form.was_deactivated:
            messages.warning(self.request, "Le flux attend que la modération l'active de nouveau.")
        return response

    @cached_property
    def header_buttons(self):
        url = reverse("admin_feeds:runs", args=[self.object.pk])
        return [*super().header_buttons, HeaderButton(RUNS_LABEL, url=url, icon_name="history")]


def last_outcome(feed: TrainingFeed) -> str:
    if not feed.last_outcome:
        return "jamais récupéré"
    again = f" ({feed.failures} fois de suite)" if feed.failures > 1 else ""
    return f"{feed.get_last_outcome_display()}{again}"


def next_run(feed: TrainingFeed) -> str:
    """As a date: Wagtail's column only says how long ago."""
    return f"{timezone.localtime(feed.next_due_at):%d/%m/%Y %H:%M}" if feed.is_active else ""


class FeedViewSet(OrganisationScopedViewSet):
    model = TrainingFeed
    icon = "download"
    menu_label = "Flux"
    menu_order = 115
    add_to_admin_menu = True
    url_prefix = "flux"
    url_namespace = "admin_feeds"
    index_view_class = FeedIndexView
    edit_view_class = FeedEditView
    list_display = [
        "name",
        Column(
            "organisation", label="Organisation", accessor="organisation.name", sort_key="organisation__name"
        ),
        BooleanColumn("is_active", label="Actif", sort_key="is_active"),
        Column("last_outcome", label="Dernier résultat", accessor=last_outcome, sort_key="last_outcome"),
        DateColumn("last_run_at", label="Dernier passage", sort_key="last_run_at"),
        Column("next_due_at", label="Prochain passage", accessor=next_run, sort_key="next_due_at"),
    ]
    ordering = "name"
    filterset_class = FeedFilterSet
    search_fields = ["name", "source", "organisation__name"]
    edit_handler = ObjectList(PANELS, base_form_class=FeedForm)

    def get_urlpatterns(self):
        runs = "<int:pk>/passages/"
        return [
            *super().get_urlpatterns(),
            path(runs, self.construct_view(FeedRunsView), name="runs"),
            path(f"{runs}<int:run_pk>/", self.construct_view(FeedRunView), name="run"),
            path("<int:pk>/recuperer/", self.construct_view(FetchNowView), name="fetch"),
            path(f"{runs}<int:run_pk>/accepter/", self.construct_view(AcceptRemovalsView), name="accept"),
        ]
