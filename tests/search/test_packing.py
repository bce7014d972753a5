import numpy as np
import pytest

from search.packing import NOBODY, TOGETHER, WIDTH, packed_batches


def tokens_of(*lengths: int) -> list[list[int]]:
    """Texts whose tokens tell the text (thousands) and the place in it."""
    return [[1_000 * (text + 1) + place for place in range(length)] for text, length in enumerate(lengths)]


def read_back(batches) -> dict[int, list[tuple[int, int]]]:
    """The tokens of each text with their positions, as a transformer would meet them."""
    found: dict[int, list[tuple[int, int]]] = {}
    for packed in batches:
        for owner, text in enumerate(packed.texts):
            mine = packed.owners == owner
            found[int(text)] = list(
                zip(packed.ids[mine].tolist(), packed.positions[mine].tolist(), strict=True)
            )
    return found


def test_every_token_of_every_text_keeps_its_place():
    texts = tokens_of(3, 60, 1, 5, 30, 12)
    expected = {text: [(token, place) for place, token in enumerate(row)] for text, row in enumerate(texts)}
    assert read_back(packed_batches(texts, padding=0)) == expected


def test_a_text_is_in_one_row_and_one_piece():
    (packed,) = packed_batches(tokens_of(40, 30, 20, 10, 5), padding=0)
    for owner in range(5):
        rows, columns = np.nonzero(packed.owners == owner)
        assert len(set(rows)) == 1
        assert columns.tolist() == list(range(columns[0], columns[0] + len(columns)))


def test_short_texts_share_a_row_and_leave_little_room():
    (packed,) = packed_batches(tokens_of(*[8, 5, 3] * 200), padding=0)
    assert packed.ids.shape[1] <= WIDTH
    assert (packed.owners == NOBODY).mean() < 0.05


def test_a_text_longer_than_a_row_widens_it():
    (packed,) = packed_batches(tokens_of(2 * WIDTH, 10), padding=0)
    assert packed.ids.shape == (2, 2 * WIDTH)


def test_holes_are_padding_that_belongs_to_nobody():
    (packed,) = packed_batches(tokens_of(WIDTH, 10), padding=7)
    assert (packed.ids[packed.owners == NOBODY] == 7).all()
    assert (packed.owners == NOBODY).sum() == WIDTH - 10


def test_many_texts_go_in_several_batches():
    texts = tokens_of(*[50] * (2 * TOGETHER // 50))
    batches = list(packed_batches(texts, padding=0))
    assert len(batches) == 2
    assert sorted(int(text) for packed in batches for text in packed.texts) == list(range(len(texts)))


@pytest.mark.parametrize("lengths", [(), (1,)])
def test_few_texts(lengths):
    assert len(read_back(packed_batches(tokens_of(*lengths), padding=0))) == len(lengths)
