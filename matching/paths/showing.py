"""The paths found as lines for a person to read: what each step brings, costs and lasts, where and when, and why. Pure.

One rule: every amount that is not the provider's own comes with its rule and source, said once below the paths.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from textwrap import shorten

from matching.paths.answers import FoundPath, FoundPaths, FoundStep
from matching.paths.facts import LeftOut, Reason
from matching.paths.funding import Certainty, Rule
from matching.paths.paying import Payer
from matching.paths.problem import Objective
from matching.paths.sentences import (
    Label,
    say_day,
    say_euros,
    say_mode,
    say_number,
    say_reason,
    say_token,
    say_trips,
)
from matching.paths.timeline import Bar, draw

MOST_TITLES = 5
LONGEST_TEXT = 160

_WORDS = {
    "fr": {
        "nothing-missing": "Rien ne manque : aucune formation à suivre.",
        "nothing": "Aucune formation du catalogue qui ait pu être comparée n'apporte ce qui manque.",
        "no-series": "Des formations apportent une part de ce qui manque, mais aucune suite de leurs sessions n'est possible, "
        "même en changeant deux des conditions.",
        "no-path": "Aucun parcours ne respecte toutes les conditions.",
        "missing": "Il manque : {names}",
        "unteachable": "Aucune formation comparée ne l'apporte : {names}",
        "path": "Parcours {number}{best} : {cost} à payer{cpf}, fini le {end}{km}",
        "incomplete": "D'autres parcours peuvent convenir : tous n'ont pas pu être calculés.",
        "cpf": ", {amount} par le CPF",
        "km": ", {km} km de trajets",
        "brings": "apporte {names}",
        "opens": "ouvre une étape suivante : {names}",
        "needs": "demande {names}",
        "prerequisites": "prérequis annoncés : {text}",
        "demonstration": "démonstration",
        "dates": "du {start} au {end}",
        "hours": "{hours} h",
        "away": "à {km} km, {trips}",
        "left-out": "Non comparées, {reason} ({count}) : {titles}",
        "more": "… et {count} autres",
        "rules": "Règles appliquées :",
        "rule": "{what}{value}, depuis le {start}{end}. {source}, {url} ({checked}){note}",
        "until": " et jusqu'au {end}",
        Certainty.VERIFIED: "vérifié le {day}",
        Certainty.RECALLED: "de mémoire, le {day}",
        "proposed": "PAS EN VIGUEUR. ",
        Objective.COST: "le moins cher",
        Objective.END: "le plus tôt fini",
        Objective.DISTANCE: "le moins de trajets",
        Payer.NOBODY: "gratuit",
        Payer.EMPLOYER: "payé par l'employeur ou son OPCO",
        Payer.APPRENTICESHIP: "gratuit en apprentissage",
    },
    "en": {
        "nothing-missing": "Nothing is missing: there is no training to follow.",
        "nothing": "No training of the catalogue that could be compared brings what is missing.",
        "no-series": "Trainings bring a part of what is missing, but no series of their sessions is possible, even with two of "
        "the conditions changed.",
        "no-path": "No path meets every condition.",
        "missing": "Missing: {names}",
        "unteachable": "No training that was compared brings it: {names}",
        "path": "Path {number}{best}: {cost} to pay{cpf}, ends on {end}{km}",
        "incomplete": "Other paths may suit: not all of them could be computed.",
        "cpf": ", {amount} from the CPF",
        "km": ", {km} km of journeys",
        "brings": "brings {names}",
        "opens": "opens a later step: {names}",
        "needs": "asks for {names}",
        "prerequisites": "prerequisites announced: {text}",
        "demonstration": "demonstration",
        "dates": "from {start} to {end}",
        "hours": "{hours} h",
        "away": "{km} km away, {trips}",
        "left-out": "Not compared, {reason} ({count}): {titles}",
        "more": "… and {count} more",
        "rules": "Rules applied:",
        "rule": "{what}{value}, since {start}{end}. {source}, {url} ({checked}){note}",
        "until": " and until {end}",
        Certainty.VERIFIED: "checked on {day}",
        Certainty.RECALLED: "from memory, on {day}",
        "proposed": "NOT IN FORCE. ",
        Objective.COST: "the cheapest",
        Objective.END: "the soonest ended",
        Objective.DISTANCE: "the fewest kilometres",
        Payer.NOBODY: "free",
        Payer.EMPLOYER: "paid by the employer or its OPCO",
        Payer.APPRENTICESHIP: "free in apprenticeship",
    },
}


def show(found: FoundPaths, label: Label, language: str) -> Iterator[str]:
    """Every line, without line breaks."""
    words = _WORDS[language]
    if not found.missing:
        yield words["nothing-missing"]
        return
    yield words["missing"].format(names=_names((one.token for one in found.missing), label, language))
    if found.unteachable:
        tokens = (one.token for one in found.unteachable)
        yield words["unteachable"].format(names=_names(tokens, label, language))
    if found.abstained:
        yield words["no-series" if found.brings_some else "nothing"]
    for number, path in enumerate(found.paths, 1):
        yield ""
        yield from _show_path(path, number, label, language)
    if any(not path.is_complete_set for path in found.paths):
        yield ""
        yield words["incomplete"]
    if found.relaxations:
        yield words["no-path"]
    for number, relaxation in enumerate(found.relaxations, 1):
        yield ""
        yield relaxation.sentence
        yield from _show_path(relaxation.path, number, label, language)
    yield from _show_rules(found, language)
    yield from _show_left_out(found.left_out, language)


def _names(tokens: Iterable[str], label: Label, language: str) -> str:
    return ", ".join(say_token(token, label, language) for token in tokens)


def _show_path(path: FoundPath, number: int, label: Label, language: str) -> Iterator[str]:
    words = _WORDS[language]
    best = ", ".join(words[objective] for objective in path.objectives)
    end = say_day(path.path.ends_on, language) if path.path.ends_on else "?"
    km = say_number(path.path.distance_km, language)
    yield words["path"].format(
        number=number,
        best=f" ({best})" if best else "",
        cost=say_euros(path.path.cost_eur, language),
        cpf=_cpf(path.path.cpf_eur, language),
        end=end,
        km=words["km"].format(km=km) if path.has_place else "",
    )
    for place, step in enumerate(path.steps, 1):
        yield from _show_step(step, place, label, language)
    bars = [
        Bar(str(place), step.step.starts_on, step.step.ends_on) for place, step in enumerate(path.steps, 1)
    ]
    yield from (f"  {line}" for line in draw(bars, language))


def _cpf(amount: float, language: str) -> str:
    return _WORDS[language]["cpf"].format(amount=say_euros(amount, language)) if amount else ""


def _show_step(step: FoundStep, place: int, label: Label, language: str) -> Iterator[str]:
    words, facts, option = _WORDS[language], step.facts, step.step.option
    mark = f" [{words['demonstration']}]" if facts.is_demonstration else ""
    yield f"  {place}. {facts.title(language)}{mark}"
    yield f"     {', '.join(filter(None, (facts.provider, _where(step, language))))}"
    yield f"     {_when(step, language)}, {_paid(step, language)}"
    if step.brings:
        yield f"     {words['brings'].format(names=_names(sorted(step.brings), label, language))}"
    if step.opens:
        yield f"     {words['opens'].format(names=_names(sorted(step.opens), label, language))}"
    if option.needs:
        yield f"     {words['needs'].format(names=_names(sorted(option.needs), label, language))}"
    if facts.prerequisites:
        text = shorten(facts.prerequisites, LONGEST_TEXT, placeholder="…")
        yield f"     {words['prerequisites'].format(text=text)}"
    if facts.url:
        yield f"     {facts.url}"


def _when(step: FoundStep, language: str) -> str:
    words = _WORDS[language]
    start, end = (say_day(day, language) for day in (step.step.starts_on, step.step.ends_on))
    dates = words["dates"].format(start=start, end=end)
    hours = step.facts.hours
    return f"{dates}, {words['hours'].format(hours=say_number(hours, language))}" if hours else dates


def _where(step: FoundStep, language: str) -> str:
    words, option = _WORDS[language], step.step.option
    parts = [say_mode(step.facts.mode, language), step.facts.place]
    if option.trips and option.distance_km:
        km = say_number(option.distance_km, language)
        parts.append(words["away"].format(km=km, trips=say_trips(option.trips, language)))
    return ", ".join(filter(None, parts))


def _paid(step: FoundStep, language: str) -> str:
    if step.facts.payer is not Payer.PERSON:
        return _WORDS[language][step.facts.payer]
    return f"{say_euros(step.step.pays_eur, language)}{_cpf(step.step.cpf_eur, language)}"


def _show_rules(found: FoundPaths, language: str) -> Iterator[str]:
    """Each rule once, by topic."""
    words = _WORDS[language]
    shown = [*found.paths, *(relaxation.path for relaxation in found.relaxations)]
    rules = {rule.code: rule for path in shown for step in path.steps for rule in step.facts.rules}
    if rules:
        yield ""
        yield words["rules"]
    for code in sorted(rules):
        yield f"  {_say_rule(rules[code], language)}"


def _say_rule(rule: Rule, language: str) -> str:
    words = _WORDS[language]
    colon = ": " if language == "en" else " : "
    value = "" if rule.value is None else f"{colon}{_amount(rule.value, rule.unit, language)}"
    note = rule.note(language)
    return ("" if rule.is_in_force else words["proposed"]) + words["rule"].format(
        what=rule.what[language],
        value=value,
        start=say_day(rule.starts_on, language),
        end=words["until"].format(end=say_day(rule.ends_on, language)) if rule.ends_on else "",
        source=rule.source,
        url=rule.url,
        checked=words[rule.certainty].format(day=say_day(rule.checked_on, language)),
        note=f". {note}" if note else "",
    )


def _amount(value: float, unit: str, language: str) -> str:
    return say_euros(value, language) if unit == "EUR" else f"{say_number(value, language)} {unit}"


def _show_left_out(left_out: Iterable[LeftOut], language: str) -> Iterator[str]:
    """By reason, the first titles and how many more."""
    words = _WORDS[language]
    titles: defaultdict[Reason, list[str]] = defaultdict(list)
    for one in left_out:
        titles[one.reason].append(one.title(language))
    if titles:
        yield ""
    for reason, names in titles.items():
        more = [words["more"].format(count=len(names) - MOST_TITLES)] if len(names) > MOST_TITLES else []
        yield words["left-out"].format(
            reason=say_reason(reason, language),
            count=len(names),
            titles=" ; ".join([*names[:MOST_TITLES], *more]),
        )
