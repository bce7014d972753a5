"""The screens of what others point at: domains, certifications, organisations, memberships; skills have their own package.

One rule: moderators only, by model permissions; a code is given at creation and never changes.
"""

from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import IndexView, SnippetViewSetGroup

from cms.admin import match_reports
from cms.admin.fixed_code import FixedCodeForm
from cms.admin.match_cases import MatchCaseViewSet
from cms.admin.provenance import PROVENANCE_COLUMNS, ProvenancePanel, state_of
from cms.admin.scoped import AdminSnippetViewSet
from cms.admin.skills import unknown_terms
from cms.admin.skills.viewset import SkillViewSet
from people.models import Membership, Organisation
from skills.models import Domain
from training.models import Certification

# What only the register can know.
SAID_BY_THE_REGISTER = (
    "abbreviation",
    "registration_kind",
    "is_active",
    "delivery_ends_on",
    "decided_on",
    "published_on",
    "effective_on",
    "apprenticeship",
    "access_routes",
    "nsf_codes",
    "formacodes",
    "rome_codes",
    "collective_agreements",
)


def related_index(*relations: str) -> type[IndexView]:
    class RelatedIndexView(IndexView):
        def get_base_queryset(self) -> models.QuerySet:
            return super().get_base_queryset().select_related(*relations)

    return RelatedIndexView


class ReferentialViewSet(AdminSnippetViewSet):
    """Listed under one menu entry, « Référentiel »."""


class DomainViewSet(ReferentialViewSet):
    model = Domain
    icon = "folder-open-inverse"
    url_prefix = "domaines"
    url_namespace = "admin_domains"
    list_display = ["label_fr", "code", "position"]
    ordering = "position"
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("label_fr"), FieldPanel("label_en")]),
            FieldPanel("code"),
            FieldPanel("position"),
            FieldPanel("definition_fr"),
            FieldPanel("definition_en"),
        ],
        base_form_class=FixedCodeForm,
    )


class CertificationViewSet(ReferentialViewSet):
    model = Certification
    icon = "doc-full"
    url_prefix = "certifications"
    url_namespace = "admin_certifications"
    index_view_class = related_index("release")
    list_display = [
        "title",
        "code",
        "level",
        "registration_ends_on",
        "is_active",
        Column("state", label="État", accessor=state_of),
    ]
    list_export = ["code", "title", "level", "registration_ends_on", "is_active", *PROVENANCE_COLUMNS]
    export_headings = PROVENANCE_COLUMNS
    list_filter = ["level", "is_active", "registration_kind"]
    search_fields = ["code", "title"]
    ordering = "code"
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("code"),
                    FieldPanel("title"),
                    FieldRowPanel([FieldPanel("level"), FieldPanel("registration_ends_on")]),
                ],
                heading="La certification : ce que la rédaction peut corriger",
                help_text="Une correction tient face aux imports suivants.",
            ),
            MultiFieldPanel(
                [FieldPanel(name, read_only=True) for name in SAID_BY_THE_REGISTER],
                heading="Ce que dit le répertoire",
                classname="collapsed",
            ),
            ProvenancePanel(),
        ],
        base_form_class=FixedCodeForm,
    )


class OrganisationViewSet(ReferentialViewSet):
    model = Organisation
    icon = "group"
    url_prefix = "organisations"
    url_namespace = "admin_organisations"
    index_view_class = related_index("commune")
    list_display = ["name", "kind", "college", Column("commune", label="Commune"), "is_demonstration"]
    list_filter = ["kind", "college", "is_demonstration"]
    search_fields = ["name", "siret", "activity_number"]
    ordering = "name"
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("name"),
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("college")]),
                    FieldRowPanel([FieldPanel("siret"), FieldPanel("activity_number")]),
                    FieldPanel("qualiopi_categories"),
                ],
                heading="L'organisation",
            ),
            MultiFieldPanel(
                [FieldPanel("commune"), FieldPanel("address"), FieldPanel("website")], heading="Lieu et site"
            ),
            MultiFieldPanel(
                [FieldPanel("description_fr"), FieldPanel("description_en"), FieldPanel("is_demonstration")],
                heading="Présentation",
            ),
        ]
    )


class MembershipViewSet(ReferentialViewSet):
    model = Membership
    icon = "key"
    url_prefix = "rattachements"
    url_namespace = "admin_memberships"
    index_view_class = related_index("user", "organisation")
    list_display = ["__str__", "organisation", "user"]
    search_fields = ["user__username", "user__email", "organisation__name"]
    ordering = "organisation"
    edit_handler = ObjectList([FieldPanel("user"), FieldPanel("organisation")])


class ReferentialGroup(SnippetViewSetGroup):
    menu_label = "Référentiel"
    menu_icon = "list-ul"
    menu_order = 130
    items = [
        SkillViewSet(),
        DomainViewSet(),
        CertificationViewSet(),
        OrganisationViewSet(),
        MembershipViewSet(),
        MatchCaseViewSet(),
    ]

    def get_submenu_items(self) -> list:
        items = super().get_submenu_items()
        after = len(items) + 1
        return [*items, unknown_terms.menu_item(order=after), match_reports.menu_item(order=after + 1)]
