"""The list of skills: search, filters, uses, state, export.

One rule: what a row says is read for the whole page at once; its number of queries does not depend on its rows.
"""

import django_filters
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import IndexView

from cms.admin.review_state import being_reviewed
from cms.admin.skills.finding import LONGEST_TEXT, Found, best_first, by_engine, matching
from cms.admin.skills.uses import counts_in_words
from skills.models import (
    Domain,
    MappingScheme,
    Modality,
    Skill,
    SkillKind,
    SkillReviewComment,
    SkillStatus,
)
from skills.retirement import use_counts
from skills.reviews import open_comments

STATES = {
    "published": "en usage",
    "draft": "brouillon",
    "retired": "retirée",
    "corrected": "corrigée par la rédaction",
    "changed": "modification non publiée",
    "review": "en relecture",
    "commented": "avec des remarques ouvertes",
}
MAPPED = {
    f"{choice}-{scheme.value}": f"{words} {scheme.label}"
    for scheme in MappingScheme
    for choice, words in (
        ("with", "correspond à"),
        ("none", "sans équivalent dans"),
        ("unsaid", "rien de dit sur"),
    )
}


def holding(skills: QuerySet[Skill], field: str, value: str) -> QuerySet[Skill]:
    """Skills whose JSON list has a value; SQLite cannot ask that of JSON, so its text is read."""
    return skills.alias(**{f"{field}_text": Cast(field, TextField())}).filter(
        **{f"{field}_text__contains": f'"{value}"'}
    )


def corrected_ids() -> list[int]:
    """Skills that differ from what their files said. It reads the whole referential, in six queries."""
    given = Skill.objects.exclude(given={}).with_concepts()
    return [skill.pk for skill in given if skill.corrected_fields]


def in_state(skills: QuerySet[Skill], name: str, value: str) -> QuerySet[Skill]:
    retired = Q(status=SkillStatus.DEPRECATED)
    if value == "corrected":
        return skills.filter(pk__in=corrected_ids())
    conditions = {
        "published": Q(live=True) & ~retired,
        "draft": Q(live=False) & ~retired,
        "retired": retired,
        "changed": Q(live=True, has_unpublished_changes=True),
        "review": Q(in_review=True),
        "commented": Q(pk__in=SkillReviewComment.objects.filter(treated_at=None).values("link__skill")),
    }
    return skills.filter(conditions[value])


def by_modality(skills: QuerySet[Skill], name: str, value: str) -> QuerySet[Skill]:
    return holding(skills, "modalities", value)


def by_mapping(skills: QuerySet[Skill], name: str, value: str) -> QuerySet[Skill]:
    choice, _, scheme = value.partition("-")
    mapped = skills.filter(mappings__scheme=scheme)
    if choice == "with":
        return skills.filter(pk__in=mapped.values("pk"))
    said_none = holding(skills, "unmapped", scheme)
    if choice == "none":
        return said_none
    return skills.exclude(pk__in=mapped.values("pk")).exclude(pk__in=said_none.values("pk"))


class SkillFilterSet(WagtailFilterSet):
    domain = django_filters.ModelChoiceFilter(
        label="Domaine", queryset=Domain.objects.all(), empty_label="Tous"
    )
    kind = django_filters.ChoiceFilter(label="Type", choices=SkillKind.choices, empty_label="Tous")
    state = django_filters.ChoiceFilter(
        label="État", choices=list(STATES.items()), method=in_state, empty_label="Tous"
    )
    modality = django_filters.ChoiceFilter(
        label="Biomédicament", choices=Modality.choices, method=by_modality, empty_label="Tous"
    )
    mapped = django_filters.ChoiceFilter(
        label="Correspondances", choices=list(MAPPED.items()), method=by_mapping, empty_label="Toutes"
    )

    class Meta:
        model = Skill
        fields = ["domain", "kind", "state", "modality", "mapped"]


def state_label(skill: Skill, open_comments: int) -> str:
    """Reads `in_review`, which the list annotates."""
    said = [_state(skill)]
    if skill.live and not skill.is_retired:
        if skill.corrected_fields:
            said.append("corrigée")
        if skill.has_unpublished_changes:
            said.append("modification en relecture" if skill.in_review else "modification non publiée")
    if open_comments:
        said.append(f"{open_comments} remarque{'s' if open_comments > 1 else ''}")
    return ", ".join(said)


def _state(skill: Skill) -> str:
    if skill.is_retired:
        return f"retirée → {skill.replaced_by.code}" if skill.replaced_by else "retirée"
    if not skill.live:
        return "brouillon en relecture" if skill.in_review else "brouillon"
    return "en usage"


class SkillIndexView(IndexView):
    add_item_label = "Créer une compétence"

    def get_base_queryset(self) -> QuerySet[Skill]:
        return super().get_base_queryset().with_concepts().annotate(in_review=being_reviewed(Skill))

    def order_queryset(self, queryset):
        """With a last word: pages of a list must not overlap."""
        ordered = super().order_queryset(queryset)
        return ordered.order_by(*ordered.query.order_by, "code")

    @cached_property
    def text(self) -> str:
        return self.search_query.replace("\x00", "").strip()[:LONGEST_TEXT]

    @cached_property
    def found(self) -> Found:
        return by_engine(self.text)

    @property
    def search_notice(self) -> str:
        return self.found.notice

    def search_queryset(self, queryset: QuerySet[Skill]) -> QuerySet[Skill]:
        if not self.text:
            return queryset
        matched = matching(queryset, self.text, self.found)
        return matched if self.is_explicitly_ordered else best_first(matched, self.text, self.found)

    def get_delete_url(self, instance):
        may = self.permission_policy.user_has_permission_for_instance(self.request.user, "delete", instance)
        return super().get_delete_url(instance) if may else None

    def paginate_queryset(self, queryset, page_size):
        paginator, page, rows, has_others = super().paginate_queryset(queryset, page_size)
        page.object_list = with_counts(list(rows))
        return paginator, page, page.object_list, has_others

    def as_spreadsheet(self, queryset, spreadsheet_format):
        return super().as_spreadsheet(ExportedRows(with_counts(list(queryset))), spreadsheet_format)


class ExportedRows(list):
    """Rows already read, where Wagtail's export asks a queryset for its model's headings."""

    model = Skill


def with_counts(skills: list[Skill]) -> list[Skill]:
    keys = [skill.pk for skill in skills]
    counts, comments = use_counts(keys), open_comments(keys)
    for skill in skills:
        skill.uses_in_words = counts_in_words(counts.get(skill.pk, {}))
        skill.state_in_words = state_label(skill, comments.get(skill.pk, 0))
    return skills


LIST_DISPLAY = [
    "label_fr",
    "code",
    Column("domain", label="Domaine", accessor="domain.label", sort_key="domain__position"),
    "kind",
    Column("uses", label="Usages", accessor="uses_in_words"),
    Column("state", label="État", accessor="state_in_words"),
]
LIST_EXPORT = [
    "code", "domain.code", "kind", "state_in_words", "label_fr", "label_en", "definition_fr", "definition_en",
    "modality_labels", "uses_in_words", "corrected_labels",
]  # fmt: skip
EXPORT_HEADINGS = {
    "domain.code": "domaine",
    "state_in_words": "état",
    "modality_labels": "biomédicaments",
    "uses_in_words": "usages",
    "corrected_labels": "champs corrigés par la rédaction",
}
