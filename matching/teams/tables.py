"""The answer about a team for people: aligned tables, in French or in English.

One rule: the longest lists are cut, and say how many lines are left out; --json gives them all.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from matching.scoring import State
from matching.teams.analysis import TeamAnswer
from matching.teams.gaps import ESSENTIAL, Filled, ProfileGaps
from matching.teams.plan import PlannedSession, Reason
from matching.teams.report import Remaining, remaining_of, sessions_by_quarter
from matching.teams.team import Ask
from matching.teams.validities import Requalification
from matching.teams.words import REASONS, WORDS

MOST_LINES = 12
WIDEST = 48  # of a label or title
MOST_NAMES = 6


class Tables:
    """Lines for one answer in one language."""

    def __init__(self, answer: TeamAnswer, language: str) -> None:
        self.answer, self.language = answer, language
        self.words, self.reasons = WORDS[language], REASONS[language]

    def lines(self) -> Iterator[str]:
        standing = self.answer.standing
        yield self._say(
            "team",
            people=len(standing.people),
            posts=sum(one.profile.posts for one in standing.by_profile),
            profiles=len(standing.profiles),
            day=standing.on,
        )
        for section in (
            self._outcome(),
            *(self._profile(one) for one in standing.by_profile),
            self._single_points(),
            self._requalifications(),
            self._plan(),
            self._remaining(),
        ):
            yield from section

    def _say(self, word: str, **values: object) -> str:
        return self.words[word].format(**values)

    def _label(self, ask: Ask) -> str:
        return _cut(self.answer.referential.label(ask.skill, self.language))

    def _cut_list(self, lines: Sequence[str]) -> Iterator[str]:
        yield from lines[:MOST_LINES]
        if len(lines) > MOST_LINES:
            yield "  " + self._say("more", count=len(lines) - MOST_LINES)

    def _outcome(self) -> Iterator[str]:
        outcome, by_profile = self.answer.outcome, self.answer.standing.by_profile
        rows: list[Sequence[str]] = [[self.words[word] for word in _OUTCOME]]
        for one in by_profile:
            figures = outcome.profiles[one.profile.code]
            rows.append(
                [
                    _cut(one.profile.title(self.language)),
                    f"{len(one.filled)}/{one.profile.posts}",
                    *(f"{share:.0%}" for share in (figures.before, figures.without_plan, figures.after)),
                ]
            )
        points = outcome.single_points
        counts = (points.before, points.without_plan, points.after)
        rows.append([self.words["single_points_row"], "", *(str(int(count)) for count in counts)])
        yield ""
        yield from _aligned(rows, "lrrrr")

    def _profile(self, one: ProfileGaps) -> Iterator[str]:
        profile = one.profile
        yield ""
        yield f"{profile.title(self.language)} ({profile.code})"
        rows = [self._person(filled) for filled in one.filled]
        yield from self._cut_list(list(_aligned(rows, "lrl")))
        if one.vacant:
            yield "  " + self._say("vacant", count=one.vacant)
        if one.gaps:
            yield "  " + self.words["gaps"]
            gaps = [
                [
                    "★" if gap.requirement.importance == ESSENTIAL else " ",
                    self._label(Ask(gap.requirement.skill, gap.requirement.level)),
                    self._say("level", level=gap.requirement.level),
                    _names((*gap.missing, *gap.partial)),
                ]
                for gap in one.gaps
            ]
            yield from self._cut_list(list(_aligned(gaps, "llll", "    ")))

    def _person(self, filled: Filled) -> Sequence[str]:
        states = [result.state for result in filled.score.requirements]
        counts = {state.value: states.count(state) for state in State}
        return [filled.person, f"{filled.score.value:.0%}", self._say("counts", **counts)]

    def _single_points(self) -> Iterator[str]:
        points = self.answer.standing.single_points
        yield ""
        yield self._say("single_points", count=len(points)) if points else self.words["no_single_points"]
        rows = [
            [
                self._label(one.ask),
                self._say("level", level=one.ask.level),
                self._say("holders", held=len(one.holders), needed=one.needed)
                + (f" ({_names(one.holders)})" if one.holders else ""),
                self._say("backups", names=_names(one.backups)) if one.backups else "",
            ]
            for one in points
        ]
        yield from self._cut_list(list(_aligned(rows, "llll")))

    def _requalifications(self) -> Iterator[str]:
        found = self.answer.requalifications
        serious = [one for one in found if one.matters]
        if not found:
            return
        yield ""
        yield self._say("requalifications", count=len(found), serious=len(serious))
        rows = [
            [
                one.valid_until.isoformat(),
                one.person,
                self._label(Ask(one.skill, one.level)),
                self._say("level", level=one.level),
                self._falls(one),
            ]
            for one in serious
        ]
        yield from self._cut_list(list(_aligned(rows, "lllll")))

    def _falls(self, one: Requalification) -> str:
        said = [self.words["expired"]] if one.is_expired else []
        if one.opens:
            said.append(self.words["opens"])
        if one.single_points:
            said.append(self._say("left", count=min(lost.holders_left for lost in one.single_points)))
        return ", ".join(said)

    def _plan(self) -> Iterator[str]:
        plan = self.answer.plan
        budget = plan.terms.budget_cents
        yield ""
        yield self._say(
            "plan",
            first=plan.terms.starts_on,
            last=plan.terms.ends_on,
            cost=self._euros(plan.cost_cents),
            budget=self.words["no_budget"]
            if budget is None
            else self._say("budget", euros=self._euros(budget)),
            sessions=len(plan.sessions),
            places=sum(len(one.people) for one in plan.sessions),
        )
        for name, sessions, cost, so_far in sessions_by_quarter(self.answer):
            title = name.replace("-Q", self.words["quarter"])
            yield "  " + self._say(
                "quarter_cost", name=title, cost=self._euros(cost), so_far=self._euros(so_far)
            )
            for one in sessions:
                yield from self._session(one)

    def _session(self, one: PlannedSession) -> Iterator[str]:
        session, course = one.session, self.answer.courses[one.session.training]
        price = self._euros(session.price_cents or 0)
        where = self.words["remote"] if session.mode == "remote" else session.place
        heads = len(one.people)
        title = f"{_cut(course.title(self.language))} ({session.training})"
        yield f"    {_days(session.starts_on, session.ends_on)}  {title}"
        cost = self._say("cost", heads=heads, price=price, total=self._euros(one.cost_cents))
        yield f"        {', '.join(filter(None, (where, cost)))}"
        rows = [
            [sent.person, "; ".join(self._closed(one, place) for place in sent.closes)] for sent in one.people
        ]
        yield from _aligned(rows, "ll", "        ")

    def _closed(self, one: PlannedSession, place: int) -> str:
        demand = self.answer.plan.demands[place]
        text = f"{self._label(demand.ask)} ({demand.ask.level})"
        if demand.due is None:
            return text
        word = "renewed" if one.session.ends_on <= demand.due else "late"
        return f"{text}, {self._say(word, day=demand.due)}"

    def _remaining(self) -> Iterator[str]:
        rows = remaining_of(self.answer.plan)
        yield ""
        yield (
            self._say("remaining", count=sum(len(one.people) for one in rows))
            if rows
            else self.words["nothing_remains"]
        )
        for reason in Reason:
            mine = [one for one in rows if one.reason is reason]
            if mine:
                yield f"  {self.reasons[reason]}"
                lines = list(_aligned([self._open(one) for one in mine], "lll", "    "))
                yield from self._cut_list(lines)

    def _open(self, one: Remaining) -> Sequence[str]:
        return [self._label(one.ask), self._say("level", level=one.ask.level), _names(one.people)]

    def _euros(self, cents: int) -> str:
        whole, rest = divmod(cents, 100)
        amount = f"{whole:,}" + (f".{rest:02}" if rest else "")
        if self.language == "en":
            return f"€{amount}"
        return amount.replace(",", "\u00a0").replace(".", ",") + "\u00a0€"


_OUTCOME = ("profile", "filled", "before", "without_plan", "after")


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else text[: WIDEST - 1].rstrip() + "…"


def _names(people: Sequence[str]) -> str:
    shown = ", ".join(people[:MOST_NAMES])
    return f"{shown} +{len(people) - MOST_NAMES}" if len(people) > MOST_NAMES else shown


def _days(first: dt.date, last: dt.date) -> str:
    return f"{first} → {last:%m-%d}" if first.year == last.year else f"{first} → {last}"


def _aligned(rows: Iterable[Sequence[str]], sides: str, margin: str = "  ") -> Iterator[str]:
    """Each column as wide as its widest cell, on the left or on the right."""
    rows = list(rows)
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell.rjust(width) if side == "r" else cell.ljust(width)
            for cell, width, side in zip(row, widths, sides, strict=True)
        )
        yield (margin + "  ".join(cells)).rstrip()
