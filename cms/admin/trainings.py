"""The screens of trainings: list, form with actions, sessions and skills, preview, moderation.

One rule: a provider writes drafts and submits them; what is online changes only when a moderator approves.
"""

import re
import secrets

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, UpdatedAtColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.snippets import EditView

from cms.admin.certification_watch import (
    CertificationWatchPanel,
    WarnsAfterSaving,
    filter_by_state,
    state_filter,
)
from cms.admin.fields import CodeListField
from cms.admin.provenance import ProvenancePanel
from cms.admin.review_state import being_reviewed
from cms.admin.scoped import (
    DeliberateCreateView,
    OrganisationFilterSet,
    OrganisationForm,
    OrganisationScopedViewSet,
    ScopedIndexView,
)
from skills.models import DataRelease
from skills.sources import SOURCES
from skills.text import fold_accents
from training.models import Certification, Training, TrainingKind

MODERATORS_ONLY = "training.publish_training"
_NOT_CODE = re.compile(r"[^a-z0-9]+")


def new_code(title: str) -> str:
    """A code made of the title and a short random end, which keeps it free and short to say."""
    base = _NOT_CODE.sub("-", fold_accents(title).lower()).strip("-")[:70].strip("-") or "formation"
    while Training.objects.filter(code=(code := f"{base}-{secrets.token_hex(2)}")).exists():
        continue
    return code


class TrainingForm(OrganisationForm):
    organisation_field = "provider"
    skills_relation = "skill_links"

    certifications = CodeListField(
        Certification.objects.all(),
        upper=True,
        label="Certifications visées",
        help_text="Codes RNCP ou RS, séparés par des virgules. Ex. : RNCP35806, RS5550.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_by_moderator:
            # A panel's `permission` hides a child form's field without taking it off the form.
            for name, field in (("skill_links", "origin"), ("actions", "delivering_provider")):
                for form in self.formsets[name].forms:
                    form.fields.pop(field, None)

    def clean(self):
        cleaned = super().clean()
        if not self.is_deferred_validation and not self.is_by_moderator:
            self._require_rows(
                "skill_links", "Déclarez au moins une compétence visée avant l'envoi à la modération."
            )
            self._require_rows(
                "actions", "Décrivez au moins une action de formation avant l'envoi à la modération."
            )
        return cleaned

    def _require_rows(self, name: str, message: str) -> None:
        formset = self.formsets.get(name)
        if formset is None or not formset.is_valid():
            return  # its own errors are shown
        if len(formset.deleted_forms) == len(formset.forms):
            self.add_error(None, ValidationError(message))

    def save(self, commit=True):
        if not self.instance.code:
            self.instance.code = new_code(self.instance.title_fr)
        for form in self.formsets["actions"].forms:
            if "commune" in form.changed_data:
                # Coordinates were those of the former commune.
                form.instance.latitude = form.instance.longitude = None
            form.instance.fill_place()
        return super().save(commit)


class AfterCreationPanel(FieldPanel):
    """Read-only, and absent while there is nothing to read."""

    class BoundPanel(FieldPanel.BoundPanel):
        def is_shown(self):
            return self.instance.pk is not None and super().is_shown()


SESSION_PANELS = [
    FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on"), FieldPanel("seats")]),
    FieldPanel("is_permanent_entry"),
]

ACTION_PANELS = [
    FieldRowPanel([FieldPanel("mode"), FieldPanel("languages")]),
    FieldRowPanel([FieldPanel("hours"), FieldPanel("practical_hours"), FieldPanel("weeks")]),
    FieldRowPanel(
        [FieldPanel("practice_setting"), FieldPanel("equipment_scale"), FieldPanel("cleanroom_grade")]
    ),
    FieldRowPanel([FieldPanel("price_eur"), FieldPanel("funding")]),
    FieldPanel("commune"),
    FieldPanel("address"),
    FieldPanel("region"),
    FieldPanel("delivering_provider", permission=MODERATORS_ONLY),
    InlinePanel("sessions", panels=SESSION_PANELS, heading="Sessions", label="Session"),
]

SKILL_PANELS = [
    FieldPanel("skill"),
    FieldRowPanel([FieldPanel("level"), FieldPanel("origin", permission=MODERATORS_ONLY)]),
]

PANELS = [
    CertificationWatchPanel(),
    MultiFieldPanel(
        [
            FieldPanel("title_fr", required_on_save=True),
            FieldPanel("title_en"),
            FieldPanel("provider"),
            FieldPanel("kind"),
            AfterCreationPanel(
                "code", read_only=True, help_text="Donné une fois pour toutes ; il sert d'adresse."
            ),
        ],
        heading="La formation",
    ),
    MultiFieldPanel(
        [FieldPanel("objectives"), FieldPanel("content"), FieldPanel("prerequisites"), FieldPanel("url")],
        heading="Contenu",
    ),
    InlinePanel("skill_links", panels=SKILL_PANELS, heading="Compétences visées", label="Compétence"),
    MultiFieldPanel(
        [FieldRowPanel([FieldPanel("entry_level"), FieldPanel("exit_level")]), FieldPanel("certifications")],
        heading="Niveaux et certifications",
    ),
    InlinePanel(
        "actions",
        panels=ACTION_PANELS,
        heading="Actions de formation : lieux, durées, prix, dates",
        label="Action",
    ),
    FieldPanel("is_demonstration", permission=MODERATORS_ONLY),
    ProvenancePanel(),
]


def state_label(training: Training) -> str:
    """Reads `in_review`, which the list annotates: Wagtail's own status asks the database for each row."""
    if not training.live:
        return "en relecture" if training.in_review else "brouillon"
    if training.in_review:
        return "en ligne, modification en relecture"
    return "en ligne, modification en brouillon" if training.has_unpublished_changes else "en ligne"


class TrainingFilterSet(OrganisationFilterSet):
    organisation_filter = "provider"

    live = django_filters.BooleanFilter(
        label="En ligne",
        widget=forms.Select(choices=[("", "Peu importe"), ("true", "Oui"), ("false", "Non")]),
    )
    kind = django_filters.ChoiceFilter(label="Type", choices=TrainingKind.choices, empty_label="Tous")
    provider = django_filters.ModelChoiceFilter(
        label="Organisme", queryset=lambda request: OrganisationFilterSet.organisations(request, "trainings")
    )

    certification_state = state_filter(method=filter_by_state)

    class Meta:
        model = Training
        fields = ["live", "kind", "certification_state", "provider"]


class TrainingIndexView(ScopedIndexView):
    add_item_label = "Créer une formation"

    def get_base_queryset(self):
        queryset = super().get_base_queryset().select_related("provider")
        if self.is_export:
            queryset = queryset.prefetch_related("certifications", "skill_links__skill")
        return queryset.annotate(in_review=being_reviewed(Training))

    @cached_property
    def attributions(self) -> dict[int, str]:
        """By release, the attribution that its source asks for."""
        releases = DataRelease.objects.values_list("pk", "source")
        return {pk: SOURCES[source].attribution_fr for pk, source in releases}

    def to_row_dict(self, item: Training) -> dict:
        """With the mentions of all the sources of its fields, which the model alone cannot name in one query."""
        row = super().to_row_dict(item)
        releases = {release for _value, release in item.given.values()}
        row["given"] = " ; ".join(
            sorted({self.attributions[pk] for pk in releases & self.attributions.keys()})
        )
        return row


class TrainingCreateView(WarnsAfterSaving, DeliberateCreateView):
    """A training may be submitted as it is created."""


class TrainingEditView(WarnsAfterSaving, EditView):
    @cached_property
    def header_buttons(self):
        buttons = list(super().header_buttons)
        if self.live_object.live:
            url = reverse("training", args=[self.live_object.code])
            buttons.append(HeaderButton("Voir en ligne", url=url, icon_name="link-external"))
        return buttons


class TrainingViewSet(OrganisationScopedViewSet):
    model = Training
    icon = "openquote"
    menu_label = "Formations"
    menu_order = 110
    add_to_admin_menu = True
    url_prefix = "formations"
    url_namespace = "admin_trainings"
    index_view_class = TrainingIndexView
    add_view_class = TrainingCreateView
    edit_view_class = TrainingEditView
    list_export = [
        "code", "title_fr", "title_en", "provider_name", "kind", "exit_level", "live", "given",
        "corrected_labels", "left_source_on",
    ]  # fmt: skip
    export_headings = {
        "provider_name": "organisme",
        "given": "mentions des sources",
        "corrected_labels": "champs corrigés par la rédaction",
    }
    list_display = [
        "__str__",
        Column("provider", label="Organisme", accessor="provider_name", sort_key="provider__name"),
        "kind",
        Column("state", label="État", accessor=state_label),
        UpdatedAtColumn(),
    ]
    ordering = "-_updated_at"
    filterset_class = TrainingFilterSet
    search_fields = ["title_fr", "title_en", "code", "provider__name"]
    edit_handler = ObjectList(PANELS, base_form_class=TrainingForm)
