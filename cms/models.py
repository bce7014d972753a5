"""Pages of the site itself: home and plain content pages."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page


class HomePage(Page):
    headline = models.CharField("accroche", max_length=200, blank=True)
    introduction = models.TextField("introduction", blank=True)

    subpage_types = ["jobs.JobIndexPage", "cms.ContentPage"]
    parent_page_types = ["wagtailcore.Page"]
    template = "pages/home.html"
    content_panels = [*Page.content_panels, FieldPanel("headline"), FieldPanel("introduction")]

    class Meta:
        verbose_name = "accueil"
        verbose_name_plural = "accueils"


class ContentPage(Page):
    """Words that editors write: about, legal notice, accessibility."""

    body = RichTextField("texte", features=["h2", "h3", "bold", "italic", "ol", "ul", "link", "hr"])

    subpage_types = ["cms.ContentPage"]
    template = "pages/content.html"
    content_panels = [*Page.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = "page de texte"
        verbose_name_plural = "pages de texte"
