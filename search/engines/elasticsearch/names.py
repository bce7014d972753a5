"""How indices and aliases are named. Pure.

One rule: every name begins with the prefix of the installation, so that a role can be confined to it; an index is written to
through the write alias of its generation alone, and read through the name that the live alias stands for.
"""

import datetime as dt
import re
from dataclasses import dataclass

from search.request import Kind

_INDEX = re.compile(r"^(?P<generation>generation-\d{8}-\d{6}-\d{6})-(?P<kind>[a-z]+)$")


@dataclass(frozen=True)
class Names:
    prefix: str

    @staticmethod
    def new_generation(now: dt.datetime) -> str:
        return f"generation-{now:%Y%m%d-%H%M%S-%f}"

    def index(self, generation: str, kind: Kind) -> str:
        return f"{self.prefix}-{generation}-{kind.value}"

    def write_alias(self, generation: str, kind: Kind) -> str:
        return f"{self.index(generation, kind)}-write"

    def live(self, kind: Kind) -> str:
        return f"{self.prefix}-{kind.value}"

    def previous(self, kind: Kind) -> str:
        return f"{self.prefix}-{kind.value}-previous"

    @property
    def every_generation(self) -> str:
        """A pattern to list with, never to delete with."""
        return f"{self.prefix}-generation-*"

    def parse(self, index: str) -> tuple[str, Kind] | None:
        """The generation and the kind of an index of ours."""
        found = _INDEX.match(index.removeprefix(f"{self.prefix}-")) if index.startswith(self.prefix) else None
        kinds = {kind.value: kind for kind in Kind}
        return (found["generation"], kinds[found["kind"]]) if found and found["kind"] in kinds else None
