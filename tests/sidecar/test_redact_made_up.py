"""Passwords as people make them up, sessions and seeds, where calls, talks and commands have them; and look-alikes."""

import pytest

from tests.sidecar.test_prefilter import event, trace
from tests.sidecar.test_redact import redactor
from tests.sidecar.test_redact_calls import check_is_replaced
from tests.sidecar.test_redact_near import HEX, MIXED, nested

DOTTED = "Gatito" + ".negro309"
JOINED = "lunes-" + "martes916"
SCRIPT = "猫がすき" + "2020!"
SEED = "JBSWY3DP" + "EHPK3PXP"
LINK = HEX * 2
TOAST = "Toast_" + "Butter_6"
"""With underscores, as identifiers have, and a number of one digit."""
DER = "MC4CAQAwBQYDK2VwBCIEI" + "HcHbQpzGKV9PBbBclGyZkXfTC+H68CZKrF3+6UduSwq"
HEX_DER = "302e0201003005" + "06032b657004220420" + HEX * 2
NUMBERS = ",".join(str(at * 3) for at in range(64))

FOUND = [
    *(
        f'password: "{DOTTED}"',
        f"password: {DOTTED}",
        f"PGPASSWORD={DOTTED} psql",
        f"define('DB_PASSWORD', '{JOINED}');",
    ),
    *(
        f's.login("bob@acme.io", "{DOTTED}")',
        f'getConnection("jdbc:h2:x", "bob", "{JOINED}");',
        f'make_password("{JOINED}")',
    ),
    *(f"keytool -keypass {JOINED} -list", f'expect "Password:"\nsend "{JOINED}\\r"', f"EMAIL_HOST_PASSWORD={DOTTED}"),
    *(f"the passphrase for it?\nbob: {JOINED}", f"set db password to {DOTTED} for now", f"user bob, pw {JOINED}"),
    *(f"the password we chose is {JOINED}", f"use {JOINED} as the password", f"le mot de passe de la base : {SCRIPT}"),
    *(f"'PHPSESSID={MIXED}; a=1'", f"_app_session={MIXED}", f"https://acme.io/password/reset/{LINK}?a=b"),
    *(
        f'pyotp.TOTP("{SEED}")',
        f"oathtool --totp -b {SEED}",
        f"totp_secret: {SEED[:4]} {SEED[4:8]} {SEED[8:12]} {SEED[12:]}",
    ),
    *(
        f"$ kubectl get secret a -o jsonpath='{{.b}}'\n{MIXED}",
        f">>> environ['APP_KEY']\n'{HEX}'",
        f'new_from_slice(b"{MIXED}")',
    ),
    *(
        f"assert '{HEX}' == ''\n  where '{HEX}' = S().api_key",
        f'name = "APP_KEY"\n  value = "{HEX}"',
        f"&u=bob&p={MIXED}",
    ),
    *(
        "RELEASE_COOKIE=" + "QWXZKJVBPLMH" * 2,
        f"cat solana/id.json\n[{NUMBERS}]",
        'SMTP_PASSWORD="xkqj ' + 'wvzp rtlh bnmd"',
    ),
    *(f"Server=a;User Id=b;Password={TOAST};Encrypt=True", f"密码:{TOAST} 用户名:etl", f"hasło ustawione na {TOAST}."),
    *(f"wachtwoord is nu {TOAST}", f"salasana: {TOAST} / käyttäjä: bob", f"mật khẩu là {TOAST}", f"Pwd={TOAST}_jam;"),
    *(
        f"x -in a -passin pass:{TOAST}",
        f"lftp -u bob,'{TOAST}' a",
        f"p4 -u bob -P {TOAST} sync",
        f"expdp a/{TOAST} b=C",
    ),
    *(f"rabbitmqctl change_password bob '{TOAST}'", f"tacacs-server host 10.0.0.1 key 0 {TOAST}"),
    *(f"what is the pw again?\nbob: {TOAST}, as before", f"decode('{DER}')", f"der: {HEX_DER}", f"<D>{MIXED * 2}</D>"),
    *(f"https://acme.io/a?token_hash=pkce_{HEX}&b=c", f"/ical/bob/private-{HEX}/basic.ics"),
]
HARMLESS = [
    *(
        "password: Config.password",
        "password = settings.default12",
        "auth = ('tcp', 'redis-node12')",
        "use sha-256 for password",
    ),
    *(
        '"password", "scram-sha-256"',
        'login("bob", "/var/run/x12")',
        "the password hash is bcrypt-12",
        "password is utf-16",
    ),
    *("coupon key 01KAT5P0QX35JFD8TZ13RADZP1 created", '"sessionId":"db5e0e54-4047-47bf-bd39-2bf943b4fd4e"'),
    *(
        "/reset/how-to-reset-your-password-today",
        "what is the password?\nI do not know",
        '#define TLS_PSK_NULL_SHA256 "PSK_SHA256"',
    ),
    *('"Password": "#{Db.Password}#"', "login --password-stdin acme.io", "JWT_SECRET=generate-with-openssl-rand"),
    *("password = Toast_Butter6(x)", "PASSWORD = PASSWORD_FIELD_2", "p4 -u bob -P 3306 sync", "exp int8/float16 mix"),
    *("change_password view for users", "-passin pass:$PASS1", "wachtwoord is nu verplicht", "<P>Some text</P>"),
    "then pass Numpy.Float128 to it and pass v1beta3.SqladminV1beta3 too",
    *(">>> tokens['key']\n'a plain word'", "where 'value-here' = f().name", "login(user, 'name', 'John Smith')"),
]


@pytest.mark.parametrize("line", FOUND)
def test_it_is_replaced_at_any_depth_once_and_the_one_pass_leaves_out_nothing(line: str) -> None:
    check_is_replaced(line)

    assert all(redactor().has_secret(encode(line + " " * 9)) for encode in (trace, event))


@pytest.mark.parametrize("line", HARMLESS)
def test_names_versions_and_members_are_left_alone(line: str) -> None:
    for text in nested(line):
        assert redactor().redact(text) == text
