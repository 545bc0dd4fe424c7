"""Secrets that calls take by their place: the password behind a user, what is hashed, the key of a MAC."""

import re

from sidecar.redact.drawn import is_drawn_key
from sidecar.redact.made_up import is_dotted, is_made_up
from sidecar.redact.phrase import Phrase, each, phrase
from sidecar.redact.stand_ins import is_placeholder
from sidecar.redact.values import is_clear_password, is_opaque, is_password, is_reference

_USER = rb"(?:[bu@$]?QUOTE[^\"'`\n]{0,80}QUOTE|[\w.$@>\-]{1,50}(?:\(\))?)[ ]{0,2}"
_VALUE = rb"[bu@$]?QUOTE(?P<secret>[^\s\"'`\\]{5,100})QUOTE"
_SIGN_OF_PASSWORD = re.compile(rb"[0-9!#$%^&*+=?~]")
_NO_WORDS = re.compile(rb"\b(?:the|your|you|must|pass\w*|secret|option|file|prompt|for|of)\b|[<>{}$%]", re.IGNORECASE)
_ADDRESS = re.compile(rb"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[\w.-]+:[0-9]+|(?:[0-9]{1,3}\.){3}[0-9]{1,3}")
_OF_USER = (
    *(b"login", b"sign_?in", b"log_?in", b"authenticate", b"basic_?auth", b"auth", b"NetworkCredential", b"bind_s"),
    *(b"UsernamePasswordCredentials", b"PasswordAuthentication", b"PlainCredentials", b"ssh2_auth_password"),
    *(b"ldap_bind", b"simple_bind", b"UsernamePasswordAuthenticationToken", b"http_basic_authenticate_with"),
    *(b"InWithEmailAndPassword", b"UserWithEmailAndPassword", b"create_user", b"create_superuser", b"createUser"),
    *(b"signInWithPassword", b"set_basic_auth", b"setBasicAuth", b"setCredentials", b"PasswordCredential"),
    *(b"SearchClient::create", b"SearchClient\\.create"),
)
"""Whose arguments end in a user and a password."""
_OF_HOST = (
    *(b"getConnection", b"mysql_connect", b"mysqli", b"mysqli_connect", b"PDO", b"pg_connect", b"oci_connect"),
    *(b"connector\\.connect", b"MySQLdb\\.connect", b"pymysql\\.connect", b"dbConnect", b"ftp_login", b"odbc_connect"),
    *(b"cx_Oracle\\.connect", b"oracledb\\.connect", b"DirectoryEntry", b"DBI->connect", b"algoliasearch"),
)
"""Whose arguments are a place, a user and a password."""
_HASHED = (
    *(
        b"hashpw",
        b"bcrypt\\.hash",
        b"bcrypt\\.hashSync",
        b"bcrypt\\.compare",
        b"bcrypt\\.compareSync",
        b"password_hash",
    ),
    *(b"password_verify", b"make_password", b"set_password", b"check_password", b"generate_password_hash"),
    *(b"argon2\\.hash", b"crypt\\.hash", b"setPassword", b"checkPassword", b"BCrypt\\.hashpw"),
)
_MAC = (
    *(
        b"new_from_slice",
        b"hmac\\.new",
        b"hash_hmac",
        b"HMAC\\.hexdigest",
        b"HMAC\\.digest",
        b"HmacSHA256",
        b"HmacSHA1",
    ),
    *(b"SecretKeySpec", b"hmacShaKeyFor", b"createHmac", b"HMACSHA256", b"HmacSHA512", b"HMACSHA512", b"HMACSHA1"),
    *(b"Key::from_slice", b"SymmetricSecurityKey", b"createSecretKey", b"URLSafeSerializer", b"TimedSerializer"),
)


def _is_login(value: bytes) -> bool:
    is_shown = is_placeholder(value) or is_reference(value) or _ADDRESS.fullmatch(value) is not None
    if is_made_up(value) or is_dotted(value):
        return True
    return (
        not is_shown
        and _SIGN_OF_PASSWORD.search(value) is not None
        and (is_clear_password(value) or is_opaque(value) or is_drawn_key(value))
    )


def _is_hashed(value: bytes) -> bool:
    is_shown = is_placeholder(value) or is_reference(value) or value[:1] == b"$"
    return (
        is_made_up(value)
        or is_dotted(value)
        or (not is_shown and is_password(value) and _SIGN_OF_PASSWORD.search(value) is not None)
    )


LOGINS: tuple[Phrase, ...] = (
    phrase(
        "password:of login call",
        rb"(?:"
        + b"|".join(_OF_USER)
        + rb")[ ]?(?:\(|=[ ]?[(\[])[ ]{0,2}(?:[^()\"'`\n]{0,60},[ ]{0,2})?"
        + _USER
        + rb",[ ]{0,2}(?:"
        + _USER
        + rb",[ ]{0,2})?"
        + _VALUE
        + rb"[ ]{0,2}[,)\]]",
        _is_login,
        signs=each(rb"%b[ ]?(?:\(|=[ ]?[(\[])", _OF_USER),
        reach=360,
    ),
    phrase(
        "password:of connection",
        rb"(?:" + b"|".join(_OF_HOST) + rb")[ ]?\([ ]{0,2}" + _USER + rb",[ ]{0,2}" + _USER + rb",[ ]{0,2}" + _VALUE,
        _is_login,
        signs=each(rb"%b[ ]?\(", _OF_HOST),
        reach=360,
    ),
    phrase(
        "password:hashed",
        rb"(?:" + b"|".join(_HASHED) + rb")\([ ]{0,2}(?:[\w.$]{1,30},[ ]{0,2})?" + _VALUE,
        _is_hashed,
        signs=each(rb"%b\(", _HASHED),
        reach=200,
    ),
    phrase(
        "key:of mac",
        rb"(?:" + b"|".join(_MAC) + rb")\([^\"'`\n]{0,80}(?:QUOTE[\w-]{2,12}QUOTE,[^\"'`\n]{0,60})?"
        rb"[bu@]?QUOTE(?P<secret>[^\s\"'`\\]{12,300})QUOTE",
        lambda value: is_opaque(value) or is_drawn_key(value) or is_made_up(value),
        signs=each(rb"%b\(", _MAC),
        reach=560,
    ),
    phrase(
        "password:of option",
        rb"[ ]-(?:src|dest)?(?:store|key)pass(?:[ ]pass:|[ =:])QUOTE?(?P<secret>[^\s\"'`\\]{5,100})",
        _is_hashed,
        signs=each(rb"-%bpass[ =:]", (b"srcstore", b"deststore", b"store", b"key", b"srckey", b"destkey")),
        reach=140,
    ),
    phrase(
        "password:option of words",
        rb"--(?:[a-z]{2,12}-)?pass(?:phrase|word)[ =]QUOTE"
        rb"(?P<secret>[^\s\"'`\\]{1,24}(?:[ ][^\s\"'`\\]{1,24}){3,9})QUOTE",
        lambda value: _NO_WORDS.search(value) is None,
        signs=(rb"-passphrase[ =]", rb"-password[ =]"),
        reach=300,
    ),
    phrase(
        "password:sent",
        rb"(?:pass(?:word|phrase|code)?|assword|PIN|kennwort)[^\n\"']{0,20}QUOTE[\s{]{0,4}(?:LINE[ \t{]{0,8})?"
        rb"(?:exp_)?send(?:line)?[ ](?:--[ ])?QUOTE(?P<secret>[^\s\"'`\\]{5,100})".replace(
            b"LINE", rb"(?:(?:\\{1,15}r|\r)?(?:\n|\\{1,15}n))"
        ),
        lambda value: value[:1] != b"$" and not is_placeholder(value),
        signs=(rb"send(?:line)?[ ](?:--[ ])?[\\\"'`]",),
        reach=160,
    ),
)
