"""Outside experts: links to comment a skill, and their comments, for editors.

One rule: the address of a link is shown once, on the page that made it; it is kept nowhere.
"""

from collections.abc import Callable

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import F, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.panels import Panel
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.permissions import policy_registry

from cms.admin.policies import is_number
from skills.models import Skill, SkillReviewComment, SkillReviewLink
from skills.reviews import (
    ACTIVE_LINKS,
    LONGEST_DAYS,
    SHORTEST_DAYS,
    USUAL_DAYS,
    TooManyLinks,
    make_link,
)

SHOWN = 50


class LinkForm(forms.Form):
    reviewer = forms.CharField(
        label="Pour qui",
        max_length=80,
        help_text="Le nom ou la fonction de la personne ; c'est la seule donnée personnelle gardée.",
    )
    days = forms.IntegerField(
        label="Valable (jours)", min_value=SHORTEST_DAYS, max_value=LONGEST_DAYS, initial=USUAL_DAYS
    )
    shows_draft = forms.BooleanField(
        label="Montrer le brouillon",
        required=False,
        help_text="Sinon, la version en ligne.",
    )

    def __init__(self, *args, skill: Skill, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not skill.live:
            # There is nothing else to show.
            del self.fields["shows_draft"]


class SkillReviewsView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "admin/skill_reviews.html"
    page_title = "Relectures extérieures"
    header_icon = "comment"
    new_address = ""

    @cached_property
    def skill(self) -> Skill:
        return get_object_or_404(Skill, pk=self.kwargs["pk"])

    @cached_property
    def form(self) -> LinkForm:
        sent = self.request.POST if "create" in self.request.POST else None
        return LinkForm(sent, skill=self.skill)

    def dispatch(self, request, *args, **kwargs) -> HttpResponse:
        if not policy_registry.get_by_type(Skill).user_has_permission(request.user, "change"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("admin_skills:list"), "label": "Compétences"},
            {"url": reverse("admin_skills:edit", args=[self.skill.pk]), "label": str(self.skill)},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs) -> dict:
        return {
            **super().get_context_data(**kwargs),
            "skill": self.skill,
            "form": self.form,
            "links": links_of(self.skill),
            "new_address": self.new_address,
        }

    def post(self, request, pk: int) -> HttpResponse:
        if "create" in request.POST:
            return self.create()
        for name, act in _ACTIONS.items():
            if name in request.POST:
                act(self, request.POST[name])
        return redirect("admin_skills:reviews", self.skill.pk)

    def create(self) -> HttpResponse:
        if self.form.is_valid():
            chosen = self.form.cleaned_data
            try:
                new = make_link(
                    self.skill,
                    chosen["reviewer"],
                    chosen["days"],
                    shows_draft=chosen.get("shows_draft", True),
                    user=self.request.user,
                )
            except TooManyLinks:
                message = f"{ACTIVE_LINKS} liens sont déjà actifs : révoquez-en un d'abord."
                self.form.add_error(None, message)
            else:
                self.new_address = self.request.build_absolute_uri(reverse("skill_review", args=[new.token]))
        # Shown in this very answer, so that the token is written in no session and no cookie.
        response = self.render_to_response(self.get_context_data())
        add_never_cache_headers(response)
        return response

    # --- What a button of the page does; each asks that the object be of this skill.
    def link(self, pk: str) -> SkillReviewLink:
        return get_object_or_404(SkillReviewLink, pk=pk if is_number(pk) else 0, skill=self.skill)

    def comment(self, pk: str) -> SkillReviewComment:
        return get_object_or_404(SkillReviewComment, pk=pk if is_number(pk) else 0, link__skill=self.skill)

    def revoke(self, pk: str) -> None:
        link = self.link(pk)
        link.revoked_at = link.revoked_at or timezone.now()
        link.save(update_fields=["revoked_at"])
        messages.success(self.request, f"Le lien de {link.reviewer} est révoqué.")

    def delete_link(self, pk: str) -> None:
        link = self.link(pk)
        link.delete()
        messages.success(self.request, f"Le lien de {link.reviewer} et ses remarques sont supprimés.")

    def treat(self, pk: str) -> None:
        comment = self.comment(pk)
        comment.treated_at = None if comment.treated_at else timezone.now()
        comment.save(update_fields=["treated_at"])

    def delete_comment(self, pk: str) -> None:
        self.comment(pk).delete()
        messages.success(self.request, "La remarque est supprimée.")


_ACTIONS: dict[str, Callable[[SkillReviewsView, str], None]] = {
    "revoke": SkillReviewsView.revoke,
    "delete-link": SkillReviewsView.delete_link,
    "treat": SkillReviewsView.treat,
    "delete-comment": SkillReviewsView.delete_comment,
}


def links_of(skill: Skill) -> list[SkillReviewLink]:
    """The latest links of a skill with their comments. Two queries."""
    comments = Prefetch("comments", queryset=SkillReviewComment.objects.order_by("created_at", "pk"))
    links = SkillReviewLink.objects.filter(skill_id=skill.pk).prefetch_related(comments)
    return list(links.order_by("-created_at", "-pk")[:SHOWN])


class ReviewsPanel(Panel):
    """On the form: what experts said, the open comments first."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/skill_comments.html"

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.instance.pk)

        def get_context_data(self, parent_context=None) -> dict:
            comments = SkillReviewComment.objects.filter(link__skill_id=self.instance.pk)
            # Said of nulls, on whose place databases do not agree.
            open_first = F("treated_at").asc(nulls_first=True)
            shown = comments.select_related("link").order_by(open_first, "created_at", "pk")[:SHOWN]
            url = reverse("admin_skills:reviews", args=[self.instance.pk])
            return {**super().get_context_data(parent_context), "comments": shown, "reviews_url": url}


def urls() -> list:
    return [path("<int:pk>/relectures/", SkillReviewsView.as_view(), name="reviews")]
