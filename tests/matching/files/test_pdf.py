"""What is seen of a PDF is what is read of it."""

import hashlib
from functools import partial

import pytest

from matching.files.limits import Limits
from tests.matching.files.cases import read, refusal_of, text_of
from tests.matching.files.pdf_files import Page, filled, image, lines, pdf, text

pytestmark = pytest.mark.any_database

SEEN = text("Conduite de bioréacteur", y=800)


def unseen(content: str, **page: object) -> str:
    """The notice of a page that shows SEEN, and hides the word « secret » somehow."""
    found = read(pdf(Page(SEEN + content, **page)))
    assert found.text == "Conduite de bioréacteur"
    (notice,) = found.notices
    assert "secret" not in notice
    return notice


def test_the_text_of_a_page_is_read_with_its_accents():
    found = read(pdf(lines("Électrophorèse", "Été 2019 (à Lyon) : « HPLC »")))
    assert found.text == "Électrophorèse\nÉté 2019 (à Lyon) : « HPLC »"
    assert (found.format, found.notices) == ("pdf", ())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (text("mot secret", before="1 g"), "de la couleur du fond ou recouvert"),
        (text("mot secret", before="0.96 g"), "de la couleur du fond ou recouvert"),
        (
            filled("0 0 1 rg", 40, 690, 200, 30) + text("mot secret", before="0 0 1 rg"),
            "de la couleur du fond",
        ),
        (text("mot secret") + filled("1 g", 40, 690, 200, 30), "recouvert"),
        (text("mot secret") + image(40, 690, 200, 30), "recouvert"),
        (text("mot secret", before="3 Tr") + "BT 0 Tr ET ", "transparent"),
        (text("mot secret", before="7 Tr"), "transparent"),
        (f"q /G0 gs {text('mot secret')} Q ", "transparent"),
        (f"q 0 0 10 10 re W n {text('mot secret')} Q ", "recouvert"),
        (text("mot secret", size=1), "de moins de 3 points"),
        (text("mot secret", size=2.5), "de moins de 3 points"),
        (f"q 0.01 0 0 1 0 0 cm {text('mot secret', x=5000)} Q ", "pas été lu"),
        (text("mot secret", x=-300), "hors de la page"),
        (text("mot secret", y=900), "hors de la page"),
        (text("mot secret", x=5_000), "hors de la page"),
        ("/X2 Do ", "de la couleur du fond"),
    ],
)
def test_a_text_that_nobody_sees_is_not_read_and_the_page_is_told(content, reason):
    notice = unseen(content)
    assert reason in notice
    assert "(page 1)" in notice
    assert "caractères" in notice


@pytest.mark.parametrize(
    "content",
    [
        filled("0 0 0.4 rg", 40, 690, 300, 30) + text("Blanc sur une barre foncée", before="1 g"),
        image(40, 690, 300, 30) + text("Blanc sur une image", before="1 g"),
        filled("1 0 0 rg", 40, 690, 300, 30) + text("Vert sur rouge, de même clarté", before="0 0.5 0 rg"),
        text("Gris pâle", before="0.75 g", size=8),
        text("Petit corps de note", size=4),
        "/X1 Do ",
        "q 0 1 -1 0 300 300 cm BT /F1 12 Tf 10 10 Td (Texte debout) Tj ET Q ",
        "BT 1 Tr /F1 14 Tf 50 600 Td (Lettres en contour) Tj 0 Tr ET ",
        text("Gras imprimé deux fois") + text("Gras imprimé deux fois", x=50.3),
        "q 0.05 0 0 0.05 0 0 cm " + text("Corps 240 sur page réduite", x=1_000, y=9_000, size=240) + "Q ",
    ],
)
def test_a_text_that_is_seen_is_read_whatever_its_colours(content):
    found = read(pdf(SEEN + content))
    assert found.notices == ()
    assert len(found.text.split("\n")) > 1


def test_a_hidden_text_under_a_seen_one_is_not_read_for_it():
    """Both stand on the same place: only taking away each of them alone tells which is seen."""
    content = text("validation secret", y=700, before="1 g") + text("Jardinage et voile", y=700)
    assert read(pdf(SEEN + content)).text.endswith("Jardinage et voile")
    assert "secret" not in read(pdf(SEEN + content)).text


def test_a_hidden_text_that_touches_seen_ones_is_not_read_for_them():
    seen = (
        "Conduite de bioréacteur en salle propre",
        "Préparation des milieux de culture",
        "Suivi des dossiers de lot",
    )
    content = lines(*seen, leading=10)
    content += text("secret secret secret secret", y=695, before="1 g")
    found = read(pdf(content))
    assert found.text.replace("\n", " ") == " ".join(seen)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_page_may_be_turned(rotate):
    found = read(pdf(Page(SEEN + text("mot secret", before="1 g"), rotate=rotate)))
    assert found.text == "Conduite de bioréacteur"


def test_a_page_of_any_size_is_judged():
    poster = "BT /F1 300 Tf 900 6000 Td (Affiche) Tj ET " + text("secret", before="1 g", size=300, y=300)
    assert text_of(pdf(Page(poster, size=(14_000, 14_000)))) == "Affiche"
    assert text_of(pdf(Page(text("Carte", x=5, y=5, size=8), size=(60, 30)))) == "Carte"


def test_filled_fields_and_notes_written_over_the_page_are_read():
    appearance = (
        b"<</Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F1 3 0 R>>>>/Length 44>>stream\n"
        b"BT /F1 12 Tf 2 5 Td (Champ rempli) Tj ET     \nendstream"
    )
    note = "<</Type/Annot/Subtype/FreeText/Rect[50 500 250 520]/F 4/AP<</N 8 0 R>>>>"
    hidden = "<</Type/Annot/Subtype/FreeText/Rect[50 400 250 420]/F 2/AP<</N 8 0 R>>>>"
    assert "Champ rempli" in text_of(pdf(Page(SEEN, annotations=[note]), extra=(appearance,)))
    assert "Champ rempli" not in text_of(pdf(Page(SEEN, annotations=[hidden]), extra=(appearance,)))


@pytest.mark.parametrize(
    "page",
    [
        image(0, 0, 595, 842),
        image(0, 0, 595, 842) + lines("Texte reconnu par", "la machine", y=400).replace("0 g", "3 Tr"),
        lines("Texte reconnu par", "la machine") + image(0, 0, 595, 842),
        image(0, 0, 595, 842) + text("Page 1", y=20),
        "".join(f"{x} {y} m {x + 3} {y + 4} l S " for x in range(50, 500, 10) for y in range(50, 800, 50)),
    ],
)
def test_a_scanned_page_is_told_as_such(page):
    message = refusal_of(pdf(page, page))
    assert "scanné" in message
    assert "collez le texte" in message


def test_a_page_that_is_an_image_among_others_is_told():
    found = read(pdf(lines("Conduite de bioréacteur", "Culture cellulaire"), image(0, 0, 595, 842)))
    assert found.text.startswith("Conduite")
    assert found.notices == ("Rien n’a pu être lu en page 2 : sans doute une image. Ajoutez ce qu’on y lit.",)


def test_a_page_that_shows_nothing_is_told():
    assert "invisible (9 caractères)" in refusal_of(pdf(text("mot secret", before="1 g")))
    assert "aucun texte" in refusal_of(pdf(""))


def test_pages_beyond_the_limit_are_told():
    data = pdf(*(text(f"Page numéro {number}") for number in range(1, 6)))
    found = read(data, Limits(pages=3))
    assert "numéro 3" in found.text
    assert "numéro 4" not in found.text
    assert found.notices == ("Seules les 3 premières pages sur 5 ont été lues.",)


def test_a_text_that_is_too_long_is_told_with_its_length():
    data = pdf(lines(*["Je connais la chromatographie"] * 20))
    assert "500 au plus" in refusal_of(data, Limits(characters=500))


def test_a_user_password_locks_and_an_owner_password_does_not(locked_pdfs):
    with_user, with_owner = locked_pdfs
    assert "mot de passe" in refusal_of(with_user)
    assert text_of(with_owner) == "Conduite de bioréacteur"


@pytest.fixture
def locked_pdfs() -> tuple[bytes, bytes]:
    """The same page, encrypted (RC4, 40 bits) with a user password, and without one."""
    return tuple(_encrypted(SEEN.encode("cp1252"), user) for user in (b"sesame", b""))


def _encrypted(content: bytes, user: bytes) -> bytes:
    """A PDF of revision 2 of the standard handler, by the algorithms of the specification (7.6.3)."""
    md5 = partial(hashlib.md5, usedforsecurity=False)
    filling = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    code = b"0123456789abcdef"
    owner, user = ((word + filling)[:32] for word in (b"maitre", user))
    owner = _rc4(md5(owner).digest()[:5], user)
    rights = (-44).to_bytes(4, "little", signed=True)
    key = md5(user + owner + rights + code).digest()[:5]
    check = _rc4(key, filling)
    contents_number = 9
    own_key = md5(key + contents_number.to_bytes(3, "little") + b"\x00\x00").digest()[:10]
    locked = (
        f"/ID[<{code.hex()}><{code.hex()}>]/Encrypt<</Filter/Standard/V 1/R 2/P -44"
        f"/O<{owner.hex()}>/U<{check.hex()}>>>"
    )
    plain = pdf(Page(""), trailer=locked)
    before, after = plain.split(b"<</Length 0>>stream\n\nendstream")
    stream = b"<</Length %d>>stream\n" % len(content) + _rc4(own_key, content) + b"\nendstream"
    return before + stream + after


def _rc4(key: bytes, data: bytes) -> bytes:
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    i = j = 0
    out = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)
