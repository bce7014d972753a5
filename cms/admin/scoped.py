"""What the screens of an organisation's objects share: the guard, the form's organisation field, deletion.

One rule: every address that names an object passes `OrganisationScopedViewSet.construct_view`, which answers
404 for another organisation's: Wagtail's own views check the model's permission, not the object's.
"""

import functools

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import classproperty
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.permissions import policy_registry
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.models import get_snippet_models
from wagtail.snippets.views.snippets import CreateView, DeleteView, IndexView, SnippetViewSet

from cms.admin.policies import OrganisationPermissionPolicy, is_number, reach_of
from people.models import Organisation

_STILL_USED = "« %s » ne peut pas être supprimé : d'autres objets s'y rattachent encore."


class SafeDeleteView(DeleteView):
    """Says why what is still used cannot go, and asks the policy about the object itself."""

    def dispatch(self, request, *args, **kwargs):
        if not self.user_has_permission_for_instance("delete", self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ProtectedError:
            messages.error(self.request, _STILL_USED % self.object)
            return redirect(reverse(self.edit_url_name, args=[self.object.pk]))


class SafeDeleteBulkAction(DeleteBulkAction):
    """Wagtail's confirmation names the objects that the account may not delete: here they do not exist."""

    @classproperty
    def models(cls):
        return get_snippet_models()

    def get_actionable_objects(self):
        return super().get_actionable_objects()[0], {"items_with_no_access": []}

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ProtectedError:
            messages.error(
                self.request, "Rien n'a été supprimé : d'autres objets se rattachent encore à la sélection."
            )
            return redirect(self.next_url)


class DeliberateCreateView(CreateView):
    """Without autosave: a half-typed title would already make a draft, and its code."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.autosave_enabled = False


class AdminSnippetViewSet(SnippetViewSet):
    """No generic chooser (ours are in `cms.admin.choosers`) and no copy: posting to Wagtail's copy address
    rewrites the original and takes it offline."""

    copy_view_enabled = False
    add_view_class = DeliberateCreateView
    delete_view_class = SafeDeleteView

    def register_chooser_viewset(self) -> None:
        return None


class ScopedIndexView(IndexView):
    def get_base_queryset(self):
        visible = self.permission_policy.visible_to(self.request.user)
        return super().get_base_queryset().filter(pk__in=visible.values("pk"))

    def order_queryset(self, queryset):
        """With a last word: what was imported has no date, and pages of a list must not overlap."""
        ordered = super().order_queryset(queryset)
        return ordered.order_by(*ordered.query.order_by, "-pk")


class OrganisationScopedViewSet(AdminSnippetViewSet):
    index_view_class = ScopedIndexView

    @property
    def policy(self) -> OrganisationPermissionPolicy:
        return policy_registry.get_by_type(self.model)

    def construct_view(self, view_class, **kwargs):
        view = super().construct_view(view_class, **kwargs)

        @functools.wraps(view)
        def guarded(request, *args, **kwargs):
            if "pk" in kwargs:
                self.require_visible(request.user, kwargs["pk"])
            return view(request, *args, **kwargs)

        return guarded

    def require_visible(self, user, pk) -> None:
        if not (is_number(pk) and self.policy.visible_to(user).filter(pk=pk).exists()):
            raise Http404


class OrganisationFilterSet(WagtailFilterSet):
    """Only those who see several organisations may filter by organisation."""

    organisation_filter = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        reach = reach_of(self.request.user)
        if not reach.everything and len(reach.organisation_ids) < 2:
            del self.filters[self.organisation_filter]

    @staticmethod
    def organisations(request, related: str):
        """Those that have at least one object, within reach."""
        reach = reach_of(request.user)
        used = Organisation.objects.filter(**{f"{related}__isnull": False}).distinct()
        return used if reach.everything else used.filter(pk__in=reach.organisation_ids)


class OrganisationForm(WagtailAdminModelForm):
    """The organisation is the account's own: given when there is one, chosen among them otherwise.

    The field's queryset is the check: another organisation posted by hand is refused like any unknown choice.
    """

    organisation_field = ""
    skills_relation = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        reach = reach_of(self.for_user)
        if reach.everything:
            return
        own = Organisation.objects.filter(pk__in=reach.organisation_ids)
        if len(reach.organisation_ids) == 1:
            self.fields.pop(self.organisation_field, None)
            if self.instance.pk is None:
                setattr(self.instance, self.organisation_field, own.get())
        elif self.organisation_field in self.fields:
            field = self.fields[self.organisation_field]
            field.widget = forms.Select()
            field.queryset = own
            field.required = True  # only moderators look after what no organisation offers

    def clean(self):
        cleaned = super().clean()
        if repeated := self._skills_saved_elsewhere():
            names = ", ".join(sorted(map(str, repeated)))
            message = f"Déjà enregistré depuis une autre page : {names}. Rechargez cette page."
            self.add_error(None, ValidationError(message))
        return cleaned

    def _skills_saved_elsewhere(self) -> set:
        """Skills posted as new rows that the object has by now: a second tab, or the browser gone back."""
        formset = self.formsets.get(self.skills_relation)
        if formset is None or not formset.is_valid():
            return set()
        links = getattr(self.instance, self.skills_relation).all()
        posted = {form.instance.pk for form in formset.forms}
        present = {link.skill_id for link in links if link.pk is not None and link.pk not in posted}
        kept = [form for form in formset.forms if form not in formset.deleted_forms]
        return {form.cleaned_data["skill"] for form in kept if form.cleaned_data["skill"].pk in present}

    @property
    def is_by_moderator(self) -> bool:
        return reach_of(self.for_user).everything
