"""The page of the programmes that match a need, ranked by what they cover of its requirements.

One rule: the ranking and its words are those of the public page (`cms.views.programmes`), for the need as
last written: drafts have programmes too, and the address is guarded like the viewset's others.
"""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from cms.views import programmes
from jobs.models import EmployerNeed


class NeedProgrammesView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "admin/need_programmes.html"
    page_title = "Programmes qui correspondent"
    header_icon = "list-ul"
    model = EmployerNeed

    @cached_property
    def need(self) -> EmployerNeed:
        """As last written: the employer judges the draft, not what is online."""
        needs = EmployerNeed.objects.select_related("latest_revision")
        return get_object_or_404(needs, pk=self.kwargs["pk"]).get_latest_revision_as_object()

    @cached_property
    def edit_url(self) -> str:
        return reverse("admin_needs:edit", args=[self.need.pk])

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("admin_needs:list"), "label": "Besoins"},
            {"url": self.edit_url, "label": str(self.need)},
            {"url": "", "label": self.page_title},
        ]

    @cached_property
    def header_buttons(self):
        return [HeaderButton("Modifier le besoin", url=self.edit_url, icon_name="edit")]

    def get_context_data(self, **kwargs):
        requirements = list(self.need.requirements.all())
        found = programmes.for_requirements(requirements, near=self.need.commune)
        return {
            **super().get_context_data(**kwargs),
            "need": self.need,
            "edit_url": self.edit_url,
            "requirements": requirements,
            "programmes": found,
        }
