"""How facts are said: prices, durations, dates, places, in the active language.

One rule: what is unknown is said to be unknown; it is never left out nor shown as zero.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from cms.views.shared import language, today
from jobs.models import EntryLevel
from training.models import Confirmation, DeliveryMode, TrainingAction, TrainingSession, TrainingSkill

# Words of lower apps that the screens translate (`display` filter, search filters): extracted from here.
WORDS_OF_LOWER_APPS = (
    gettext_noop("formation initiale"),
    gettext_noop("formation continue"),
    gettext_noop("déclarée par l'organisme"),
    gettext_noop("suggérée d'après le texte"),
    gettext_noop("confirmée"),
    gettext_noop("en présentiel"),
    gettext_noop("à distance"),
    gettext_noop("mixte"),
    gettext_noop("apprentissage"),
    gettext_noop("français"),
    gettext_noop("anglais"),
    gettext_noop("allemand"),
    gettext_noop("espagnol"),
    gettext_noop("italien"),
    gettext_noop("agroalimentaire"),
    gettext_noop("cosmétique"),
    gettext_noop("chimie"),
    gettext_noop("brasserie et boissons fermentées"),
    gettext_noop("laboratoire hospitalier"),
    gettext_noop("microélectronique"),
    gettext_noop("défense"),
    gettext_noop("pharmacie"),
    gettext_noop("agriculture"),
    gettext_noop("énergie"),
    gettext_noop("logistique"),
    gettext_noop("recherche"),
    gettext_noop("autre secteur"),
    gettext_noop("sans diplôme"),
    gettext_noop("CAP"),
    gettext_noop("bac"),
    gettext_noop("bac+2"),
    gettext_noop("bac+3"),
    gettext_noop("bac+5"),
    gettext_noop("doctorat"),
    gettext_noop("essentielle"),
    gettext_noop("utile"),
    gettext_noop("aptitude médicale"),
    gettext_noop("qualification aseptique"),
    gettext_noop("niveau de langue"),
    gettext_noop("habilitation"),
    gettext_noop("hors zone classée"),
    gettext_noop("classe D"),
    gettext_noop("classe C"),
    gettext_noop("classe B"),
    gettext_noop("classe A"),
    gettext_noop("journée"),
    gettext_noop("fin de semaine"),
    gettext_noop("astreintes"),
    gettext_noop("poste à pourvoir"),
    gettext_noop("alternance ou stage"),
    gettext_noop("montée en compétences"),
    gettext_noop("besoin à venir"),
    gettext_noop("connaissance"),
    gettext_noop("savoir-faire"),
    gettext_noop("savoir-être"),
    gettext_noop("vaccins"),
    gettext_noop("protéines recombinantes"),
    gettext_noop("anticorps monoclonaux"),
    gettext_noop("thérapie génique"),
    gettext_noop("thérapie cellulaire"),
    gettext_noop("thérapie tissulaire"),
    gettext_noop("exacte"),
    gettext_noop("proche"),
    gettext_noop("plus large"),
    gettext_noop("plus étroite"),
    gettext_noop("voisine"),
    gettext_noop("l'ensemble"),
    gettext_noop("le libellé"),
    gettext_noop("la définition"),
    gettext_noop("les niveaux"),
    gettext_noop("les correspondances"),
)


def number(value: Decimal | float | int, decimals: int = 0) -> str:
    """A number as the active language writes it, without needless decimals."""
    places = decimals if value != int(value) else 0
    return formats.number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)


def day(date: dt.date, pattern: str = "DATE_FORMAT") -> str:
    """A date in words; French says « 1er », which the format alone cannot."""
    said = formats.date_format(date, pattern)
    return f"1er{said[1:]}" if date.day == 1 and language() == "fr" and said.startswith("1 ") else said


def first_day(date: dt.date, last: dt.date) -> str:
    """The first date of a period, without the year that its last date says."""
    return day(date, "j F") if date.year == last.year else day(date)


def euros(value: Decimal | float | None) -> str:
    if value is None:
        return _("inconnu")
    if value == 0:
        return _("gratuit")
    return _("%(amount)s €") % {"amount": number(value, 2)}


def entry_level(level: int | None) -> str:
    """The diploma that a level is known by; empty where a job names none."""
    return _(EntryLevel(level).label) if level in EntryLevel.values else ""


def hours(value: Decimal | float | None) -> str:
    if value is None:
        return _("inconnue")
    return _("%(number)s h") % {"number": number(value, 1)}


def weeks(value: Decimal) -> str:
    return ngettext("%(number)s semaine", "%(number)s semaines", max(1, int(value))) % {
        "number": number(value, 1)
    }


def kilometres(value: float) -> str:
    return _("%(number)s km") % {"number": number(round(value))}


def percent(share: float) -> str:
    return _("%(number)s %%") % {"number": number(round(share * 100))}


def bounds(values: Iterable[Decimal | None], say) -> str:
    """« 300 € », or « de 300 € à 500 € » when the values differ; unknown ones only speak when alone."""
    known = sorted({value for value in values if value is not None})
    if not known:
        return say(None)
    if len(known) == 1:
        return say(known[0])
    return _("de %(least)s à %(most)s") % {"least": say(known[0]), "most": say(known[-1])}


def skill_origin(link: TrainingSkill) -> str:
    if link.confirmed_by == Confirmation.EDITOR:
        return _("confirmée par la rédaction")
    if link.confirmed_by == Confirmation.RULE:
        return _("confirmée : le texte officiel la nomme")
    return _(link.get_origin_display())


def years(duration: str) -> str:
    """A diploma's duration as ONISEP writes it (« 2 ans »), in the active language; anything else as it is."""
    number_of, _space, unit = duration.partition(" ")
    if not number_of.isdecimal() or unit not in ("an", "ans"):
        return duration
    return ngettext("%(count)d an", "%(count)d ans", int(number_of)) % {"count": int(number_of)}


def place(action: TrainingAction) -> str:
    if action.commune is not None:
        return str(action.commune)
    if action.mode == DeliveryMode.REMOTE:
        return _(DeliveryMode.REMOTE.label)
    return action.region.name if action.region is not None else _("lieu inconnu")


def session_dates(session: TrainingSession) -> str:
    """When one may begin: a date, or the window of a permanent entry."""
    if session.is_permanent_entry:
        if session.ends_on is None:
            return _("entrée permanente depuis le %(start)s") % {"start": day(session.starts_on)}
        if session.starts_on <= today():
            return _("entrée permanente jusqu’au %(end)s") % {"end": day(session.ends_on)}
        return _("entrée permanente du %(start)s au %(end)s") % {
            "start": first_day(session.starts_on, session.ends_on),
            "end": day(session.ends_on),
        }
    if session.ends_on is None or session.ends_on == session.starts_on:
        return _("le %(start)s") % {"start": day(session.starts_on)}
    start = first_day(session.starts_on, session.ends_on)
    return _("du %(start)s au %(end)s") % {"start": start, "end": day(session.ends_on)}
