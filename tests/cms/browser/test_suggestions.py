"""Search boxes in a real browser: options come while typing, a choice is searched, JavaScript only adds to that."""

import re

import pytest

pytestmark = pytest.mark.browser

# What a browser does of a choice in a datalist: the value at once, by an event that no typing makes.
CHOOSE = """(box, title) => { box.value = title; box.dispatchEvent(new Event("input", {bubbles: true})); }"""


def values(page, box: str) -> list[str]:
    return page.locator(f"#{box}-suggestions option").evaluate_all("all => all.map(one => one.value)")


def type_in(page, box: str, text: str) -> None:
    """Key by key; then wait for the answer to the whole text."""
    with page.expect_response(re.compile("/suggestions/")):
        page.locator(f"#{box}").press_sequentially(text, delay=20)


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize(
    ("address", "box"), [("/", "header-q"), ("/", "hero-q"), ("/recherche/", "site-q"), ("/formations/", "q")]
)
def test_typing_shows_options(open_page, violations, screenshot, address, box, size):
    page = open_page(address, size)
    type_in(page, box, "conduire")
    page.locator(f"#{box}-suggestions option").first.wait_for(state="attached")
    assert values(page, box)[0] == "Conduire un bioréacteur bioreacteur-1"
    assert page.locator(f"#{box}").get_attribute("list") == f"{box}-suggestions"
    assert page.get_by_role("combobox").count() >= 1, "the browser's own, with its list"
    assert page.url.endswith(address), "the address says nothing of what is typed"
    assert violations(page) == []
    assert page.complaints == []
    screenshot(page, f"suggestions-{box}-{size}")


def test_a_word_is_asked_about_once_it_is_typed(open_page):
    page = open_page("/recherche/")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/suggestions/" in request.url else None)
    type_in(page, "site-q", "conduire")
    page.locator("#site-q-suggestions option").first.wait_for(state="attached")
    assert len(asked) == 1
    assert asked[0].endswith("/recherche/suggestions/?q=conduire")


def test_a_choice_is_searched(open_page):
    page = open_page("/")
    type_in(page, "hero-q", "bpf")
    page.locator("#hero-q-suggestions option").first.wait_for(state="attached")
    page.locator("#hero-q").evaluate(CHOOSE, "Bonnes pratiques de fabrication")
    page.wait_for_url(re.compile(r"/recherche/\?q=Bonnes\+pratiques"))
    page.locator("main").get_by_role("link", name="Bonnes pratiques de fabrication").wait_for()


def test_a_choice_reloads_the_list_of_trainings(open_page):
    page = open_page("/formations/")
    type_in(page, "q", "conduire")
    page.locator("#q-suggestions option").first.wait_for(state="attached")
    page.locator("#q").evaluate(CHOOSE, "Conduire un bioréacteur bioreacteur-1")
    page.wait_for_url(re.compile(r"/formations/\?q=Conduire"))
    assert page.locator("#resultats").get_by_role("link", name=re.compile("Conduire un bio")).is_visible()
    assert page.locator("#q").input_value() == "Conduire un bioréacteur bioreacteur-1"
    assert page.complaints == []


def test_a_title_typed_to_its_end_waits_for_enter(open_page):
    page = open_page("/recherche/")
    type_in(page, "site-q", "Conduire un bioréacteur")
    page.locator("#site-q-suggestions option").first.wait_for(state="attached")
    page.locator("#site-q").press_sequentially(" ")
    page.locator("#site-q").press("Backspace")
    assert page.url.endswith("/recherche/")
    page.locator("#site-q").press("Enter")
    page.wait_for_url(re.compile(r"/recherche/\?q=Conduire"))


def test_without_javascript_the_box_searches_as_ever(open_page):
    page = open_page("/recherche/", javascript=False)
    page.locator("#site-q").fill("bioréacteur")
    page.locator("#site-q").press("Enter")
    page.wait_for_url(re.compile(r"/recherche/\?q="))
    assert page.get_by_role("heading", name=re.compile("Formations")).is_visible()
