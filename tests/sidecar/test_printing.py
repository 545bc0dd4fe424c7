"""What others wrote is printed as words on one line, and nothing in it begins another or is obeyed."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sidecar.printing import one_line, print_error, print_line, print_progress

_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_WORDS = st.text(st.sampled_from([*_ENDS, *"ab \t\u202e\u200b\x1b"]))
_PER_EXAMPLE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@_PER_EXAMPLE
@given(_WORDS)
@example("no)\nforge.example/acme/bank: merged")
def test_a_line_is_printed_as_one_whatever_is_in_it(capfd: pytest.CaptureFixture[str], words: str) -> None:
    print_line(f"  said ({words})")
    print_progress(f"  said ({words})")

    for printed in capfd.readouterr():
        assert printed.splitlines() == [printed.removesuffix("\n")]
        assert printed.startswith("  said (")
        assert printed.replace("\t", "").removesuffix("\n").isprintable()


@_PER_EXAMPLE
@given(_WORDS)
def test_further_lines_of_an_error_are_set_in(capfd: pytest.CaptureFixture[str], words: str) -> None:
    print_error(f"forge said: {words}")

    first, *rest = capfd.readouterr().err.splitlines()
    assert first.startswith("sidecar: forge said: ")
    assert [line for line in rest if line and not line.startswith((" ", "\t"))] == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n", *_ENDS])
def test_words_of_several_lines_are_joined(end: str) -> None:
    assert one_line(f"No.{end}  never again{end}") == "No. / never again"


def test_long_words_are_cut_where_they_say_so() -> None:
    assert one_line("a" * 200) == "a" * 200
    assert one_line("a" * 201) == "a" * 200 + "…"
