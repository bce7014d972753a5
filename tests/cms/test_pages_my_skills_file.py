"""« Mes compétences » with a CV as a file: read in memory, shown to be corrected, never kept."""

import logging
import re
import tempfile
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client

from tests.matching.files.docx_files import docx
from tests.matching.files.pdf_files import image, pdf, text

PAGE = "/mes-competences/"
SEEN = text("J'ai fait la conduite de bioréacteur six ans. Marque-secrete.", y=800)
CV = pdf(SEEN + text("Texte que personne ne voit", before="1 g"))


def send(client, data: bytes, name: str = "cv.pdf", page: str = PAGE, **sent: str):
    return client.post(page, {**sent, "fichier": SimpleUploadedFile(name, data)})


def area(response) -> str:
    return unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", response.content.decode(), re.DOTALL)[1])


def test_a_cv_is_read_and_its_text_is_put_in_the_form(client, public_site):
    response = send(client, CV)
    assert response.status_code == 200
    html = response.content.decode()
    assert "<mark>conduite de bioréacteur</mark>" in html
    assert "Technicien de culture cellulaire" in html
    assert "vérifiez-le dans le formulaire" in html
    assert "couleur du fond ou recouvert, 22 caractères (page 1)" in html
    assert area(response) == "J'ai fait la conduite de bioréacteur six ans. Marque-secrete."
    assert "personne ne voit" not in html


def test_a_cv_is_told_of_in_english(client, public_site):
    html = send(client, CV, page="/en/my-skills/").content.decode()
    assert "What cannot be seen was not read" in html
    assert "The file is too big" in send(client, b"x" * 5_000_001, page="/en/my-skills/").content.decode()


def test_the_name_of_the_file_changes_nothing(client, public_site):
    for name in ("cv.exe", "../../etc/passwd", "cv"):
        assert "bioréacteur" in area(send(client, CV, name))


def test_what_was_written_is_kept_before_the_text_of_the_file(client, public_site):
    data = docx("J'ai fait la conduite de bioréacteur")
    response = send(client, data, texte="Je connais les BPF.\r\n")
    assert area(response) == "Je connais les BPF.\n\nJ'ai fait la conduite de bioréacteur"
    again = send(client, data, texte=area(response).replace("\n", "\r\n"))
    assert area(again) == area(response)


def test_a_question_that_goes_on_keeps_the_text_of_the_file(client, public_site):
    response = send(client, CV, lieu="Atlantide")
    assert response.status_code == 400
    assert "bioréacteur" in area(response)
    assert "vérifiez-le dans le formulaire" in response.content.decode()


def test_no_file_is_no_change(client, public_site):
    body = b'--x\r\nContent-Disposition: form-data; name="texte"\r\n\r\nJe connais les BPF.\r\n'
    body += b'--x\r\nContent-Disposition: form-data; name="fichier"; filename=""\r\n'
    body += b"Content-Type: application/octet-stream\r\n\r\n\r\n"
    response = client.post(PAGE, body + b"--x--\r\n", content_type="multipart/form-data; boundary=x")
    assert response.status_code == 200
    assert area(response) == "Je connais les BPF."
    assert "vérifiez-le" not in response.content.decode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "vide"),
        (b" \n", "vide"),
        (CV[:400], "abîmé"),
        (pdf(image(0, 0, 595, 842)), "scanné"),
        (pdf(text("secret", before="1 g")), "invisible"),
        (b"\x89PNG\r\n\x1a\n\x00", "image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, ".docx"),
        (b"x" * 5_000_001, "trop grand : 5 Mo au plus"),
        (b"HPLC " * 12_000, "60 000"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_beside_its_field(client, public_site, data, message):
    response = send(client, data, texte="Je connais les BPF.", lieu="Villeurbanne")
    assert response.status_code == 400
    html = response.content.decode()
    assert message in html.replace("\u00a0", " ")
    assert 'href="#fichier"' in html
    assert re.search(r'<input type="file"[^>]*aria-invalid="true"', html)
    assert area(response) == "Je connais les BPF."
    assert 'value="Villeurbanne"' in html


def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_not(client, public_site, settings):
    settings.MATCH_FILE_MAX_BYTES = 200_000
    comment = b"\n%" + b" " * (200_000 - len(CV) - 2)
    assert send(client, CV + comment).status_code == 200
    assert "trop grand" in send(client, CV + comment + b" ").content.decode()


def test_nothing_is_written_on_disk_nor_logged(client, public_site, caplog, monkeypatch):
    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("a file was spooled")

    before = set(Path(tempfile.gettempdir()).iterdir())
    monkeypatch.setattr(TemporaryUploadedFile, "__init__", refuse)
    with caplog.at_level(logging.DEBUG):
        send(client, CV + b"\n%" + b" " * 3_000_000, "Marque-secrete.pdf")  # more than Django holds in memory
        send(client, b"x" * 9_000_000, "Marque-secrete.pdf")
    assert "Marque-secrete" not in caplog.text
    assert {path for path in Path(tempfile.gettempdir()).iterdir() if path.suffix == ".upload"} <= before


def test_other_files_than_the_one_asked_for_are_passed_over(client, public_site):
    files = [BytesIO(CV), BytesIO(docx("Je connais les BPF"))]
    for number, file in enumerate(files):
        file.name = f"{number}.pdf"
    response = client.post(PAGE, {"fichier": files, "autre": SimpleUploadedFile("a.pdf", b"x" * 100)})
    assert response.status_code == 200
    assert "BPF" not in area(response)


def test_the_form_token_is_still_asked_for(public_site):
    client = Client(enforce_csrf_checks=True)
    refused = send(client, CV)
    assert refused.status_code == 403
    assert "Le formulaire n’a pas pu être vérifié" in refused.content.decode()
    client.get(PAGE)
    token = client.cookies["csrftoken"].value
    assert send(client, CV, csrfmiddlewaretoken=token).status_code == 200


def test_a_broken_body_is_refused_with_words(client, public_site):
    response = client.post(PAGE, b"--x\r\nrien", content_type="multipart/form-data; boundary=")
    assert response.status_code == 400


def test_a_file_asks_the_database_nothing_more(client, public_site, django_assert_max_num_queries):
    words = "J'ai fait la conduite de bioréacteur six ans."
    client.post(PAGE, {"texte": words})
    with django_assert_max_num_queries(200) as plain:
        client.post(PAGE, {"texte": words})
    with django_assert_max_num_queries(len(plain)):
        send(client, docx(words))
