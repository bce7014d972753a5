"""The screens of employers' needs: list, form, and the page of the programmes that match.

One rule: a need starts from a job profile's requirements when it gives none, draft or published alike.
"""

import django_filters
from django import forms
from django.db.models import Q
from django.urls import path, reverse
from django.utils.functional import cached_property
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.admin.ui.tables import Column, UpdatedAtColumn
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.models import Locale
from wagtail.snippets.views.snippets import EditView

from cms.admin.programmes import NeedProgrammesView
from cms.admin.scoped import (
    DeliberateCreateView,
    OrganisationFilterSet,
    OrganisationForm,
    OrganisationScopedViewSet,
    ScopedIndexView,
)
from jobs.models import EmployerNeed, JobProfilePage, NeedKind

PROGRAMMES_LABEL = "Programmes qui correspondent"


def job_profiles():
    """Published job profiles, one a job: the pages of the main language."""
    return JobProfilePage.objects.live().filter(locale=Locale.get_default()).order_by("title", "pk")


class NeedForm(OrganisationForm):
    organisation_field = "organisation"
    skills_relation = "requirements"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = JobProfilePage.objects.filter(pk=self.instance.job_profile_id)
        field = self.fields["job_profile"]
        field.queryset = JobProfilePage.objects.filter(
            Q(pk__in=job_profiles().values("pk")) | Q(pk__in=chosen.values("pk"))
        ).order_by("title", "pk")

    def save(self, commit=True):
        need = super().save(commit=False)
        need.start_from_job()
        if commit:
            need.save()
        return need


REQUIREMENT_PANELS = [FieldPanel("skill"), FieldRowPanel([FieldPanel("level"), FieldPanel("importance")])]

PANELS = [
    MultiFieldPanel(
        [
            FieldPanel("title", required_on_save=True),
            FieldPanel("organisation"),
            FieldRowPanel([FieldPanel("kind"), FieldPanel("positions")]),
            FieldPanel("job_profile", widget=forms.Select),
            FieldPanel("description"),
        ],
        heading="Le besoin",
    ),
    MultiFieldPanel(
        [FieldPanel("commune"), FieldRowPanel([FieldPanel("starts_on"), FieldPanel("closes_on")])],
        heading="Lieu et dates",
    ),
    MultiFieldPanel(
        [
            HelpPanel(
                "<p>Laissez vide pour reprendre les compétences requises de la fiche métier choisie ; "
                "vous pourrez les ajuster après l'enregistrement.</p>"
            ),
            InlinePanel("requirements", panels=REQUIREMENT_PANELS, label="Compétence"),
        ],
        heading="Compétences demandées",
    ),
]


class NeedCreateView(DeliberateCreateView):
    def get_initial(self) -> dict:
        """`?job=CODE` starts from a job profile."""
        page = job_profiles().filter(code=self.request.GET.get("job", "").replace("\x00", "")).first()
        return {**super().get_initial(), **({"job_profile": page.pk, "title": page.title} if page else {})}


class NeedEditView(EditView):
    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        # Requirements copied on saving appear on the next page: saved behind the form, they could come twice.
        self.autosave_enabled = False

    @cached_property
    def header_buttons(self):
        url = reverse("admin_needs:programmes", args=[self.object.pk])
        return [*super().header_buttons, HeaderButton(PROGRAMMES_LABEL, url=url, icon_name="list-ul")]


def state_label(need: EmployerNeed) -> str:
    if not need.live:
        return "brouillon"
    return "en ligne, modification en brouillon" if need.has_unpublished_changes else "en ligne"


class NeedFilterSet(OrganisationFilterSet):
    organisation_filter = "organisation"

    live = django_filters.BooleanFilter(
        label="En ligne",
        widget=forms.Select(choices=[("", "Peu importe"), ("true", "Oui"), ("false", "Non")]),
    )
    kind = django_filters.ChoiceFilter(label="Type", choices=NeedKind.choices, empty_label="Tous")
    organisation = django_filters.ModelChoiceFilter(
        label="Employeur", queryset=lambda request: OrganisationFilterSet.organisations(request, "needs")
    )

    class Meta:
        model = EmployerNeed
        fields = ["live", "kind", "organisation"]


class NeedIndexView(ScopedIndexView):
    add_item_label = "Exprimer un besoin"

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("organisation")

    def get_list_more_buttons(self, instance):
        url = reverse("admin_needs:programmes", args=[instance.pk])
        button = Button(PROGRAMMES_LABEL, url=url, icon_name="list-ul", priority=15)
        return [*super().get_list_more_buttons(instance), button]


class NeedViewSet(OrganisationScopedViewSet):
    model = EmployerNeed
    icon = "user"
    menu_label = "Besoins"
    menu_order = 120
    add_to_admin_menu = True
    url_prefix = "besoins"
    url_namespace = "admin_needs"
    index_view_class = NeedIndexView
    add_view_class = NeedCreateView
    edit_view_class = NeedEditView
    list_display = [
        "__str__",
        Column(
            "organisation", label="Employeur", accessor="organisation.name", sort_key="organisation__name"
        ),
        "kind",
        Column("state", label="État", accessor=state_label),
        "closes_on",
        UpdatedAtColumn(),
    ]
    ordering = "-_updated_at"
    filterset_class = NeedFilterSet
    search_fields = ["title", "description", "organisation__name"]
    edit_handler = ObjectList(PANELS, base_form_class=NeedForm)

    @property
    def programmes_view(self):
        return self.construct_view(NeedProgrammesView)

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/programmes/", self.programmes_view, name="programmes"),
        ]
