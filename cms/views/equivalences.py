"""« Équivalences » : a title of a job or a diploma, the skills it brings, and how we get there.

One rule: the page only reads public titles from its address; nothing about the person is asked for, and no answer is cached.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.views.origins import (
    LONGEST_FIELD,
    OriginField,
    OriginUnclear,
    candidate_rows,
    equivalence_row,
    resolve,
)
from matching.referential import load_referential


@never_cache
@require_safe
def equivalences(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").replace("\x00", "").strip()
    chosen = OriginField.of(request.GET.get("choix", ""))
    field = chosen if chosen.text else OriginField(text)
    context = {
        "q": (text or field.text)[:LONGEST_FIELD],  # a longer one is refused, and the field holds no more
        "longest": LONGEST_FIELD,
        "equivalence": None,
        "candidates": [],
        "message": "",
        **_answer(field),
    }
    return render(request, "pages/equivalences.html", context)


def _answer(field: OriginField) -> dict:
    referential = load_referential()
    try:
        found = resolve(field, referential)
    except OriginUnclear as unclear:
        rows = candidate_rows(unclear.candidates)
        return {"message": str(unclear), "candidates": rows, "candidates_cut": unclear.is_cut}
    if found is None:
        return {}
    row = equivalence_row(found, referential)
    return {"equivalence": row, "message": row["message"]}
