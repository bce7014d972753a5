"""The certifications that a person may obtain for what they already do (VAE), as options of a path.

One rule: a VAE is proposed only when the register opens the certification to it, while it is registered, and when the person
holds most of what the trainings that prepare it bring. Its time and price are usual figures of `funding`, and its facts say so:
no provider was asked, and the jury decides.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.db.models import Q

from matching.paths.facts import Offered, OptionFacts
from matching.paths.funding import CpfAnswer, VaeFigures, vae_cpf_terms, vae_figures
from matching.paths.options import Sought, certificate_of, is_registered
from matching.paths.paying import Payer
from matching.paths.problem import Mode, Option, StepKind
from matching.paths.tokens import covered, kind_of, values_of
from matching.scoring import Requirement, SkillGraph
from training.certification_watch.rules import a_year_after
from training.models import Certification, Training, register_page

# As the register writes its routes of access.
BY_EXPERIENCE = "Par expérience"
# Of the skills that the trainings bring, at the level that the least demanding of them reaches.
LEAST_SHARE_HELD = 0.8
MOST_CERTIFICATIONS = 200


def add_vae(offered: Offered, sought: Sought, modes: frozenset[Mode], graph: SkillGraph) -> Offered:
    """The same options, and a VAE for each certification that is sought, or that would give a level or a block sought or
    needed. Five queries at most.
    """
    figures = vae_figures(sought.today)
    asked = _asked_of_vae((sought.targets | offered.needs) - sought.held)
    if figures is None or not asked:
        return offered
    account = vae_cpf_terms(sought.today, sought.status)
    options, facts = list(offered.options), dict(offered.facts)
    for certification in _open_to_experience(asked):
        if not is_registered(certification, sought.today) or not _is_held(
            certification, sought.skills, graph
        ):
            continue
        option = _option(certification, sought, figures, account, modes)
        if option.brings.isdisjoint(asked):
            continue
        options.append(option)
        facts[option.code] = _facts(certification, figures, account)
    return replace(offered, options=tuple(options), facts=facts)


def _asked_of_vae(tokens: Iterable[str]) -> frozenset[str]:
    return frozenset(token for token in tokens if kind_of(token) in {"certification", "block", "level"})


def _open_to_experience(asked: frozenset[str]) -> list[Certification]:
    """Certifications of the RNCP that a live training prepares, and that give one of these or a level high enough."""
    by_kind: dict[str, list[str]] = {}
    for token in asked:
        by_kind.setdefault(kind_of(token), []).extend(values_of(token))
    gives = Q(code__in=by_kind.get("certification", [])) | Q(blocks__code__in=by_kind.get("block", []))
    if "level" in by_kind:
        gives |= Q(level__gte=min(int(level) for level in by_kind["level"]))
    prepared = Training.certifications.through.objects.filter(training__live=True).values("certification_id")
    rows = Certification.objects.filter(
        gives, code__startswith="RNCP", access_routes__contains=BY_EXPERIENCE, pk__in=prepared
    )
    return list(
        rows.distinct()
        .prefetch_related("blocks", "trainings__skill_links__skill")
        .order_by("code")[:MOST_CERTIFICATIONS]
    )


def _is_held(certification: Certification, levels: Mapping[str, int], graph: SkillGraph) -> bool:
    """Whether the person holds the share asked of what the live trainings that prepare it bring."""
    least: dict[str, int] = {}
    for training in certification.trainings.all():
        for link in training.skill_links.all() if training.live else ():
            least[link.skill.code] = min(link.level, least.get(link.skill.code, link.level))
    asked = [Requirement(skill, level) for skill, level in sorted(least.items())]
    return bool(asked) and len(covered(asked, levels, graph)) >= LEAST_SHARE_HELD * len(asked)


def _option(
    certification: Certification,
    sought: Sought,
    figures: VaeFigures,
    account: CpfAnswer,
    modes: frozenset[Mode],
) -> Option:
    """It is followed where one is: it makes no journey, and no mode that the person accepts leaves it out."""
    latest: dt.date = a_year_after(sought.today)
    ends = certification.registration_ends_on
    return Option(
        code=f"vae/{certification.code}",
        training=certification.code,
        earliest=sought.today,
        latest=latest if ends is None else min(latest, ends),
        days=figures.days,
        brings=certificate_of(certification).tokens,
        price_eur=figures.price_eur,
        cpf=account.terms,
        mode=Mode.REMOTE if Mode.REMOTE in modes else min(modes, default=Mode.REMOTE),
        weekly_hours=figures.weekly_hours,
        registration_ends=ends,
        kind=StepKind.VAE,
    )


def _facts(certification: Certification, figures: VaeFigures, account: CpfAnswer) -> OptionFacts:
    return OptionFacts(
        kind=StepKind.VAE,
        training=certification.code,
        title_fr=f"VAE : {certification.title or certification.code}",
        title_en=f"VAE: {certification.title or certification.code}",
        provider="France VAE",
        place="",
        mode=None,
        session=None,
        hours=None,
        price_eur=figures.price_eur,
        payer=Payer.PERSON,
        rules=(*figures.rules, *account.rules),
        certification=certification.code,
        certification_title=certification.title,
        prerequisites="",
        url=register_page(certification.code),
        is_demonstration=False,
    )
