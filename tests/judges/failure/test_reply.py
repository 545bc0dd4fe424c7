"""Reading the judge's reply: only what the packet proves is taken."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judges.failure.reply import Explained, FailureReply, QuoteReply, read_reply
from judges.packet import quote_is_in
from judges.words import is_english, plain
from sidecar.domain import EvidenceQuote, FailureClass, Lesson, Packet, ReplyProblem, StepId
from tests.judges.failure.packets import BAD, CHECK_STEP, EDIT_STEP, MESSAGE, failed_packet

GOOD = QuoteReply(step_id=CHECK_STEP, text=MESSAGE)


def reply(
    *quotes: QuoteReply,
    explanation: str = "The change returns a float and the test demands an integer.",
    failure_class: FailureClass = FailureClass.BROKEN_CONVENTION,
    lesson: str | None = "Do not keep an amount as a float.",
    scope: str | None = "src/shop/**",
    avoidable: bool = True,
) -> FailureReply:
    return FailureReply(
        explanation=explanation,
        quotes=quotes or (GOOD,),
        failure_class=failure_class,  # pyright: ignore[reportArgumentType] - members of the literal only
        convention="amounts as integer cents",
        lesson=lesson,
        scope=scope,
        is_avoidable_by_rule=avoidable,
    )


def explained(given: FailureReply, packet: Packet | None = None) -> Explained:
    found = read_reply(given, packet or failed_packet())
    assert isinstance(found, Explained), found
    return found


def lesson_of(given: FailureReply, packet: Packet | None = None) -> Lesson:
    return explained(given, packet).lesson


def test_a_proven_reply_becomes_an_explanation_and_a_lesson() -> None:
    found = explained(reply())

    assert found.evidence == (EvidenceQuote(step_id=StepId(CHECK_STEP), text=MESSAGE),)
    assert found.lesson == Lesson(
        failure_class=FailureClass.BROKEN_CONVENTION,
        signature='{"class":"broken_convention","scope":"src/shop","symptom":"assertionerror: assert # == #"}',
        paths=("src/shop/money.py",),
        symptom=MESSAGE,
        quotes=found.evidence,
        scope="src/shop/**",
        rule_candidate="Do not keep an amount as a float.",
    )


@pytest.mark.parametrize(
    ("quotes", "problem"),
    [
        ([QuoteReply(step_id=CHECK_STEP, text="assert 12.5 == 1251")], ReplyProblem.NO_QUOTE),
        ([QuoteReply(step_id=CHECK_STEP, text="   ")], ReplyProblem.NO_QUOTE),
        ([QuoteReply(step_id=CHECK_STEP, text="E")], ReplyProblem.NO_QUOTE),
        ([QuoteReply(step_id="step-77", text=MESSAGE)], ReplyProblem.WRONG_IDS),
        ([QuoteReply(step_id=EDIT_STEP, text="1 failed")], ReplyProblem.WRONG_IDS),
    ],
    ids=["not there", "blank", "too short", "unknown step", "another step"],
)
def test_without_a_valid_quote_there_is_a_reason(quotes: list[QuoteReply], problem: ReplyProblem) -> None:
    assert read_reply(reply(*quotes), failed_packet()) is problem


def test_invalid_quotes_are_dropped_and_valid_ones_stay() -> None:
    invented = QuoteReply(step_id=CHECK_STEP, text="the judge is wrong")
    edit = QuoteReply(step_id=EDIT_STEP, text="return cents / 100")

    assert [quote.text for quote in explained(reply(invented, edit, GOOD, GOOD)).evidence] == [
        "return cents / 100",
        MESSAGE,
    ]


def test_a_section_without_a_step_is_quoted_without_an_id() -> None:
    summed_up = QuoteReply(step_id="", text=f"{BAD.id} (tests/test_sum.py): failed {MESSAGE}")

    assert [quote.step_id for quote in explained(reply(summed_up)).evidence] == [""]


@pytest.mark.parametrize(
    "words",
    [
        "Die Änderung gibt eine Kommazahl zurück, der Test verlangt aber eine ganze Zahl von Cent.",
        "La modification renvoie un nombre flottant alors que le test exige un nombre entier de centimes.",
        "変更は浮動小数点数を返しますが、テストは整数を要求します。",
        "Изменение возвращает число с плавающей точкой, а тест требует целое число.",
    ],
)
def test_an_explanation_in_another_language_is_a_problem(words: str) -> None:
    assert read_reply(reply(explanation=words), failed_packet()) is ReplyProblem.WRONG_LANGUAGE


@pytest.mark.parametrize(
    "words",
    [
        "The change returns a float and the test demands an integer.",
        "`carriers.mjs` lists DHL; `labels.mjs` does not, so the lookup fails.",
        "Wrong rounding.",
        "The naïve façade breaks because the café's name is not normalised.",
    ],
)
def test_english_is_recognised(words: str) -> None:
    assert is_english(words)


def test_an_empty_explanation_is_a_problem() -> None:
    assert read_reply(reply(explanation=" \x00\n"), failed_packet()) is ReplyProblem.EMPTY


def test_what_does_not_print_is_taken_out_of_texts() -> None:
    given = reply(explanation="The test\x1b[2K fails\nbecause\u202e of the sum and the cents.", lesson="Do not\tsum\n.")

    assert explained(given).explanation == "The test [2K fails because of the sum and the cents."
    assert lesson_of(given).rule_candidate == "Do not sum ."


@pytest.mark.parametrize(
    "given",
    [reply(lesson=None), reply(lesson="  "), reply(avoidable=False), reply(lesson="Do not do it again. " * 20)],
    ids=["none", "blank", "not avoidable", "too long"],
)
def test_without_a_usable_lesson_there_is_no_candidate(given: FailureReply) -> None:
    assert lesson_of(given).rule_candidate is None


@pytest.mark.parametrize("scope", [None, "", "docs/**", "/etc/passwd", "../other/**", "tests/test_[z].py"])
def test_a_scope_that_matches_nothing_of_the_packet_is_none(scope: str | None) -> None:
    taught = lesson_of(reply(scope=scope))

    assert (taught.scope, taught.paths) == (None, ())


@pytest.mark.parametrize("scope", ["src/shop/money.py", "src/shop/**", "src/shop/*.py", "src/shop/"])
def test_lessons_of_one_folder_are_one_however_the_scope_is_written(scope: str) -> None:
    assert lesson_of(reply(scope=scope)).signature == lesson_of(reply()).signature


def test_other_values_and_words_are_the_same_lesson() -> None:
    other = replace(BAD, message="AssertionError: assert 99 == 7")

    taught = lesson_of(
        reply(lesson="Never keep a float.", explanation="It is another one."),
        failed_packet(test=other, output=f"{MESSAGE}\nAssertionError: assert 99 == 7"),
    )

    assert taught.signature == lesson_of(reply()).signature


@pytest.mark.parametrize(
    "given",
    [reply(failure_class=FailureClass.FAULTY_LOGIC), reply(scope=None)],
    ids=["class", "scope"],
)
def test_another_class_or_place_is_another_lesson(given: FailureReply) -> None:
    assert lesson_of(given).signature != lesson_of(reply()).signature


@given(text=st.text())
def test_plain_text_prints_on_one_line(text: str) -> None:
    assert plain(text).isprintable()
    assert plain(plain(text)) == plain(text)


@given(quotes=st.lists(st.tuples(st.sampled_from(["", EDIT_STEP, CHECK_STEP, "x"]), st.text(max_size=30)), max_size=7))
def test_no_quote_gets_through_that_the_packet_does_not_hold(quotes: list[tuple[str, str]]) -> None:
    packet = failed_packet()

    found = read_reply(reply(*(QuoteReply(step_id=step, text=text) for step, text in quotes)), packet)

    assert isinstance(found, ReplyProblem) or all(quote_is_in(packet, quote.text) for quote in found.evidence)
