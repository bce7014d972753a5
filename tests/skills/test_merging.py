"""What the merge of a source with what an editor made of it promises, whatever the values."""

from hypothesis import given
from hypothesis import strategies as st

from skills.imports.merging import BLANK, merge

VALUES = st.sampled_from([None, "", "a", "b", 0, 1, False, "0"])
RELEASES = st.sampled_from([1, 2, 3])


def stored(value, release=1):
    return {"field": [value, release]}


def one(current, before, said, release=9, **options):
    """Merge one field; what stands afterwards, and the merge."""
    merged = merge({"field": current}, before, {"field": said}, release=release, **options)
    return merged.changes.get("field", (None, current))[1], merged


@given(st.lists(VALUES, max_size=6), VALUES)
def test_without_a_correction_the_field_ends_at_what_the_source_says_last(history, first):
    value, before = first, stored(first)
    for said in history:
        value, merged = one(value, before, said)
        before = merged.given
        assert value == said
        assert not merged.kept


@given(VALUES, VALUES, st.lists(VALUES, min_size=1, max_size=6))
def test_an_editors_value_is_never_lost_until_the_source_adopts_it(source_said, editor, history):
    before, value = stored(source_said), editor
    if editor == source_said:
        return
    for said in history:
        value, merged = one(value, before, said)
        assert value == editor
        before = merged.given
        if said == editor:
            return
        assert merged.kept == ["field"]


@given(VALUES, VALUES, VALUES)
def test_an_adopted_correction_is_none_any_more(source_said, editor, later):
    value, merged = one(editor, stored(source_said), editor)
    assert merged.given["field"][0] == value == editor
    value, merged = one(value, merged.given, later)
    assert (value, merged.kept) == (later, [])


@given(VALUES, st.one_of(st.none(), VALUES.map(stored)), VALUES, RELEASES)
def test_merging_the_same_again_changes_nothing(current, before, said, release):
    value, first = one(current, before or {}, said, release)
    again, second = one(value, first.given, said, release)
    assert again == value
    assert second.changes == {}
    assert second.given == first.given
    assert second.kept == first.kept


@given(VALUES, st.one_of(st.none(), VALUES.map(stored)), st.sampled_from(BLANK))
def test_a_blank_of_the_source_never_erases_what_a_hand_filled(current, before, blank):
    was_given = before is not None and before["field"][0] == current
    value, _merged = one(current, before or {}, blank)
    if current not in BLANK and not was_given:
        assert value == current


@given(VALUES.filter(lambda value: value not in BLANK), VALUES)
def test_a_field_that_no_source_ever_gave_stays_as_a_hand_filled_it(current, said):
    value, merged = one(current, {}, said)
    assert value == current
    if said in BLANK:
        assert "field" not in merged.given
    elif said != current:
        assert merged.kept == ["field"]


@given(st.sampled_from(BLANK), VALUES)
def test_an_empty_field_that_no_source_gave_takes_what_the_source_says(current, said):
    assert one(current, {}, said)[0] == said


@given(VALUES, st.one_of(st.none(), VALUES.map(stored)), VALUES)
def test_an_outranked_field_is_untouched(current, before, said):
    value, merged = one(current, before or {}, said, outranked=frozenset({"field"}))
    assert value == current
    assert merged.given == (before or {})
    assert merged.kept == []


@given(VALUES, VALUES, VALUES, RELEASES)
def test_what_the_source_says_is_always_kept_with_its_release(current, before, said, release):
    _value, merged = one(current, stored(before), said, release)
    assert merged.given["field"] == [said, release]


def test_fields_are_merged_one_by_one_and_others_of_the_row_are_left_alone():
    merged = merge(
        {"title": "corrigé", "level": 5},
        {"title": ["dit", 1], "level": [5, 1], "url": ["adresse", 1]},
        {"title": "dit autrement", "level": 6},
        release=2,
    )
    assert merged.changes == {"level": (5, 6)}
    assert merged.kept == ["title"]
    assert merged.given == {"title": ["dit autrement", 2], "level": [6, 2], "url": ["adresse", 1]}
