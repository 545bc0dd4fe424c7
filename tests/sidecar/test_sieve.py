"""The one pass over all patterns: what it leaves out no finder would have found, and it leaves out nearly all."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.redact.prefilter import may_hold_secret
from sidecar.redact.scan import find_secrets
from sidecar.redact.sieve import Sifted
from sidecar.redact.sifting import sift
from tests.recordings.planted import ENV_FILE
from tests.sidecar.test_prefilter import SECRETS, event, trace
from tests.sidecar.test_redact import BENIGN

PIECES = [
    *SECRETS,
    *BENIGN,
    *(
        "token",
        "TOKEN = ",
        "password: ",
        '"api_key": ',
        "Authorization: ",
        "bearer ",
        " -p ",
        "curl -u me:",
        "://a:b@c",
    ),
    *("\n", " ", '"', "\\", "=", ":", "\x12\x05\x0a\x03", "x", "é", "-----BEGIN ", "machine a login b password c"),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@given(TEXTS)
def test_secrets_are_those_that_a_look_everywhere_finds(text: str) -> None:
    body = text.encode()

    assert find_secrets(body) == find_secrets(body, Sifted())


@given(TEXTS, st.sampled_from([trace, event]))
def test_request_is_judged_as_by_a_look_everywhere(text: str, encode: Callable[[str], bytes]) -> None:
    body = encode(text)

    assert may_hold_secret(body) == may_hold_secret(body, Sifted())


@given(TEXTS)
def test_what_holds_nothing_is_known_to_hold_nothing(text: str) -> None:
    body = text.encode()

    assert not (sift(body).is_empty and find_secrets(body, Sifted()))


@pytest.mark.parametrize("secret", SECRETS)
def test_secret_is_not_left_out_whatever_stands_around_it(secret: str) -> None:
    bodies = [
        (before + secret + after).encode() for before in ("", "a\0", "0", '{"a": "') for after in ("", "\xff", "0")
    ]

    assert not any(sift(body).is_empty for body in bodies if find_secrets(body, Sifted()))


def test_plain_text_is_passed_by_the_one_pass_alone() -> None:
    assert sift(b"ran 12 tests in 0.4 s; the edit follows\n" * 100).is_empty


def test_file_of_settings_is_found_in_json_however_deep() -> None:
    body = ENV_FILE
    for _ in range(4):
        body = json.dumps({"output": body})

        assert not sift(body.encode()).is_empty
