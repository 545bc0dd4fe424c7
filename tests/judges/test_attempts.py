"""Paths are named as the repository knows them, whichever way they are written."""

from pathlib import PurePosixPath

from hypothesis import given
from hypothesis import strategies as st

from judges.attempts import relative_path

_PIECES = st.lists(st.sampled_from(["/", "a", "b.py", ".", "..", "//", "/./", "a/", ""]), max_size=6).map("".join)


@given(folder=_PIECES, rest=_PIECES, word=_PIECES)
def test_a_plain_path_is_told_as_one_that_was_taken_apart(folder: str, rest: str, word: str) -> None:
    for path in (word, folder + rest, f"{folder}/{rest}"):
        whole = PurePosixPath(path)
        is_inside = path.startswith("/") and whole.is_relative_to(folder)
        assert relative_path(path, folder) == (str(whole.relative_to(folder)) if is_inside else path)
