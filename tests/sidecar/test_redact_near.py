"""Drawn values near a word for keys, whatever stands between, and secrets that stand once more with nothing beside."""

import json

import pytest

from sidecar.redact.scan import find_secrets
from sidecar.redact.sieve import Sifted
from tests.sidecar.test_prefilter import event, trace
from tests.sidecar.test_redact import redactor

MIXED = "aB3dE6gH9jK2mN5pQ8sT1vW4"
SMALL = "k3v9x2m7q1w8z4t6r5y0p3n8"
LETTERS = "qzxkvwpjtrbnmhgfdlsq"
UUID = "5f2c3a9e-1b7d-4c6f-8a0e-2d4b6c8f0a1e"
HEX = "5f2c3a9e1b7d4c6f8a0e2d4b6c8f0a1e"

NEAR = [
    *(f"the key we use on the staging box these days: {MIXED}", f"token (of the old account) {MIXED}"),
    *(f"weather token {SMALL}", f"weather key {HEX}", f"WEATHER ACCESS {HEX}", f"weather-SECRET-{UUID}"),
    *(f"[DEBUG] Using Key={SMALL}", f"Key={HEX}", f"AES key: {HEX}", f"seed: {HEX}", f"/v1?api_key={UUID}"),
    *(f"<secret>{{weather AQAA {SMALL}}}</secret>", f'new WeatherApi("{UUID}")', f"{MIXED} (the deploy key)"),
    *(f'sentry: "{UUID}"', f"twilio {HEX}", f'weather_key = "{LETTERS}"', f'"client_secret": "{LETTERS}"'),
    *("the password of root was Gx7!kq2#Zp", "PASSWORD(Gx7!kq2#Zp)", "Temporary password [xN8yUAD9vq2R]"),
    *("license key: ABCD1-EFG2H-JKL3M-NPQ4R", "PIN: 482913", f"ключ доступа {MIXED}", f"访问令牌 {MIXED}"),
]
HARMLESS = [
    *(f"public key {MIXED}", f'"nextPageToken": "{MIXED}"', f"key id {MIXED}", f'keyId: "{MIXED}"'),
    *(f"cache key {HEX}", f"checksum/secret: {HEX}", f"Sec-WebSocket-Key: {MIXED}==", f"using EDDSA key {HEX[:8] * 5}"),
    *(f"rotated key {UUID} (age 91d)", f"password: ENC({MIXED})", f"SENTRY_RELEASE={UUID}", f"did:key:{MIXED}"),
    *("private OAuth2AccessToken accessToken = new OAuth2AccessToken(", "Key: &ipv6KeyDataSource,", "pin: 12"),
    *("the token budget is cache_creation_input_tokens", "password for user1@EXAMPLE.ORG:", "key = getElementById2"),
]


def nested(text: str) -> list[str]:
    """As it is, and as JSON has it at four depths."""
    texts = [text]
    while len(texts) < 5:
        texts.append(json.dumps({"output": texts[-1]}))
    return texts


@pytest.mark.parametrize("line", NEAR)
def test_drawn_value_near_a_word_for_keys_is_replaced(line: str) -> None:
    for text in nested(line):
        redacted = redactor().redact(text)

        assert "[REDACTED:" in redacted
        assert redactor().redact(redacted) == redacted
        assert text == line or json.loads(redacted)


@pytest.mark.parametrize("line", NEAR)
def test_the_one_pass_leaves_out_nothing_however_deep(line: str) -> None:
    bodies = [text.encode() for text in nested(line)]

    assert [find_secrets(body) for body in bodies] == [find_secrets(body, Sifted()) for body in bodies]


@pytest.mark.parametrize("line", NEAR)
def test_it_is_seen_in_protobuf_whatever_its_length_makes_of_the_bytes_around_it(line: str) -> None:
    bodies = [encode(line + " " * after) for encode in (trace, event) for after in range(80)]

    assert all(redactor().has_secret(body) for body in bodies)


@pytest.mark.parametrize("line", HARMLESS)
def test_what_only_names_something_is_left_alone(line: str) -> None:
    for text in nested(line):
        assert redactor().redact(text) == text


def test_secret_that_stands_once_more_is_replaced_there_too() -> None:
    redacted = redactor().redact(f"API_TOKEN={SMALL}\nGET /v1/{SMALL}/items 401\nsee {SMALL}x, x{SMALL}")

    assert redacted.count("[REDACTED:") == 2
    assert redacted.endswith(f"see {SMALL}x, x{SMALL}")


def test_word_told_as_a_password_is_left_where_it_means_something_else() -> None:
    redacted = redactor().redact("DB_PASSWORD=shopkeeper\nthe shopkeeper role")

    assert redacted.endswith("\nthe shopkeeper role")


def test_echoes_of_many_secrets_are_all_found() -> None:
    values = [f"{number:05d}{MIXED}" for number in range(400)]
    body = "".join(f"API_TOKEN={value}\nsee {value}\n" for value in values).encode()

    assert MIXED.encode() not in redactor().redact_bytes(body)
