"""Retire a skill, merge it into another, put it back in use: pages that say what will happen, then do it.

One rule: nothing happens on the first page; a replacement is always named, and what moved is written in the skill's history.
"""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.panels import Panel
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.log_actions import LogFormatter, log
from wagtail.models import ModelLogEntry
from wagtail.permissions import policy_registry

from cms.admin.choosers import skill_chooser
from cms.admin.skills.uses import linked_skills, uses_of
from skills.merge import MergePlan, merge, plan_merge
from skills.models import Skill
from skills.restoring import put_back_in_use
from skills.retirement import Moved, retire, use_counts

RETIRED, MERGED, ABSORBED, RESTORED = "skills.retire", "skills.merge", "skills.absorb", "skills.restore"
# Moves that the history names one by one.
NAMED = 200


class ReplacementForm(forms.Form):
    replacement = forms.ModelChoiceField(
        Skill.objects.none(),
        label="Compétence qui la remplace",
        help_text="Une compétence en usage : tout ce qui cite l'ancienne la citera.",
        widget=skill_chooser.widget_class,
        error_messages={
            "required": "Choisissez la compétence qui remplace celle-ci.",
            "invalid_choice": "Choisissez une autre compétence, en usage.",
        },
    )

    def __init__(self, *args, skill: Skill, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["replacement"].queryset = Skill.objects.published().exclude(pk=skill.pk)


class MergeForm(ReplacementForm):
    with_mappings = forms.BooleanField(
        required=False,
        label="Reprendre aussi ses correspondances ESCO et ROME",
        help_text="Celles qui manquent à la remplaçante.",
    )


class SkillActionView(WagtailAdminTemplateMixin, TemplateView):
    """What every action on a skill starts from: who may publish, and a skill that the action fits."""

    header_icon = "tag"

    @cached_property
    def skill(self) -> Skill:
        return get_object_or_404(Skill.objects.select_related("domain", "replaced_by"), pk=self.kwargs["pk"])

    def is_allowed(self) -> bool:
        return policy_registry.get_by_type(Skill).user_has_permission(self.request.user, "publish")

    def refusal(self) -> str:
        """Why the action does not fit this skill; empty when it does."""
        raise NotImplementedError

    def dispatch(self, request, *args, **kwargs) -> HttpResponse:
        if not self.is_allowed():
            raise PermissionDenied
        if reason := self.refusal():
            messages.error(request, f"« {self.skill} » {reason}")
            return self.back()
        return super().dispatch(request, *args, **kwargs)

    def back(self) -> HttpResponse:
        return redirect("admin_skills:edit", self.skill.pk)

    def get_page_subtitle(self) -> str:
        return str(self.skill)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": "Accueil"},
            {"url": reverse("admin_skills:list"), "label": "Compétences"},
            {"url": reverse("admin_skills:edit", args=[self.skill.pk]), "label": str(self.skill)},
            {"url": "", "label": self.page_title},
        ]


class RetireView(SkillActionView):
    """The replacement is chosen by GET, which shows what will happen, and confirmed by POST."""

    template_name = "admin/skill_retire.html"
    page_title = "Retirer"
    introduction = (
        "La compétence reste lisible ici, son adresse mène à sa remplaçante, et ses textes sont libérés."
    )
    confirm_label = "Retirer la compétence"
    form_class: type[ReplacementForm] = ReplacementForm

    def refusal(self) -> str:
        if self.skill.is_retired:
            return "est déjà retirée."
        return "" if self.skill.live else "est un brouillon : supprimez-la, ou publiez-la d'abord."

    @cached_property
    def form(self) -> ReplacementForm:
        asked = self.request.POST if self.request.method == "POST" else self.request.GET
        return self.form_class(asked if "replacement" in asked else None, skill=self.skill)

    def plan(self) -> MergePlan | None:
        return None

    def get_context_data(self, **kwargs) -> dict:
        chosen = self.form.is_bound and self.form.is_valid()
        return {
            **super().get_context_data(**kwargs),
            "skill": self.skill,
            "form": self.form,
            "media": self.form.media,
            "replacement": self.form.cleaned_data["replacement"] if chosen else None,
            "with_mappings": chosen and self.form.cleaned_data.get("with_mappings"),
            "plan": self.plan() if chosen else None,
            "groups": uses_of(self.skill, self.request.user),
            "to_review": linked_skills(self.skill),
            "counts": use_counts([self.skill.pk]).get(self.skill.pk, {}),
            "introduction": self.introduction,
            "confirm_label": self.confirm_label,
        }

    def post(self, request, *args, **kwargs) -> HttpResponse:
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        try:
            with transaction.atomic():
                self.apply()
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return self.back()

    def apply(self) -> None:
        replacement = self.form.cleaned_data["replacement"]
        self.record(retire(self.skill, replacement), RETIRED)
        messages.success(self.request, f"« {self.skill} » est retirée ; « {replacement} » la remplace.")

    def record(self, moved: list[Moved], action: str, **more) -> None:
        """In the history of the skill, what followed; a review that was waiting has no object left."""
        if state := self.skill.current_workflow_state:
            state.cancel(user=self.request.user)
        own = [str(one) for one in moved if one.retired == self.skill.code]
        data = {
            "replacement": self.form.cleaned_data["replacement"].code,
            "moved": own[:NAMED],
            "count": len(own),
            **more,
        }
        log(instance=self.skill, action=action, user=self.request.user, data=data)


class MergeView(RetireView):
    page_title = "Fusionner"
    introduction = "La compétence est retirée, et celle qui la remplace reçoit les libellés qui lui manquent."
    confirm_label = "Fusionner les deux compétences"
    form_class = MergeForm

    def plan(self) -> MergePlan:
        chosen = self.form.cleaned_data
        return plan_merge(self.skill, chosen["replacement"], with_mappings=chosen["with_mappings"])

    def apply(self) -> None:
        replacement, plan = self.form.cleaned_data["replacement"], self.plan()
        moved = merge(self.skill, replacement, plan, self.request.user)
        gained = [label.text for label in plan.labels]
        mapped = [f"{mapping.scheme.upper()} {mapping.code}" for mapping in plan.mappings]
        self.record(moved, MERGED, labels=gained, mappings=mapped)
        log(
            instance=replacement,
            action=ABSORBED,
            user=self.request.user,
            data={"merged": self.skill.code, "labels": gained, "mappings": mapped},
        )
        messages.success(self.request, f"« {self.skill} » est fusionnée dans « {replacement} ».")


class RestoreView(SkillActionView):
    """Superusers alone: the replacement may have taken its texts, and what moved does not come back."""

    template_name = "admin/skill_restore.html"
    page_title = "Remettre en usage"

    def is_allowed(self) -> bool:
        return self.request.user.is_superuser

    def refusal(self) -> str:
        return "" if self.skill.is_retired else "est déjà en usage."

    def get_context_data(self, **kwargs) -> dict:
        return {**super().get_context_data(**kwargs), "skill": self.skill}

    def post(self, request, *args, **kwargs) -> HttpResponse:
        errors = put_back_in_use(self.skill)
        if errors:
            messages.error(request, f"« {self.skill} » reste retirée : {' '.join(errors)}")
        else:
            log(instance=self.skill, action=RESTORED, user=request.user)
            messages.success(request, f"« {self.skill} » est de nouveau en usage.")
        return self.back()


class RetirementPanel(Panel):
    """On the form of a retired skill: what replaced it, and what followed."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/skill_retirement.html"

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.instance.pk) and self.instance.is_retired

        def get_context_data(self, parent_context=None) -> dict:
            entries = ModelLogEntry.objects.for_instance(self.instance)
            entry = entries.filter(action__in=[RETIRED, MERGED]).select_related("user").first()
            return {
                **super().get_context_data(parent_context),
                "replacement": self.instance.replaced_by,
                "entry": entry,
                "is_superuser": self.request.user.is_superuser,
                "skill": self.instance,
            }


class RetirementFormatter(LogFormatter):
    label = "Retirer"

    def format_message(self, log_entry) -> str:
        data = log_entry.data
        verb = "Fusionnée dans" if log_entry.action == MERGED else "Retirée, remplacée par"
        return f"{verb} « {data['replacement']} » ({data['count']} usages ont suivi)"


class MergeFormatter(RetirementFormatter):
    label = "Fusionner"


class AbsorptionFormatter(LogFormatter):
    label = "Recevoir une fusion"

    def format_message(self, log_entry) -> str:
        return f"A reçu les libellés de « {log_entry.data['merged']} »"


def register_log_actions(actions) -> None:
    actions.register_action(RETIRED)(RetirementFormatter)
    actions.register_action(MERGED)(MergeFormatter)
    actions.register_action(ABSORBED)(AbsorptionFormatter)
    actions.register_action(RESTORED, "Remettre en usage", "Remise en usage")


def urls() -> list:
    return [
        path("<int:pk>/retirer/", RetireView.as_view(), name="retire"),
        path("<int:pk>/fusionner/", MergeView.as_view(), name="merge"),
        path("<int:pk>/remettre-en-usage/", RestoreView.as_view(), name="restore"),
    ]
