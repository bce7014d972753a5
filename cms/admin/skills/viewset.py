"""The screens of skills, put together.

One rule: as for trainings, what is online changes by publishing alone; the address of a view is checked for rights by the view.
"""

from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.snippets.views.snippets import EditView, PreviewOnCreateView, PreviewOnEditView

from cms.admin.scoped import AdminSnippetViewSet, DeliberateCreateView
from cms.admin.skills import retiring, reviews
from cms.admin.skills.listing import (
    EXPORT_HEADINGS,
    LIST_DISPLAY,
    LIST_EXPORT,
    SkillFilterSet,
    SkillIndexView,
)
from cms.admin.skills.moderation import SkillUnpublishView, SkillWorkflowActionView
from cms.admin.skills.panels import skill_edit_handler
from skills.models import Skill


class WithoutRules:
    """A preview is asked for at every pause in typing: it reads no rule, which reads the whole referential."""

    def get_form(self, query_dict):
        form = super().get_form(query_dict)
        form.checks_rules = False
        return form


class SkillPreviewOnCreateView(WithoutRules, PreviewOnCreateView):
    pass


class SkillPreviewOnEditView(WithoutRules, PreviewOnEditView):
    pass


class SkillCreateView(DeliberateCreateView):
    error_message = "La compétence n'est pas enregistrée : corrigez ce qui suit."

    def get_initial(self) -> dict:
        """`?libelle=TEXTE` starts from what people typed."""
        text = self.request.GET.get("libelle", "").replace("\x00", "").strip()[:200]
        return {**super().get_initial(), **({"label_fr": text[:1].upper() + text[1:]} if text else {})}


class SkillEditView(EditView):
    """Without autosave: half a label would be held against the labels of every other skill."""

    error_message = SkillCreateView.error_message

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.autosave_enabled = False

    @cached_property
    def header_buttons(self):
        buttons = list(super().header_buttons)
        if self.live_object.live and not self.live_object.is_retired:
            url = reverse("skill", args=[self.live_object.code])
            buttons.append(HeaderButton("Voir en ligne", url=url, icon_name="link-external"))
        return buttons

    @cached_property
    def header_more_buttons(self):
        buttons = list(super().header_more_buttons)
        skill = self.live_object
        url = reverse("admin_skills:reviews", args=[skill.pk])
        buttons.append(Button("Relectures extérieures", url=url, icon_name="comment", priority=190))
        if skill.live and not skill.is_retired and self.user_has_permission("publish"):
            for name, label, icon in (("retire", "Retirer", "bin"), ("merge", "Fusionner", "resubmit")):
                url = reverse(f"admin_skills:{name}", args=[skill.pk])
                buttons.append(Button(f"{label}…", url=url, icon_name=icon, priority=200))
        return buttons


class SkillViewSet(AdminSnippetViewSet):
    model = Skill
    icon = "tag"
    url_prefix = "competences"
    url_namespace = "admin_skills"
    add_view_class = SkillCreateView
    edit_view_class = SkillEditView
    preview_on_add_view_class = SkillPreviewOnCreateView
    preview_on_edit_view_class = SkillPreviewOnEditView
    unpublish_view_class = SkillUnpublishView
    workflow_action_view_class = SkillWorkflowActionView
    index_view_class = SkillIndexView
    index_results_template_name = "admin/skill_results.html"
    list_display = LIST_DISPLAY
    list_export = LIST_EXPORT
    export_headings = EXPORT_HEADINGS
    export_filename = "competences"
    filterset_class = SkillFilterSet
    # Only so that Wagtail shows the search field: `SkillIndexView` searches.
    search_fields = ["code"]
    ordering = ["domain__position", "code"]
    edit_handler = skill_edit_handler()

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), *retiring.urls(), *reviews.urls()]
