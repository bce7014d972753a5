"""« Ce que les gens cherchent et que nous ne connaissons pas »: the texts, and what an editor makes of them.

One rule: a text becomes a label under the rules of the files, like any other, or a draft skill, or is put aside for good.
"""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.permissions import policy_registry

from cms.admin.choosers import skill_chooser
from cms.admin.skills.form import capitalised
from search.models import UnknownTerm
from search.unknown_terms import KEPT_DAYS, PEOPLE, gather
from skills.concept_files.entries import LabelEntry
from skills.gaining import add_rows, propose_label
from skills.models import LabelKind, Skill
from skills.stored_concepts import errors_with_label

TITLE = "Ce que les gens cherchent et que nous ne connaissons pas"
TERMS_A_PAGE = 50


def may(user, action: str) -> bool:
    return policy_registry.get_by_type(Skill).user_has_permission(user, action)


class ForEditors:
    """Guards every address of this module."""

    def dispatch(self, request, *args, **kwargs) -> HttpResponse:
        if not may(request.user, "change"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def term(self) -> UnknownTerm:
        waiting = UnknownTerm.objects.filter(state=UnknownTerm.State.WAITING)
        return get_object_or_404(waiting, pk=self.kwargs["pk"])

    def close(self, state: UnknownTerm.State) -> HttpResponse:
        UnknownTerm.objects.filter(pk=self.term.pk).update(state=state)
        return redirect("unknown_terms")


class UnknownTermsView(ForEditors, WagtailAdminTemplateMixin, TemplateView):
    template_name = "admin/unknown_terms.html"
    page_title = TITLE
    header_icon = "search"

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": TITLE}]

    def get_context_data(self, **kwargs) -> dict:
        gather(timezone.localdate())
        waiting = UnknownTerm.objects.filter(state=UnknownTerm.State.WAITING)
        paginator = WagtailPaginator(waiting, TERMS_A_PAGE)
        page = paginator.get_page(self.request.GET.get("p"))
        return {
            **super().get_context_data(**kwargs),
            "page": page,
            "elided_page_range": paginator.get_elided_page_range(page.number),
            "least": PEOPLE,
            "kept_days": KEPT_DAYS,
            "may_add": may(self.request.user, "add"),
        }


class DismissView(ForEditors, View):
    http_method_names = ["post"]

    def post(self, request, pk: int) -> HttpResponse:
        messages.success(request, f"« {self.term} » est écarté : il ne sera plus montré.")
        return self.close(UnknownTerm.State.DISMISSED)


class SynonymForm(forms.Form):
    skill = forms.ModelChoiceField(
        Skill.objects.published(),
        label="Compétence",
        widget=skill_chooser.widget_class,
        error_messages={"required": "Choisissez la compétence que ce texte désigne."},
    )
    text = forms.CharField(label="Libellé", max_length=200, help_text="Corrigez l'orthographe si besoin.")
    kind = forms.ChoiceField(
        label="Type",
        choices=[
            (LabelKind.ALTERNATIVE, "autre libellé, montré sur le site"),
            (LabelKind.HIDDEN, "libellé caché, pour trouver seulement"),
        ],
        widget=forms.RadioSelect,
        initial=LabelKind.ALTERNATIVE,
    )
    language = forms.ChoiceField(
        label="Langue",
        choices=[("fr", "français"), ("en", "anglais")],
        widget=forms.RadioSelect,
        initial="fr",
    )

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.errors:
            skill = cleaned["skill"]
            versions = [skill, skill.get_latest_revision_as_object()][: 1 + skill.has_unpublished_changes]
            found = [sentence for version in versions for sentence in errors_with_label(version, self.label)]
            for sentence in dict.fromkeys(found):
                self.add_error("text", ValidationError(capitalised(sentence)))
        return cleaned

    @property
    def label(self) -> LabelEntry:
        chosen = self.cleaned_data
        return LabelEntry(chosen["kind"], chosen["language"], chosen["text"].strip())


class SynonymView(ForEditors, WagtailAdminTemplateMixin, TemplateView):
    template_name = "admin/unknown_term_synonym.html"
    page_title = "En faire un synonyme"
    header_icon = "search"

    @cached_property
    def form(self) -> SynonymForm:
        sent = self.request.POST if self.request.method == "POST" else None
        return SynonymForm(sent, initial={"text": self.term.text})

    def get_page_subtitle(self) -> str:
        return self.term.text

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("unknown_terms"), "label": TITLE},
            {"url": "", "label": self.term.text},
        ]

    def get_context_data(self, **kwargs) -> dict:
        return {
            **super().get_context_data(**kwargs),
            "term": self.term,
            "form": self.form,
            "media": self.form.media,
            "may_publish": may(self.request.user, "publish"),
        }

    def post(self, request, pk: int) -> HttpResponse:
        publishes = "publish" in request.POST
        if publishes and not may(request.user, "publish"):
            raise PermissionDenied
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        skill = self.form.cleaned_data["skill"]
        lock = skill.get_lock()
        if lock and lock.for_user(request.user):
            messages.error(request, f"« {skill} » est verrouillée : le libellé n'est pas ajouté.")
            return self.render_to_response(self.get_context_data())
        if publishes:
            add_rows(skill, [self.form.label], user=request.user)
            messages.success(request, f"« {self.form.label.text} » mène désormais à « {skill} ».")
        else:
            propose_label(skill, self.form.label, request.user)
            messages.success(request, f"« {self.form.label.text} » est ajouté au brouillon de « {skill} ».")
        return self.close(UnknownTerm.State.DONE)


class UnknownTermsMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return may(request.user, "change")


def menu_item(order: int) -> MenuItem:
    return UnknownTermsMenuItem(
        "Recherches sans réponse", reverse("unknown_terms"), icon_name="search", order=order
    )


def urls() -> list:
    base = "recherches-sans-reponse/"
    return [
        path(base, UnknownTermsView.as_view(), name="unknown_terms"),
        path(f"{base}<int:pk>/synonyme/", SynonymView.as_view(), name="unknown_term_synonym"),
        path(f"{base}<int:pk>/ecarter/", DismissView.as_view(), name="unknown_term_dismiss"),
    ]
