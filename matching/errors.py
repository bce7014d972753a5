"""The named conditions under which matching cannot answer. Pure: no Django, no engine.

One rule: the message is for the person who asked: what, where, what to do.
"""


class TextRefused(ValueError):
    """The text cannot be read: too long, binary or of an unknown encoding."""


class UnknownJob(ValueError):
    """No live job profile has this code."""


class UnknownPlace(ValueError):
    """The town named is not found; the message lists the names that come near."""


class PathRefused(ValueError):
    """No path can be searched for: nothing is asked for, or what is asked for or held is unknown."""


class UnknownOrigin(ValueError):
    """No job nor diploma has this code, or nothing can be read from the title given."""


class PathUnproven(RuntimeError):
    """The best learning path was not proven in the time given. Nobody is answered with one that may not be the best: ask again with
    narrower constraints.
    """
