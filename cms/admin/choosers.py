"""Choosers: find a commune, a skill or an organisation in a searchable list.

One rule: a chooser answers no more than its account may see; it never creates anything.
"""

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenMultipleView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser

from cms.admin.policies import is_number, reach_of
from people.models import Organisation
from skills.models import Commune, Skill
from skills.text import text_key


class SearchForm(BaseFilterForm):
    q = forms.CharField(
        label="Chercher",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": "Chercher"}),
    )

    def matches(self, objects: QuerySet, text: str) -> QuerySet:
        raise NotImplementedError

    def filter(self, objects: QuerySet) -> QuerySet:
        text = self.cleaned_data.get("q", "").strip()
        if not text:
            return objects
        self.is_searching, self.search_query = True, text
        return self.matches(objects, text)


class ScopedMixin:
    """The same limit on the list and on what is chosen by its number."""

    def allowed(self) -> QuerySet:
        return self.model_class._default_manager.all()

    def get_object_list(self) -> QuerySet:
        return self.allowed()

    def get_object(self, pk):
        if not is_number(pk):
            raise Http404
        return self.allowed().get(pk=pk)

    def get_objects(self, pks) -> QuerySet:
        return self.allowed().filter(pk__in=[pk for pk in pks if is_number(pk)])


class ForgivingChooserWidget(BaseChooser):
    """A value that is no number (posted by hand) is an invalid choice, not a failure."""

    def get_instance(self, value):
        if isinstance(value, str) and not is_number(value):
            return None
        return super().get_instance(value)


class ReadOnlyChooserViewSet(ChooserViewSet):
    base_widget_class = ForgivingChooserWidget
    per_page = 12
    scope: type = ScopedMixin
    filter_form: type = SearchForm
    columns: list[Column] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.choose_view_class = self._listing(ChooseView)
        self.choose_results_view_class = self._listing(ChooseResultsView)
        self.chosen_view_class = type("Chosen", (self.scope, ChosenView), {})
        self.chosen_multiple_view_class = type("ChosenMultiple", (self.scope, ChosenMultipleView), {})

    def _listing(self, view_class: type) -> type:
        extra_columns = self.columns

        class Listing(self.scope, view_class):
            filter_form_class = self.filter_form

            @property
            def columns(self):
                return [*super().columns, *extra_columns]

        return Listing

    def get_urlpatterns(self):
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]


class CommuneSearchForm(SearchForm):
    def matches(self, objects: QuerySet, text: str) -> QuerySet:
        if text.isdigit():
            by_code = Q(postal_codes__code__startswith=text) | Q(insee_code=text)
            return objects.filter(by_code).distinct()
        key = text_key(text)
        return objects.filter(name_key__contains=key).order_by("-population", "name", "insee_code")


class CommuneScope(ScopedMixin):
    def allowed(self) -> QuerySet:
        return super().allowed().select_related("region").order_by("-population", "name", "insee_code")


class CommuneChooser(ReadOnlyChooserViewSet):
    model = Commune
    icon = "site"
    choose_one_text = "Choisir une commune"
    choose_another_text = "Choisir une autre commune"
    edit_item_text = "Voir la commune"
    filter_form = CommuneSearchForm
    scope = CommuneScope
    columns = [
        Column("department", label="Département", accessor="department"),
        Column("region", label="Région", accessor="region.name"),
    ]


class SkillSearchForm(SearchForm):
    def matches(self, objects: QuerySet, text: str) -> QuerySet:
        key = text_key(text)
        named = Q(label_fr__icontains=text) | Q(label_en__icontains=text) | Q(code__icontains=text)
        return (
            objects.filter(named | Q(labels__key__contains=key)).distinct() if key else objects.filter(named)
        )


class SkillScope(ScopedMixin):
    def allowed(self) -> QuerySet:
        return super().allowed().published().select_related("domain")


class SkillChooser(ReadOnlyChooserViewSet):
    model = Skill
    icon = "tag"
    choose_one_text = "Choisir une compétence"
    choose_another_text = "Choisir une autre compétence"
    edit_item_text = "Modifier la compétence"
    filter_form = SkillSearchForm
    scope = SkillScope
    columns = [Column("domain", label="Domaine", accessor="domain.label")]


class OrganisationSearchForm(SearchForm):
    def matches(self, objects: QuerySet, text: str) -> QuerySet:
        return objects.filter(Q(name__icontains=text) | Q(siret__startswith=text.replace(" ", "")))


class OrganisationScope(ScopedMixin):
    def allowed(self) -> QuerySet:
        reach = reach_of(self.request.user)
        organisations = super().allowed()
        return organisations if reach.everything else organisations.filter(pk__in=reach.organisation_ids)


class OrganisationChooser(ReadOnlyChooserViewSet):
    model = Organisation
    icon = "group"
    choose_one_text = "Choisir une organisation"
    choose_another_text = "Choisir une autre organisation"
    edit_item_text = "Modifier l'organisation"
    filter_form = OrganisationSearchForm
    scope = OrganisationScope
    columns = [Column("kind", label="Nature", accessor="get_kind_display")]


commune_chooser = CommuneChooser("choose_commune", url_prefix="choisir/commune")
skill_chooser = SkillChooser("choose_skill", url_prefix="choisir/competence")
organisation_chooser = OrganisationChooser("choose_organisation", url_prefix="choisir/organisation")

CHOOSERS = [commune_chooser, skill_chooser, organisation_chooser]
