"""The lock of retired skills.

One rule: a retired skill can be looked at and never edited: what it means now lives in its replacement. It is put back in use
first, which is an action of its own.
"""

from django.utils.html import format_html
from wagtail.locks import BaseLock


class RetiredLock(BaseLock):
    def for_user(self, user) -> bool:
        return True

    def get_message(self, user) -> str:
        replacement = self.object.replaced_by
        return format_html(
            "Cette compétence est <b>retirée</b>, remplacée par <b>{}</b> : elle ne se modifie plus.",
            f"{replacement} ({replacement.code})" if replacement else "aucune autre",
        )

    def get_locked_by(self, user) -> str:
        return "Compétence retirée"

    def get_description(self, user) -> str:
        return "Elle reste lisible ; ce qui la citait cite sa remplaçante."
