"""Secrets typed, passed, tabulated, encoded or said in any script; and what only looks so: code, names, checksums."""

import base64
import hashlib
import json

import pytest

from sidecar.redact.scan import find_secrets
from sidecar.redact.sieve import Sifted
from tests.sidecar.test_prefilter import event, trace
from tests.sidecar.test_redact import redactor
from tests.sidecar.test_redact_near import HEX, MIXED, nested

TYPED = "Marble" + "42!"
WORD = "lantern" + "2031"
DIGITS = "0x" + HEX * 2
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def wallet_key(version: int, mark: bytes) -> str:
    """A private key as Bitcoin's wallets write it, its checksum right."""
    content = bytes([version]) + hashlib.sha256(b"nobody's").digest() + mark
    content += hashlib.sha256(hashlib.sha256(content).digest()).digest()[:4]
    number, text = int.from_bytes(content, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = BASE58[digit] + text
    return text


FOUND = [
    *(
        f"page.fill('#password', '{TYPED}')",
        f"cy.get('#password').type('{TYPED}')",
        f"fill_in 'Password', with: '{TYPED}'",
    ),
    *(f'driver.find_element(By.ID, "password").send_keys("{TYPED}")', f"sshpass -p 'changeMeNow!42' ssh {HEX[:4]}"),
    *(
        f'field("String", "DB_CONNECTION_STRING", "{MIXED}{MIXED}==")',
        f"openssl enc -aes-256-cbc -K {HEX} -iv 00",
    ),
    *(f'{{"keyName": "key1", "permissions": "FULL", "value": "{MIXED}{MIXED}=="}}', f"[DB] password — {MIXED}"),
    *(
        f"'api_key' => env('ANY', '{HEX}'),",
        f"api_key = os.getenv('ANY', '{HEX}')",
        f"apiKey: process.env.ANY ?? '{HEX}'",
    ),
    *(f"api.key=${{ANY:{HEX}}}", f'{{"api.key": "${{ANY:-{HEX}}}"}}', f'apiKey = System.getenv("ANY") ?: "{HEX}"'),
    *(f"the password for staging is {WORD}", "the password for staging is montaña31", "пароль для базы — солнышко31"),
    *(f'<property name="db.password">{WORD}</property>', f'<entry key="db.password">{WORD}</entry>'),
    *(f" id |   api_key\n----+-----------\n  1 | acme_{MIXED}", f"| a | password |\n|---|:--|\n| x | {MIXED} |"),
    *(f"+---+----------+\n| a | password |\n+---+----------+\n| 1 | {TYPED} |", f"user,password\nroot,{MIXED}"),
    *(f"id  api_key\n--- -----------\n  1 {MIXED}", f"accounts: ['{DIGITS}'], // deployer private key"),
    *(f"Private Keys\n=====\n(0) {DIGITS}\n(1) {DIGITS[::-1][:64].join(('0x', ''))}", f'new ethers.Wallet("{DIGITS}")'),
    *(f"$ dumpprivkey 1x\n{wallet_key(0x80, b'')}", f"{wallet_key(0xEF, bytes([1]))} (wallet of the tests)"),
]
HARMLESS = [
    *("AKIA" + "IOSFODNN7EXAMPLE is the id of the documentation", f'sha256sum -c <<< "{HEX * 2}  secret.bin"'),
    *(f"echo {HEX * 2} *token.bin | sha256sum -c", "parse (token=0x1fffef85a565, key=0x7ffe12ab34cd5678)"),
    *("arn:aws:secretsmanager:eu-west-1:676065852861:secret:atlas/router-o9BT1m", "SECRET_ID=projects/a/secrets/b2"),
    *("get-secret-value --secret-id prod/Payments2/StripeKey", "access latest --secret=prod-db-password"),
    *(
        "build --secret id=npmrc,src=.npmrc .",
        '$password = $request->input("password");',
        "$password = $user->password2;",
    ),
    *(
        "password = @user.password",
        "password := *cfg.Password2",
        "password = req.body?.password2;",
        "x: AccessTokenAuth",
    ),
    *("cy.get('#password').type('{enter}')", "page.fill('#password', 'wrong-password')", "page.fill('#password', pw1)"),
    *('<string name="password">Password</string>', "password = os.getenv('DB_PASSWORD', 'postgres')"),
    *("| key | does |\n|---|---|\n| Ctrl+Shift+P2 | opens |", "| a | token |\n|---|---|\n| 1 | the |"),
    *(f"no private key here, tx {DIGITS}", f"wallet {wallet_key(0x80, b'').swapcase()}", "the password hash is sha256"),
]


def check_is_replaced(line: str) -> None:
    """At any depth of JSON, once, and the one pass leaves out nothing that all finders together would find."""
    for text in nested(line):
        redacted = redactor().redact(text)

        assert "[REDACTED:" in redacted
        assert redactor().redact(redacted) == redacted
        assert text == line or json.loads(redacted)
        assert find_secrets(text.encode()) == find_secrets(text.encode(), Sifted())


@pytest.mark.parametrize("line", FOUND)
def test_secret_is_replaced_at_any_depth_and_the_one_pass_leaves_out_nothing(line: str) -> None:
    check_is_replaced(line)


@pytest.mark.parametrize("line", FOUND)
def test_it_is_seen_in_protobuf_whatever_its_length_makes_of_the_bytes_around_it(line: str) -> None:
    bodies = [encode(line + " " * after) for encode in (trace, event) for after in range(0, 80, 7)]

    assert all(redactor().has_secret(body) for body in bodies)


@pytest.mark.parametrize("line", HARMLESS)
def test_code_names_and_checksums_are_left_alone(line: str) -> None:
    for text in nested(line):
        assert redactor().redact(text) == text


@pytest.mark.parametrize("shift", range(3))
def test_private_key_in_encoded_json_is_replaced_wherever_it_begins(shift: int) -> None:
    key = {"type": "x" * shift, "private_key": "-----BEGIN " + "PRIVATE KEY-----\n" + MIXED * 9}
    encoded = base64.b64encode(json.dumps(key).encode()).decode()

    redacted = redactor().redact(f"SA_B64={encoded}")

    assert "[REDACTED:private-key:" in redacted
    assert encoded[-200:-150] not in redacted


def test_all_columns_and_rows_that_name_secrets_go_and_no_others() -> None:
    rows = [f"| {name} | {TYPED} | {name}{MIXED} | ok |" for name in ("a", "b")]
    text = "\n".join(["| id | password | api_key | note |", "|---|---|---|---|", *rows, f"| {MIXED} |"])

    redacted = redactor().redact(text)

    assert TYPED not in redacted
    assert redacted.count("[REDACTED:") == 4
    assert redacted.endswith(f"| {MIXED} |")
