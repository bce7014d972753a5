"""Approving and unpublishing a skill.

One rule: what goes online keeps the rules on the day it goes: a draft was checked when it was written, and the referential has
lived since.
"""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.snippets.views.snippets import UnpublishView, WorkflowActionView

from cms.admin.skills.uses import counts_in_words
from skills.models import Skill
from skills.retirement import use_counts
from skills.stored_concepts import errors_among_stored


def reasons_not_to_publish(draft: Skill) -> list[str]:
    """Words that are missing, then what the rules say, in sentences."""
    try:
        draft.full_clean()
    except ValidationError as error:
        fields = (
            draft._meta.get_field(name).verbose_name for name in error.message_dict if name != "__all__"
        )
        return [f"à corriger : {', '.join(str(field) for field in fields) or '; '.join(error.messages)}."]
    return errors_among_stored(draft.as_entry())


class SkillWorkflowActionView(WorkflowActionView):
    def post(self, request, *args, **kwargs):
        if self.action_name == "approve":
            reasons = reasons_not_to_publish(self.task_state.revision.as_object())
            if reasons:
                messages.error(request, f"« {self.object} » ne peut pas être publiée : {' '.join(reasons)}")
                return self._back_to_the_form(request)
        return super().post(request, *args, **kwargs)

    def _back_to_the_form(self, request):
        url = reverse(self.redirect_url_name, args=[self.object.pk])
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return self.render_modal_json(request, {"step": "success", "redirect": url})
        return redirect(url)


class SkillUnpublishView(UnpublishView):
    """Taking a used skill offline would leave what cites it without a name: it is retired for another one."""

    def dispatch(self, request, *args, **kwargs):
        if self.user_has_permission(self.permission_required) and (reason := self._refusal()):
            messages.error(request, f"« {self.object} » {reason}")
            return redirect("admin_skills:edit", self.object.pk)
        return super().dispatch(request, *args, **kwargs)

    def _refusal(self) -> str:
        if self.object.is_retired:
            return "est retirée : son adresse mène à sa remplaçante."
        counts = use_counts([self.object.pk]).get(self.object.pk)
        return f"sert à {counts_in_words(counts)} : retirez-la en nommant sa remplaçante." if counts else ""
