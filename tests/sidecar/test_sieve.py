"""The one pass over all patterns: what it leaves out no finder would have found, and it leaves out nearly all."""

import json
from collections.abc import Callable

import pytest
from hypothesis import example, given
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


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """Compile before the first example, which may not take as long."""
    sift(b"")


@given(TEXTS)
def test_secrets_are_those_that_a_look_everywhere_finds(text: str) -> None:
    body = text.encode()

    assert find_secrets(body) == find_secrets(body, Sifted())


@given(TEXTS, st.sampled_from([trace, event]))
@example("def login(name: str, password: str) -> bool:", trace)
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


DRAWN = "aB3dE6gH9jK2mN5pQ8sT1vW4"


@pytest.mark.parametrize("word", ["key", "AUTH", "jwt", "Bearer", "pat", "session", "licence", "credentials"])
def test_bare_key_is_seen_whatever_stands_between_it_and_its_value(word: str) -> None:
    signs = (":", "=", "=>", '": "', "' = '", "` = `", '\\\\": \\\\"', " : ", "\t=", "   => ", " \t :")
    bodies = [f"see {word}{sign}{DRAWN}".encode() for sign in signs]

    assert [
        body for body in bodies if find_secrets(body) != find_secrets(body, Sifted()) or not find_secrets(body)
    ] == []


def test_what_is_looked_for_in_parts_is_found_as_a_whole() -> None:
    slashes, passwords = ("/", " / ", " /", "/  "), ("password", "pw")
    bodies = [
        *(f"{user}{slash}{word}: me / {DRAWN}" for user in ("id", "mail") for slash in slashes for word in passwords),
        *(f"(api_key){values}'{DRAWN}')" for values in (" values(", ")VALUES\t(", ") value   (", ")\nvalues (")),
        *(
            f"{one} code{sign}{DRAWN}"
            for one in ("one-time", "2fa", "authorisation")
            for sign in (": ", " is ", '": "')
        ),
        *(f"echo{option} {DRAWN} | sh" for option in ("", " -n")),
        *(f'Digest {name}="{DRAWN}"' for name in ("response", "oauth_signature", "hmac", "oauth_token")),
        *(f"acme_{word}_{DRAWN}" for word in ("api_key", "sec", "tok")),
        *(f"{quote}{name}{quote}: {quote}{DRAWN * 2}{quote}" for quote in "\"'`" for name in ("d", "dp", "qi")),
        f"patAbCdEf12345678.{'0a1b2c3d' * 8}",
    ]

    assert [text for text in bodies if find_secrets(text.encode()) != find_secrets(text.encode(), Sifted())] == []
