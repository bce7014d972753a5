"""What a site needs: so many posts of each profile, from a CSV or from `CODE=N`. Pure: no Django, no engine.

One rule: a profile is asked for once; what cannot be read is told with its line and never stops the rest.
"""

from dataclasses import dataclass

from matching.errors import TeamRefused
from matching.teams.csv_table import Problems, Row, Table, read_table
from matching.teams.names import Names
from matching.teams.team import MOST_POSTS, MOST_PROFILES, TEAM_MIN, Need

PROFILE = ("profil", "profile")
POSTS = ("effectif", "posts")
MINIMUM = ("equipe min", "team min")
MOST_TEAM_MIN = 100
_LIST = "La liste : manage.py catalogue jobs."


@dataclass(frozen=True)
class SiteNeeds:
    needs: tuple[Need, ...]
    problems: Problems


def read_needs(data: bytes, jobs: Names, source: str = "besoins") -> SiteNeeds:
    """Raises TeamRefused for what asks for nothing."""
    problems = Problems(source)
    table = read_table(data, problems)
    profile, posts = table.column(*PROFILE), table.column(*POSTS)
    if profile is None or posts is None:
        raise TeamRefused(f"{source}, ligne 1 : il faut les colonnes « profil » et « effectif ».")
    needs: dict[str, Need] = {}
    for row in table.rows:
        need = _need(row, table, profile, posts, jobs, problems)
        if need and need.profile in needs:
            problems.add(
                row.line, table.header[profile], f"« {need.profile} » est déjà donné. Gardez une seule ligne."
            )
        elif need:
            needs[need.profile] = need
    if not needs:
        first = f" {problems.kept[0]}" if problems.kept else ""
        raise TeamRefused(f"{source} : aucun besoin n'a pu être lu.{first}")
    return SiteNeeds(_bounded(needs, source), problems)


def needs_from(texts: list[str], jobs: Names) -> SiteNeeds:
    """From `CODE=N` (`CODE` alone: one post). Raises TeamRefused for any that cannot be read: it can be typed again at once."""
    needs: dict[str, Need] = {}
    for text in texts:
        name, _, number = text.partition("=")
        code, posts = jobs.find(name.strip()), _whole(number.strip() or "1", MOST_POSTS)
        if code is None:
            raise TeamRefused(f"--profile « {text[:60]} » : {_unknown(name.strip(), jobs)}")
        if posts is None:
            raise TeamRefused(
                f"--profile « {text[:60]} » : l'effectif va de 1 à {MOST_POSTS}, par exemple {code}=3."
            )
        if code in needs:
            raise TeamRefused(f"--profile « {text[:60]} » : ce profil est déjà donné.")
        needs[code] = Need(code, posts)
    return SiteNeeds(_bounded(needs, "--profile"), Problems("--profile"))


def _need(row: Row, table: Table, profile: int, posts: int, jobs: Names, problems: Problems) -> Need | None:
    minimum = table.column(*MINIMUM)
    name, wanted, held = row.cell(profile), row.cell(posts), row.cell(minimum)
    code, number = jobs.find(name), _whole(wanted, MOST_POSTS)
    team_min = _whole(held, MOST_TEAM_MIN) if held else TEAM_MIN
    if code is None:
        problems.add(row.line, table.header[profile], _unknown(name, jobs))
    elif number is None:
        problems.add(row.line, table.header[posts], f"« {wanted[:20]} » : l'effectif va de 1 à {MOST_POSTS}.")
    elif team_min is None:
        message = f"« {held[:20]} » : le minimum de l'équipe va de 1 à {MOST_TEAM_MIN} (vide : {TEAM_MIN})."
        problems.add(row.line, table.header[minimum or 0], message)
    else:
        return Need(code, number, team_min)
    return None


def _bounded(needs: dict[str, Need], source: str) -> tuple[Need, ...]:
    if len(needs) > MOST_PROFILES:
        raise TeamRefused(f"{source} : {len(needs)} profils ; {MOST_PROFILES} au plus.")
    if sum(need.posts for need in needs.values()) > MOST_POSTS:
        raise TeamRefused(f"{source} : {MOST_POSTS} postes au plus, tous profils ensemble.")
    return tuple(needs.values())


def _unknown(text: str, jobs: Names) -> str:
    near = jobs.near(text)
    proposal = f"Vouliez-vous dire : {', '.join(near)} ?" if near else _LIST
    return f"métier inconnu : « {text[:60]} ». {proposal}"


def _whole(text: str, most: int) -> int | None:
    return (
        int(text) if text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= most else None
    )
