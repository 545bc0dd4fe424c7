"""Redaction of what people tell each other: passwords made up, in their languages; keys as files and tools show them.

The wordings are not those by which the rules were judged.
"""

import json

import pytest

from sidecar.redact import Redactor
from sidecar.redact.scan import find_secrets
from sidecar.redact.sieve import Sifted
from tests.sidecar.test_prefilter import event, trace
from tests.sidecar.test_redact import drawn, embedded

HEX = drawn("file of a key", 32, "0123456789abcdef")

TOLD = [
    ("Das Kennwort fürs Gäste-WLAN lautet {}", "Quitte_Ahorn48"),
    ("Wir haben das Passwort auf {} geändert", "Quitte-48ahorn!"),
    ("{} ist das Passwort für die Vorführung", "Quitte_Ahorn48!"),
    ("Zugangsdaten: admin / {}", "Quitte#Ahorn48"),
    ("le mot de passe de la préprod est {}", "Cerise_Olive615"),
    ("la contraseña temporal es {}, cámbiala", "Higuera2817"),
    ("a senha do roteador é {}", "Abacate_Rio615"),
    ("La password dell'utente di prova è {}", "Ulivo_Fico2817"),
    ("het wachtwoord voor de kassa is {}", "Gracht2817?"),
    ("hasło do panelu to {}", "Wisla_Dunajec48"),
    ("пароль от стенда: {}", "Ryabina-dub48x"),
    ("пароль для почты — {}", "Ryabina_Dub48"),
    ("şifresi {} olarak ayarlandı", "Incir_Nar615!"),
    ("本番環境のパスワードは{}です", "Kaede_Sugi48!"),
    ("后台密码是 {} ，别外传", "Zhusun_He48#"),
    ("스테이징 비밀번호는 {} 입니다", "Sonamu_Byeol48!"),
    ("APIキーは {} です", drawn("key in Japanese", 24)),
    ("il token di prova è {}", drawn("token in Italian", 24)),
    ("the password for our test bench is {}", "Quarry_lantern48"),
    ("Provider=x;user=sa;password={};encrypt=true", "quarry_lantern48"),
    ("backup passphrase: {}", "quarry lantern thistle"),
    ('RESTIC_PASSPHRASE="{}"', "quarry lantern thistle ferry"),
    ("The passphrase for the disk is {}.", "quarry lantern thistle ferry"),
    ("define( 'LOGGED_IN_SALT',  '{}' );", "r4<tQ k}9$~Lw #pQ[2x|Vr}8;nT:Yb+0^Jd?E4_Zf%6-aH&"),
    ("$settings['hash_salt'] = '{}';", drawn("salt of a site", 40)),
    ("config/credentials/qa.key:\n{}\n", HEX),
    ("$ cat /run/secrets/db_password\n{}\n$ ls", drawn("file of a password", 24)),
    ('resource "random_password" "qa" {{\n  length = 16\n  result = "{}"\n}}', "w&8$kTz<2#QmR!vB"),
]

HARMLESS = [
    "das Passwort ist falsch; das Passwort ist SHA256-gehasht",
    "Passwort an erika.muster1@firma.example geschickt, der Schlüssel ist UserAccountId",
    "passwords are derived by scrypt (n=16MiB, r=8) and never logged",
    "le mot de passe est obligatoire, le token est expiré (RFC6749)",
    "le mot de passe est stocké dans PostgreSQL14",
    "La contraseña es un campo VARCHAR(255); la clave es CustomerId2024",
    "a senha é criptografada com AES-256-GCM",
    "Proszę wprowadzić hasło dla klucza ssh%0A  %F%0A oraz PKCS#12",
    "Пароль — это поле PasswordHash, ключ PKCS#8",
    "パスワードは必須です。パスワードはUserServiceImpl2が検証します",
    "密码是在UserService2里加密的，密码不能为空",
    "비밀번호는 8자 이상이어야 합니다",
    "passphrase: used when the key file is encrypted",
    '{"passphrase": "Repeat your passphrase", "hint": "several words"}',
    "fix(auth): passphrase prompts again after timeout",
    "define('AUTH_KEY', 'put your unique phrase here');",
    "ls tls/\nserver.key\nserver.crt",
    "modified: config/master.key\n5f2c3a9e1b7d4c6f8a0e2d4b6c8f0a1e3d5b7c9f",
    'resource "random_password" "db" {\n  length = 16\n}\noutput "result" {\n  value = "done-2024"\n}',
    "var p=1;password=getPassword();user_password=b",
    "the login and/or password you specified are not correct",
]


def redactor() -> Redactor:
    return Redactor(bytes(range(32)))


@pytest.mark.parametrize(("template", "secret"), TOLD)
def test_what_is_told_is_replaced(template: str, secret: str) -> None:
    told = template.format(secret)

    for text in embedded(told):
        redacted = redactor().redact(text)

        assert "[REDACTED:" in redacted
        assert json.dumps(secret)[1:-1] not in redacted
        assert redactor().redact(redacted) == redacted
        assert text is told or isinstance(json.loads(redacted), dict)
    assert all(redactor().has_secret(encode(told)) for encode in (trace, event))
    assert find_secrets(told.encode()) == find_secrets(told.encode(), Sifted())


@pytest.mark.parametrize("line", HARMLESS)
def test_what_only_speaks_of_secrets_stays(line: str) -> None:
    for text in embedded(line):
        assert redactor().redact(text) == text


def test_value_of_any_length_goes_whole() -> None:
    secret = drawn("long", 2_000)

    assert secret[-20:] not in redactor().redact(f"client-key-data: {secret}\n")


def test_putty_key_in_json_leaves_json() -> None:
    key = f"Public-Lines: 1\nabc\nPrivate-Lines: 1\n{drawn('putty', 64)}\nPrivate-MAC: {HEX}{HEX}\n"

    redacted: object = json.loads(redactor().redact(json.dumps({"o": key})))["o"]

    assert isinstance(redacted, str)
    assert redacted.count("[REDACTED:private-key:") == 2
