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


class UnknownTraining(ValueError):
    """No live training has this code."""


class UnknownSkill(ValueError):
    """No published skill has this code."""


class UnknownNeed(ValueError):
    """No open need has this code."""


class RecordRefused(ValueError):
    """A recorded match that cannot be read, is incomplete or was altered."""


class TeamRefused(ValueError):
    """A team's matrix, the needs of its site or the terms of its plan cannot be used at all."""


class PathUnproven(RuntimeError):
    """The best learning path was not proven in the time given. Nobody is answered with one that may not be the best: ask
    again with
    narrower constraints.
    """
