"""Pages for what went wrong, in the language of the address.

One rule: the 500 page is static: it needs neither database nor context.
"""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cms.views import words
from cms.views.shared import TranslatedRefusal, refuse


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        message = _("L’envoi est trop volumineux : %(limit)s Ko au plus. Gardez ce qui parle de compétences.")
        limit = words.number(settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1000)
        return refuse(request, TranslatedRefusal(message % {"limit": limit}), status=413)
    message = _("La demande n’a pas pu être lue. Vérifiez l’adresse ou le formulaire, puis recommencez.")
    return refuse(request, TranslatedRefusal(message))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", {"is_error": True}, status=404)
