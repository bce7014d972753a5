"""Which form an `Accept` header asks for: real clients' headers, weights, exclusions, and whatever else may come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.negotiation import preferred

HTML, TURTLE, JSON_LD = OFFERED = ("text/html", "text/turtle", "application/ld+json")

CLIENTS = {
    "chrome": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7",
    "firefox": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "safari": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "old explorer": "image/gif, image/jpeg, image/pjpeg, application/x-ms-application, */*",
    "java": "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
    "googlebot": "text/html,application/xhtml+xml,application/signed-exchange;v=b3,application/xml;q=0.9,*/*;q=0.8",
    "curl, wget, fetch": "*/*",
    "owl api": "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09",
    "an image": "image/avif,image/webp,*/*",
}


@pytest.mark.parametrize("accept", CLIENTS.values(), ids=CLIENTS)
def test_browsers_and_general_clients_get_the_page(accept):
    assert preferred(accept, OFFERED) == HTML


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("text/turtle", TURTLE),
        ("TEXT/Turtle", TURTLE),
        ("text/turtle; charset=utf-8", TURTLE),
        ("text/turtle, application/x-turtle", TURTLE),  # rdflib
        (
            "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3",
            TURTLE,
        ),  # Jena
        ("application/ld+json", JSON_LD),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', JSON_LD),
        ('application/ld+json;profile="a, b; q=0";q=0.9, text/html;q=0.5', JSON_LD),
        ("application/*", JSON_LD),
        ("text/*", HTML),
        ("text/html, text/turtle", HTML),  # wanted alike: the default
        ("text/turtle, text/html", HTML),
        ("text/turtle, */*", TURTLE),  # wanted alike, but named
        ("text/turtle;q=0.5, text/html;q=0.4", TURTLE),
        ("text/turtle;q=0.4, text/html;q=0.5", HTML),
        ("text/turtle;q=0.2, application/ld+json;q=0.6", JSON_LD),
        ("*/*;q=0.5, text/html;q=0.1, application/ld+json;q=0.1", TURTLE),
        ("text/turtle;q=0, */*", HTML),
        ("text/turtle;q=0", HTML),  # HTML is not excluded
        ("text/html;q=0, */*;q=0.1", TURTLE),
        ("text/html;q=0, application/ld+json", JSON_LD),
        ("application/json", HTML),
        ("application/rdf+xml", HTML),
        ("image/png, image/webp", HTML),
    ],
)
def test_weights_and_precision_decide(accept, wanted):
    assert preferred(accept, OFFERED) == wanted


@pytest.mark.parametrize(
    "accept",
    ["text/html;q=0", "*/*;q=0", "text/*;q=0", "text/html;q=0.0, image/png", "application/json, */*;q=0"],
)
def test_only_a_client_that_excludes_the_page_gets_nothing(accept):
    assert preferred(accept, OFFERED) is None


@pytest.mark.parametrize(
    "accept",
    [
        "",
        " ",
        ",",
        ";;;",
        "q=1",
        "html",
        "*",
        "*/html",
        "text/",
        "/turtle",
        "text/turtle/x",
        "text/turtle;q=",
        "text/turtle;q=high",
        "text/turtle;q=2",
        "text/turtle;q=-1",
        "text/turtle;q=nan",
        '"text/turtle',
        "texte/tortue\x00",
        "text/turtle\u2028",
    ],
)
def test_what_cannot_be_read_is_answered_with_the_page(accept):
    assert preferred(accept, OFFERED) == HTML


@given(st.text(alphabet='texturlhm/ld+json*;,=q01. "\\', max_size=80))
def test_no_header_breaks_it(accept):
    assert preferred(accept, OFFERED) in {*OFFERED, None}
