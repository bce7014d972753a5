"""The screens of test cases: a text that names nobody, and what must be read out of it.

One rule: a case starts from a report and is written by an editor: what a person wrote is there only if they agreed, and can be
changed.
"""

import uuid

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList, Panel
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import EditView, IndexView

from cms.admin.rows_panel import DistinctFormSet, DistinctPanel
from cms.admin.scoped import AdminSnippetViewSet, DeliberateCreateView
from matching.errors import TextRefused
from matching.models import Contested, MatchCase, MatchCaseSkill, MatchReport, ReportState, Stance
from matching.reading.texts import check_text
from matching.referential import load_referential
from matching.stored_cases import run_case, stored_cases
from search.typed_texts import tells_of_a_person
from skills.levels import Level
from skills.models import Skill

# What a report of each kind says of its skill in the text; of the others, nothing is known.
STANCES = {
    Contested.NOT_SHOWN: Stance.ABSENT,
    Contested.REQUIREMENT_GRANTED: Stance.ABSENT,
    Contested.MISSED: Stance.HELD,
    Contested.SET_ASIDE: Stance.HELD,
    Contested.WRONG_LEVEL: Stance.HELD,
    Contested.REQUIREMENT_UNSEEN: Stance.HELD,
}


# --- The form
class ExpectationFormSet(DistinctFormSet):
    named = "skill"

    def identity(self, row: MatchCaseSkill) -> tuple:
        return (row.skill_id,)


class CaseForm(WagtailAdminModelForm):
    def clean_text(self) -> str:
        text = self.cleaned_data["text"].replace("\r\n", "\n").strip()
        try:
            check_text(text, self._meta.model._meta.get_field("text").max_length)
        except TextRefused as error:
            raise ValidationError(str(error)) from error
        if tells_of_a_person(text):
            raise ValidationError("Ce texte contient une adresse ou un numéro : retirez-le.")
        return text

    def clean_names_nobody(self) -> bool:
        if not self.cleaned_data["names_nobody"]:
            raise ValidationError("Relisez le texte et cochez cette case : un cas est gardé sans limite.")
        return True

    def is_valid(self) -> bool:
        """The passages are of the text above: neither the form nor its rows see both."""
        valid = super().is_valid()
        rows, text = self.formsets["skills"], getattr(self, "cleaned_data", {}).get("text")
        for form in rows.forms if text else ():
            quote = getattr(form, "cleaned_data", {}).get("quote", "")
            if quote not in text and form not in rows.deleted_forms:
                form.add_error("quote", "Ce passage n'est pas dans le texte : recopiez-le tel quel.")
                valid = False
        return valid


class OutcomePanel(Panel):
    """Under the form of a case: what is read out of its text today."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/match_case_outcome.html"

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.instance.pk)

        def get_context_data(self, parent_context=None) -> dict:
            referential = load_referential()
            (case,) = stored_cases(referential, only=self.instance.pk)
            outcome = run_case(case, referential)
            said = [one.say(referential.label(one.skill, "fr")) for one in outcome.problems]
            context = super().get_context_data(parent_context)
            return {**context, "said": said, "passes": outcome.passes, "notice": outcome.notice}


PANELS = [
    MultiFieldPanel(
        [
            HelpPanel(
                "<p>Inventez le texte, ou réécrivez le passage du signalement : ni nom, ni employeur, ni lieu, ni date. Il "
                "est gardé sans limite.</p>"
            ),
            FieldPanel("text"),
            FieldPanel("language"),
            FieldPanel("names_nobody"),
        ],
        heading="Le texte",
    ),
    DistinctPanel(
        "skills",
        formset=ExpectationFormSet,
        heading="Ce qu'il faut y lire",
        label="Compétence",
        help_text=(
            "« Montrée », elle doit être trouvée à ce niveau. Niée, souhaitée ou absente, elle ne doit pas l'être. Celles "
            "que vous ne citez pas ne comptent pas."
        ),
        panels=[
            FieldPanel("skill"),
            FieldRowPanel([FieldPanel("stance"), FieldPanel("level")]),
            FieldPanel("quote", help_text="Les mots du texte qui le montrent ; vide : tout le texte."),
        ],
        min_num=1,
    ),
    OutcomePanel(heading="Ce que la méthode y lit aujourd'hui"),
]


# --- The pages
def report_named(key: str) -> MatchReport | None:
    try:
        return MatchReport.objects.filter(pk=uuid.UUID(key)).first()
    except ValueError:
        return None


class CaseCreateView(DeliberateCreateView):
    """`?signalement=KEY` starts from a report, which becomes a case when this one is saved."""

    @cached_property
    def report(self) -> MatchReport | None:
        return report_named(self.request.GET.get("signalement", ""))

    def get_initial_form_instance(self) -> MatchCase:
        report = self.report
        if report is None:
            return MatchCase()
        case = MatchCase(report=report, text=report.passage, language=report.language)
        if self.request.method != "POST":
            case.skills.add(*_expected(report))
        return case

    def get_add_url(self) -> str:
        """Where the form is sent: the report goes along."""
        url = super().get_add_url()
        return f"{url}?signalement={self.report.pk}" if self.report else url

    def get_success_url(self) -> str:
        """The case itself: its page says at once whether it passes."""
        return self.get_edit_url()

    def save_instance(self) -> MatchCase:
        case = super().save_instance()
        if self.report:
            MatchReport.objects.filter(pk=self.report.pk).update(
                state=ReportState.CASE, reviewer=self.request.user, reviewed_at=timezone.now()
            )
        return case


def _expected(report: MatchReport) -> list[MatchCaseSkill]:
    skill = Skill.objects.published().filter(code=report.skill_code).first()
    if skill is None or report.kind not in STANCES:
        return []
    stance = STANCES[Contested(report.kind)]
    level = (report.level_claimed or Level.APPLICATION) if stance == Stance.HELD else None
    return [MatchCaseSkill(skill=skill, stance=stance, level=level)]


class CaseEditView(EditView):
    """Without autosave: a text half written would be checked and refused at every pause."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.autosave_enabled = False


class CaseIndexView(IndexView):
    add_item_label = "Ajouter un cas"

    def get_base_queryset(self):
        expected = Prefetch("skills", MatchCaseSkill.objects.select_related("skill").order_by("pk"))
        return super().get_base_queryset().prefetch_related(expected)


def expected_in_words(case: MatchCase) -> str:
    return " ; ".join(str(row) for row in case.skills.all())


class MatchCaseViewSet(AdminSnippetViewSet):
    model = MatchCase
    icon = "tasks"
    url_prefix = "cas-de-test"
    url_namespace = "admin_match_cases"
    index_view_class = CaseIndexView
    add_view_class = CaseCreateView
    edit_view_class = CaseEditView
    list_display = [
        "__str__",
        Column("text", label="Texte", accessor="excerpt"),
        "language",
        Column("expected", label="Attendu", accessor=expected_in_words),
        "created_on",
    ]
    list_filter = ["language"]
    search_fields = ["text"]
    ordering = ["-pk"]
    edit_handler = ObjectList(PANELS, base_form_class=CaseForm)
