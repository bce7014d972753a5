"""Trainings made known to Wagtail's search. The product does not: its own engines search them."""

from wagtail.search import index

from training.models import Training


class WagtailTraining(index.Indexed, Training):
    search_fields = [
        index.SearchField("title_fr", boost=3),
        index.SearchField("title_en", boost=3),
        index.SearchField("objectives"),
        index.SearchField("content"),
        index.FilterField("kind"),
        index.FilterField("exit_level"),
        index.FilterField("is_demonstration"),
    ]

    class Meta:
        proxy = True
        verbose_name = "formation (recherche de Wagtail)"
        verbose_name_plural = "formations (recherche de Wagtail)"
