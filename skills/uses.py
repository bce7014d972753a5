"""Who uses a row that a source may withdraw: a registry that the apps above fill.

One rule: this module knows no user by name; each app registers the function that finds its own uses.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from django.db.models import Model

# From the identities of some rows to what uses each of them, in French (« métier msat-engineer »).
FindUses = Callable[[Iterable[str]], Mapping[str, Iterable[str]]]

_finders: dict[type[Model], list[FindUses]] = defaultdict(list)


def register_uses(model: type[Model], find: FindUses) -> None:
    if find not in _finders[model]:
        _finders[model].append(find)


def uses_of(model: type[Model], identities: Iterable[str]) -> dict[str, list[str]]:
    """What uses each of these rows; rows without use are absent."""
    wanted = list(identities)
    found: dict[str, list[str]] = defaultdict(list)
    for identity, use in _each_use(model, wanted):
        found[identity].append(use)
    return {identity: sorted(set(uses)) for identity, uses in found.items()}


def _each_use(model: type[Model], identities: list[str]) -> Iterator[tuple[str, str]]:
    for find in _finders[model]:
        for identity, uses in find(identities).items():
            yield from ((identity, use) for use in uses)
