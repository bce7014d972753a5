"""A progress bar on standard error, for whatever lasts longer than two seconds."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

Item = TypeVar("Item")


def progress(items: Iterable[Item], label: str, total: int | None = None) -> Iterator[Item]:
    """Yield the items while showing how far we are; silent when standard error is not a terminal."""
    return iter(
        tqdm(
            items,
            desc=label,
            total=total,
            delay=2,
            leave=False,
            file=sys.stderr,
            disable=not sys.stderr.isatty(),
        )
    )
