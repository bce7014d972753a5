"""The screens of the open data: what was loaded, read and corrected by moderators.

One rule: rows come and go with their source only; an editor corrects fields, and the next import leaves those alone.
"""

from django.db import models
from django.utils.text import capfirst
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import IndexView, SnippetViewSetGroup

from cms.admin.provenance import PROVENANCE_COLUMNS, ProvenancePanel, state_of
from cms.admin.scoped import AdminSnippetViewSet
from jobs.models import OnisepJobSheet
from skills.models import (
    DataRelease,
    EscoOccupation,
    EscoSkill,
    RomeCompetence,
    RomeJob,
    RomeTitle,
)
from training.models import Diploma


class OpenDataIndexView(IndexView):
    relations: tuple[str, ...] = ()

    def get_base_queryset(self) -> models.QuerySet:
        return super().get_base_queryset().select_related("release", *self.relations)


class TitleIndexView(OpenDataIndexView):
    relations = ("job",)


class OpenDataViewSet(AdminSnippetViewSet):
    """`identity` is the key of the source, shown and never changed; `corrigible` the fields an editor may correct."""

    icon = "download"
    index_view_class = OpenDataIndexView
    inspect_view_enabled = False
    identity = ""
    corrigible: tuple[str, ...] = ()
    list_per_page = 50

    @property
    def list_display(self) -> list:
        return ["__str__", self.identity, Column("state", label="État", accessor=state_of)]

    @property
    def list_export(self) -> list[str]:
        return [self.identity, *self.corrigible, *PROVENANCE_COLUMNS]

    @property
    def export_headings(self) -> dict[str, str]:
        return PROVENANCE_COLUMNS

    def get_edit_handler(self) -> ObjectList:
        panels = [
            MultiFieldPanel(
                [
                    FieldPanel(self.identity, read_only=True),
                    *(FieldPanel(name) for name in self.corrigible),
                ],
                heading=capfirst(self.model._meta.verbose_name),
            ),
            ProvenancePanel(),
        ]
        return ObjectList(panels).bind_to_model(self.model)


class EscoSkillViewSet(OpenDataViewSet):
    model = EscoSkill
    url_prefix = "esco-competences"
    url_namespace = "admin_esco_skills"
    identity = "uri"
    corrigible = (
        "label_fr",
        "label_en",
        "alternative_fr",
        "alternative_en",
        "description_fr",
        "description_en",
    )
    list_filter = ["is_retired", "kind"]
    search_fields = ["label_fr", "label_en", "uri"]


class EscoOccupationViewSet(EscoSkillViewSet):
    model = EscoOccupation
    url_prefix = "esco-metiers"
    url_namespace = "admin_esco_occupations"
    list_filter = ["is_retired"]


class RomeJobViewSet(OpenDataViewSet):
    model = RomeJob
    url_prefix = "rome-fiches"
    url_namespace = "admin_rome_jobs"
    identity = "code"
    corrigible = ("title", "definition", "access")
    list_filter = ["field"]
    search_fields = ["code", "title"]


class RomeTitleViewSet(OpenDataViewSet):
    model = RomeTitle
    index_view_class = TitleIndexView
    url_prefix = "rome-appellations"
    url_namespace = "admin_rome_titles"
    identity = "ogr_code"
    corrigible = ("title", "short_title")
    search_fields = ["title", "ogr_code", "job__code"]


class RomeCompetenceViewSet(OpenDataViewSet):
    model = RomeCompetence
    url_prefix = "rome-competences"
    url_namespace = "admin_rome_competences"
    identity = "ogr_code"
    corrigible = ("label", "definition", "is_licence")
    list_filter = ["is_licence", "kind"]
    search_fields = ["label", "ogr_code"]


class DiplomaViewSet(OpenDataViewSet):
    model = Diploma
    url_prefix = "onisep-formations"
    url_namespace = "admin_diplomas"
    identity = "onisep_id"
    corrigible = (
        "title",
        "kind",
        "duration",
        "level",
        "rncp_code",
        "ministry",
        "url",
        "description",
        "access",
        "expectations",
        "further_study",
        "jobs",
    )
    list_filter = ["level"]
    search_fields = ["title", "onisep_id", "rncp_code"]


class OnisepJobSheetViewSet(OpenDataViewSet):
    model = OnisepJobSheet
    url_prefix = "onisep-metiers"
    url_namespace = "admin_onisep_job_sheets"
    identity = "onisep_id"
    corrigible = (
        "title",
        "alternative_titles",
        "rome_codes",
        "access_level",
        "presentation",
        "in_brief",
        "work",
        "skills_required",
        "conditions",
        "access",
    )
    search_fields = ["title", "onisep_id", "rome_codes"]


class DataReleaseViewSet(AdminSnippetViewSet):
    model = DataRelease
    icon = "history"
    url_prefix = "livraisons"
    url_namespace = "admin_data_releases"
    inspect_view_enabled = True
    list_display = ["source", "version", "dated_on", "extracted_on", "loaded_at"]
    list_filter = ["source"]
    ordering = "-loaded_at"


class OpenDataGroup(SnippetViewSetGroup):
    menu_label = "Sources"
    menu_icon = "download"
    menu_order = 140
    items = [
        EscoSkillViewSet(),
        EscoOccupationViewSet(),
        RomeJobViewSet(),
        RomeTitleViewSet(),
        RomeCompetenceViewSet(),
        DiplomaViewSet(),
        OnisepJobSheetViewSet(),
        DataReleaseViewSet(),
    ]
