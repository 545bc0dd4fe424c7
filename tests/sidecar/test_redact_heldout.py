"""Redaction judged by templates written by another hand: what it finds of secrets, and what it leaves alone.

The first set was written without sight of the rules, of their tests and of what they are known to find; each further
one after the rules had been improved on those before, in other wordings and for other services and tools, the last two
on purpose harder than what is met. None was changed
for the rules' sake, but for one line, the access key id of AWS's documentation, which goes by intention. What they
found at first sight is in the comments beside each set; what they miss is not added by its letters.
"""

import json
from collections.abc import Callable

import pytest

from sidecar.redact import Redactor
from sidecar.redact.scan import find_secrets
from sidecar.redact.sieve import Sifted
from tests.sidecar.secrets_heldout import HeldOut, benign, secrets
from tests.sidecar.test_prefilter import event, trace

MIN_FOUND = 0.97
MAX_CHANGED = 0.005
SEEDS = (3, 11, 29)
SETS = (
    "first",  # at first sight 79.8 % of 480 secrets, 2.07 % of 580 look-alikes changed
    "second",  # at first sight 86.3 % of 452 secrets, 1.71 % of 586 look-alikes changed
    "third",  # at first sight 60.0 % of 822 secrets, 1.72 % of 812 look-alikes changed
    "fourth",  # at first sight 81.4 % of 716 secrets, 1.47 % of 746 look-alikes changed
)


def redactor() -> Redactor:
    return Redactor(bytes(range(32)))


def drawn(name: str) -> list[HeldOut]:
    """Everything of one set, as the first seed draws it."""
    return secrets(SEEDS[0], f"secrets_{name}.txt") + benign(SEEDS[0], f"benign_{name}.txt")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", SETS)
def test_secrets_are_replaced(name: str, seed: int) -> None:
    texts = secrets(seed, f"secrets_{name}.txt")

    missed = [text for text in texts if text.leaks(redactor().redact(text.text))]

    assert len({text.template for text in texts}) >= 150
    assert len(missed) <= (1 - MIN_FOUND) * len(texts), sorted({text.template for text in missed})


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", SETS)
def test_look_alikes_are_left_alone(name: str, seed: int) -> None:
    texts = benign(seed, f"benign_{name}.txt")

    changed = [text for text in texts if redactor().redact(text.text) != text.text]

    assert len(texts) >= 400
    assert len(changed) <= MAX_CHANGED * len(texts), sorted({text.template for text in changed})


def test_a_secret_left_in_the_text_counts_as_missed() -> None:
    text = secrets(SEEDS[0], "secrets_first.txt")[0]

    assert text.leaks(text.text)
    assert text.leaks(text.secrets[0][4:])
    assert not text.leaks("[REDACTED:key:01234567]")


@pytest.mark.parametrize("name", SETS)
def test_the_one_pass_leaves_out_nothing(name: str) -> None:
    bodies = [text.text.encode() for text in drawn(name)]

    assert [find_secrets(body) for body in bodies] == [find_secrets(body, Sifted()) for body in bodies]


@pytest.mark.parametrize("encode", [trace, event])
@pytest.mark.parametrize("name", SETS)
def test_what_redaction_changes_is_seen_in_protobuf(name: str, encode: Callable[[str], bytes]) -> None:
    texts = [text.text for text in drawn(name) if redactor().redact(text.text) != text.text]

    assert [text for text in texts if not redactor().has_secret(encode(text))] == []


@pytest.mark.parametrize("name", SETS)
def test_twice_is_once_and_json_stays_json(name: str) -> None:
    for text in drawn(name):
        once = redactor().redact(text.text)

        assert redactor().redact(once) == once
        if text.context.endswith("json"):
            json.loads(once)


def escaped(text: str, every: int) -> str:
    """`text` with one character of so many written as JSON may write any."""
    return "".join(f"\\u{ord(one):04x}" if at % every == 0 else one for at, one in enumerate(text))


@pytest.mark.parametrize("every", [1, 2, 5])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_secret_across_json_escapes_is_replaced(depth: int, every: int) -> None:
    token = "ghp_" + "a1B2c3D4e5F6" * 3
    text = f'{{"out": "{escaped(token, every)}"}}'
    for _ in range(depth - 1):
        text = json.dumps({"out": text})

    assert redactor().has_secret(text.encode())
    redacted: object = redactor().redact(text)
    for _ in range(depth):
        assert isinstance(redacted, str)
        redacted = json.loads(redacted)["out"]
    assert str(redacted).startswith("[REDACTED:github:")


def test_password_does_not_end_at_an_escape() -> None:
    redacted = redactor().redact('{"command": "export DB_PASSWORD=abcdefgh\\u0026ijkl7"}')

    assert "ijkl7" not in redacted


def test_escapes_that_hide_nothing_stay() -> None:
    text = r"the class [\u0041-\u005a\u0030-\u0039] and a\u0026b"

    assert redactor().redact(text) == text


def test_secrets_in_keys_and_paths_of_json_are_replaced() -> None:
    token = "glpat-" + "x7Yz" * 6
    body = redactor().redact_json({token: 1, "path": f"/tmp/{token}/config", "at": [{f"repos/{token}.git": None}]})

    assert token not in json.dumps(body)


def test_strings_that_cannot_be_scanned_are_counted() -> None:
    own = redactor()

    own.redact_json({"a": "x\ud800", "b": ["y\udfff", "fine"]})

    assert own.unscannable == 2
