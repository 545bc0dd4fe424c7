"""Secrets told in other languages: behind a sign (`пароль: …`), a verb (`Kennwort lautet …`), an ending (`密码是…`).

Between the key word and what leads to the value a few words may stand, in any script. What no sign leads to must look
drawn: with a capital or a sign in it, with a digit, and not as the names of algorithms and of people's mailboxes do.
"""

import re
from collections.abc import Callable

from sidecar.redact.made_up import is_dotted, is_joined, is_made_up, is_of_script
from sidecar.redact.phrase import Phrase, phrase
from sidecar.redact.stand_ins import is_placeholder
from sidecar.redact.values import is_clear_password, is_opaque, is_word_and_number, is_worded


def _spelled(word: str) -> bytes:
    """The word in UTF-8, and as JSON escapes its letters."""
    return b"".join(
        b"[ _-]?" if one == " " else re.escape(one).encode() if one.isascii() else _cases(one) for one in word
    )


def _cases(letter: str) -> bytes:
    cases = sorted({one for one in (letter, letter.upper()) if len(one) == 1})
    raw, escaped = (
        b"|".join(forms) for forms in zip(*((one.encode(), b"%04x" % ord(one)) for one in cases), strict=True)
    )
    return rb"(?:%b|\\{1,15}u(?:%b))" % (raw, escaped)


def _choice(words: str) -> bytes:
    """Any of the words; `~` is a blank, a sign or nothing."""
    return b"|".join(_spelled(word.replace("~", " ")) for word in words.split())


_PASSWORD = _choice(
    "contraseña contrasena contrasenya senha palavra-passe mot~de~passe motdepasse passwort kennwort wachtwoord mdp"
    " lösenord losenord passord adgangskode salasana hasło haslo heslo jelszó jelszav parola parole parolă şifre sifre"
    " lozinka geslo slaptažodis пароль пароля парол κωδικό סיסמה mật~khẩu kata~sandi 密码 密碼 口令 パスワード 暗証番号"
    " 비밀번호 암호 패스워드 비번 पासवर्ड รหัสผ่าน كلمة~المرور كلمة~السر رمز~عبور"
    " passwords pswd pswrd psword passwrd psswrd psswd pssword paswd paswrd pasword passwort passowrd p/w"
)
_KEY = _choice(
    "секрет ключ токен 密钥 密鑰 私钥 令牌 秘钥 秘密鍵 トークン 토큰 clave clé schlüssel schluessel chiave chave"
    " sleutel nyckel cle~api clef~api cle~secrete cle~privee cle~d~acces kulcs ključ avain"
    " anahtar キー api~키 金鑰 klucz jeton ficha~de~acceso geheim geheimnis"
)
"""For key, token and secret, and for much else that opens or sorts."""
_GAP = (
    rb"(?:[\w @'-]|\([^()\n\"]{1,40}\)|\.(?!\s)|(?!\xe3\x80[\x81\x82]|\xef\xbc[\x81\x8c\x9b\x9f])[\x80-\xff]"
    rb"|\\{1,15}u[0-9a-f]{4}){0,60}?"
)
"""Words of one sentence."""
_SIGN = (
    rb"[ \t]{0,4}(?:\xef\xbc\x9a|\\{1,15}uff1a|=>|->|\xe2\x86\x92|\\{1,15}u2192|[:=])[ \t]{0,4}"
    rb"(?![0-9]{2}(?:[:\s\"'\\]|\Z))"
)
"""No time of day."""
_NOW = _choice(
    "tijdelijk nu momenteel voorlopig nog jetzt derzeit aktuell momentan weiterhin maintenant actuellement"
    " provisoirement ahora actualmente temporalmente ingesteld~op gesetzt~auf nyt teraz"
)
_VERB = (
    rb"[ ](?:"
    + _choice(
        "lautet ist war heißt heisst est es é è era sera será sarà is luidt wordt jest to brzmi är er on este je byl"
        " bylo là adalah ay это будет е є είναι هي هو היא הוא है คือ — – - ->"
    )
    + rb"|(?:"
    + _choice("changé changée modifié modifiée remplacé réinitialisé")
    + rb")[ ](?:en|par|"
    + _choice("à")
    + rb")|cambiad[ao][ ](?:a|por)|(?:alterad|trocad|mudad|cambiat|modificat|impostat)[ao][ ](?:para|in|a|su)"
    rb"|(?:zmienion|ustawion)[aeyo][ ]na|(?:gewijzigd|veranderd|aangepast)[ ](?:in|naar)|ingesteld[ ]op"
    rb"|(?:is|werd|wordt|ist|est|es|on|jest)[ ](?:"
    + _NOW
    + rb")|(?:men)?jadi|diganti[ ]ke|(?:nastaven|zm\xc4\x9bn\xc4\x9bn)[aoy][ ]na"
    rb"|(?:sat|satt|satts|\xc3\xa4ndra[dt]s?|\xc3\xa6ndret|endret)[ ]ti(?:ll|l)|(?:setat|schimbat)\xc4?\x83?[ ]"
    + _choice("în la")
    + rb"|(?:"
    + _choice("đặt đổi là")
    + rb")[ ](?:"
    + _choice("là thành")
    + rb")|(?:"
    + _choice("измен смен помен установ")
    + rb")[\x80-\xff]{2,24}[ ]"
    + _choice("на")
    + rb"):?[ ]|[ ]?(?:"
    + _choice("は 是 为 為 는 은 คือ")
    + rb"):?[ ]?"
)
_SET = (
    rb"[ ](?:ge(?:\xc3\xa4|\\{1,15}u00e4)ndert|gesetzt|gewijzigd|olarak)|[ ]?(?:" + _choice("に変更 に設定 로") + rb")"
)
"""Behind a value that was set, in languages whose verb comes last."""
_OPENED = rb"(?:QUOTE|[(\[]|\xe3\x80[\x8c\x8e]|\\{1,15}u300[ce]|\xc2\xab[ ]?|\xe2\x80[\x9c\x9e\x98]){0,2}"
_BYTE = rb"[!\#-&*+\--:=?-Z^_a-z~]"
_DIGIT, _CAPITAL, _SMALL = (rb"(?=(?-i:BYTE{0,60}%b))" % one for one in (b"[0-9]", b"[A-Z]", b"[a-z]"))
_CAPITAL_OR_SIGN = rb"(?=(?-i:BYTE{0,60}[A-Z!@\#$%^&*+=?~]))"
_MIXED = _DIGIT + _CAPITAL + _SMALL + rb"(?=BYTE{0,60}[!@\#$%^&*+~][!-~])"
_DRAWN = _DIGIT + _CAPITAL + rb"(?=BYTE{0,60}[!@\#$%^&*+=~?])"
_DRAWN_LONG = _DIGIT + _CAPITAL + _SMALL + rb"(?=[\w+/=-]{20})"
_JOINED = rb"(?-i:[A-Z][a-z]{2,20}(?:[_-][A-Za-z][a-z]{1,20}){1,3}[0-9]{2,8}(?![\w-]))"
_LONG = rb"[\w+/=-]{16}"
_WORD_AND_NUMBER = rb"(?-i:[A-Z][a-z]{3,20}[0-9]{3,8}[!?]?(?![\w-]))"
_LETTERS_AND_NUMBER = (
    rb"(?:[a-z._-]|[\xc3-\xdf][\x80-\xbf]|\\{1,15}u(?:00[c-f]|0[1-5][0-9a-f])[0-9a-f]){5,24}[0-9]{2,8}(?![\w-])"
)
_SCRIPT_AND_NUMBER = (
    rb"(?:[\xe3-\xed][\x80-\xbf]{2}|\\{1,15}u[3-9a-d][0-9a-f]{3}){2,16}+[0-9]{2,8}(?:[!?\#&*]{1,3}|(?![\w\x80-\xff]))"
)
_TOLD = (
    rb"(?P<secret>(?:BYTE|[\xc2-\xdf][\x80-\xbf]|\\{1,15}u(?:00[c-f]|0[1-5][0-9a-f])[0-9a-f]){6,200}+"
    rb"|" + _SCRIPT_AND_NUMBER + rb")"
)
"""Ends where a script begins that sets no blanks."""
_ALGORITHM = re.compile(
    rb"(?:sha|pkcs\#|aes|rsa|md|base|bcrypt|scrypt|argon|oauth|utf|hs|rs|ecdsa|ed|rfc|iso|pbkdf|tls|ssl|http|windows|python"
    rb"|ubuntu|postgresql|postgres|mysql|java|node|php)[-_ ]?[0-9.]+(?![A-Za-z0-9]{3})",
    re.IGNORECASE,
)
_ADDRESS = re.compile(rb"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINE_END = re.compile(rb"%0[AD]|%%")
"""As messages to be shown write it."""
_CLASS = re.compile(rb"(?:[A-Z][a-z]+){2,}[0-9]?")
"""As classes are named: words, and no more than one digit."""
_MUCH = re.compile(rb"(?=.*[A-Z])(?=.*[a-z])(?=(?:.*?[0-9]){3})\w{8,}")
_USER = rb"(?:[\w.@+-]{1,40}[ ]?[/|][ ]?)"
_NEXT_LABEL = rb"[\w.@+-]{1,40}[ ]?[/|][ ]?(?:[a-z .-]|[\x80-\xff]|\\{1,15}u[0-9a-f]{4}){2,30}:[ ]"
"""Behind the slash stands no password, but what is told next."""
_LOGIN = _choice(
    "zugangsdaten anmeldedaten identifiants credenciales credenciais credenziali inloggegevens kimlik~bilgileri"
    " реквизиты доступы логин логин/пароль логин~и~пароль 账号 账户 帳號 帐号 ログイン情報 アカウント 계정"
    " inloggningsuppgifter"
)


def _is_password(value: bytes) -> bool:
    return _is_drawn(value) or (
        (is_word_and_number(value) or is_made_up(value) or is_joined(value)) and not _ALGORITHM.match(value)
    )


def _is_drawn(value: bytes) -> bool:
    if _ALGORITHM.match(value) or _ADDRESS.fullmatch(value) or _CLASS.fullmatch(value) or _LINE_END.search(value):
        return False
    is_told = (
        is_dotted(value) or is_of_script(value) or is_clear_password(value) or is_worded(value) or is_opaque(value)
    )
    return is_told or (_MUCH.fullmatch(value) is not None and not is_placeholder(value))


def _told(words: bytes, proof: bytes) -> bytes:
    """What is told of one of these words; `proof` is what a value begins with to which a verb leads."""
    led = (
        rb"QUOTE?" + _SIGN + rb"(?:(?!" + _NEXT_LABEL + rb")" + _USER + rb")?",
        rb"(?:" + _VERB + rb")(?=" + _OPENED + rb"(?:" + proof + rb"))",
        rb"[ ](?=" + _OPENED + rb"(?:" + _MIXED + rb"|" + _JOINED + rb"|" + _DRAWN_LONG + rb"))",
        rb"(?:[ ]|(?<=[\x80-\xff]))(?=[!-~]{6,80}+(?:" + _SET + rb"))(?=" + _OPENED + _CAPITAL_OR_SIGN + rb")",
    )
    return rb"(?:" + words + rb")" + _GAP + rb"(?:" + rb"|".join(led) + rb")" + _OPENED + _TOLD


def _phrase(
    name: str, core: bytes, words: bytes, is_secret: Callable[[bytes], bool] = _is_drawn, *, before: bytes = b""
) -> Phrase:
    return phrase(f"secret:foreign{name}", core.replace(b"BYTE", _BYTE), is_secret, signs=(words,), before=before)


_PROOF = rb"|".join((_CAPITAL_OR_SIGN, rb"(?<=[\"'`])", _LETTERS_AND_NUMBER, _SCRIPT_AND_NUMBER))
FOREIGN: tuple[Phrase, ...] = (
    _phrase("", _told(_PASSWORD, _PROOF), _PASSWORD, _is_password),
    _phrase(" key", _told(_KEY, rb"|".join((_DRAWN, _LONG, _WORD_AND_NUMBER))), _KEY),
    _phrase(" login", rb"(?:" + _LOGIN + rb")" + _GAP + rb"QUOTE?" + _SIGN + _OPENED + _USER + _OPENED + _TOLD, _LOGIN),
    _phrase(
        " said",
        _DRAWN + _TOLD + rb"QUOTE?(?:" + _VERB + rb"|[ ]?(?:" + _choice("が 가 이") + rb"))"
        rb"(?:[\w ']|[\x80-\xff]){0,40}?(?:" + _PASSWORD + rb")",
        _PASSWORD,
        before=rb"(?:(?<![^\s\"'`(:=])|(?<=\\[nrt]))",
    ),
)
