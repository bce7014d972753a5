"""Every address of the site: admin, files, then public pages in both languages.

One rule: French has no prefix, English lives under /en/, and addresses are written in each language's words.
"""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from cms.views import (
    equivalences,
    match,
    match_reports,
    needs,
    referential,
    referential_files,
    review,
    site_search,
    skill_page,
    sources,
    suggestions,
    technical,
    trainings,
)

handler400 = "cms.views.errors.bad_request"
handler404 = "cms.views.errors.not_found"

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("robots.txt", technical.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": technical.SITEMAPS}, name="sitemap"),
    path("sante/", technical.health_page, name="health"),
    # Files speak both languages: one address each. The last three are where the URIs of `scheme.yaml` lead.
    path("competences/<slug:code>.<slug:suffix>", referential_files.skill_file, name="skill_file"),
    path("referentiel.<slug:suffix>", referential_files.referential_file, name="referential_file"),
    path("referentiel/terms", referential_files.terms_address, name="terms_address"),
    path("referentiel/domain/<slug:code>", referential_files.domain_address, name="domain_address"),
    path("referentiel/<slug:code>", referential_files.concept_address, name="concept_address"),
]

if settings.DEBUG:
    from django.conf.urls.static import static

    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)

urlpatterns += i18n_patterns(
    path(_("formations/"), trainings.training_list, name="training_list"),
    path(_("formations/<slug:code>/"), trainings.training, name="training"),
    path(_("mes-competences/"), match.my_skills, name="my_skills"),
    path(_("mes-competences/signaler/"), match_reports.match_report, name="match_report"),
    path(_("mes-competences/signaler/recu/"), match_reports.match_report_sent, name="match_report_sent"),
    path(
        _("mes-competences/signaler/recu/<slug:token>/"),
        match_reports.match_report_sent,
        name="match_report_sent",
    ),
    path(_("equivalences/"), equivalences.equivalences, name="equivalences"),
    path(_("besoins/"), needs.need_list, name="need_list"),
    path(_("besoins/<slug:code>/"), needs.need, name="need"),
    path(_("competences/<slug:code>/"), skill_page.skill, name="skill"),
    path(_("referentiel/"), referential.referential, name="referential"),
    path("relecture/<slug:token>/", review.skill_review, name="skill_review"),
    path(_("sources/"), sources.source_list, name="source_list"),
    path(
        _("recherche/"),
        include(
            [
                path("", site_search.site_search, name="site_search"),
                path("suggestions/", suggestions.suggest, name="suggestions"),
            ]
        ),
    ),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
