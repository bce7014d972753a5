"""What can go wrong with a feed, in words for its owner. Pure: no Django.

One rule: `cause` is a stable word by which a repeated problem is recognised, so it holds no time or number;
`message` says in French what was wrong and what to do, and never quotes the address's query (it may be a key).
"""


class FeedProblem(Exception):
    """A run that ends without content to load."""

    outcome = "failed"

    def __init__(self, cause: str, message: str, http_status: int | None = None) -> None:
        super().__init__(message)
        self.cause = cause
        self.message = message
        self.http_status = http_status


class FetchFailed(FeedProblem):
    """The content could not be had: server, network or folder."""


class FeedRefused(FeedProblem):
    """The address is not one the site contacts, or what came is no feed: asking again will not help."""

    outcome = "refused"
