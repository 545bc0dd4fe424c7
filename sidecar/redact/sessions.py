"""What stands for a login: session cookies, links to set a password anew, seeds and codes of a second factor."""

import re

from sidecar.redact.drawn import is_drawn_run
from sidecar.redact.phrase import Phrase, each, phrase
from sidecar.redact.stand_ins import is_placeholder
from sidecar.redact.values import is_clear_password, is_hex, is_opaque, is_random, is_reference, is_uuid

_COOKIES = (
    *(b"PHPSESSID", rb"connect\.sid", b"JSESSIONID", rb"\.ASPXAUTH", rb"\.AspNet(?:Core)?\.[\w.]{1,40}", b"CFTOKEN"),
    *(
        rb"ASP\.NET_SessionId",
        rb"wordpress_(?:logged_in|sec)_\w{1,40}",
        rb"koa[.:]sess",
        rb"(?:next-|)auth(?:js)?\.session-token",
    ),
    *(
        rb"remember_(?:token|web|user)\w{0,60}",
        rb"ci_session",
        rb"SSESS\w{4,40}",
        rb"_session(?:_id)?",
        rb"[^A-Za-z]sessionid",
    ),
)
_SIGNS_OF_COOKIES = (
    *(b"PHPSESSID", rb"connect\.sid", b"JSESSIONID", rb"\.ASPXAUTH", rb"\.AspNet", b"CFTOKEN", rb"NET_SessionId"),
    *(rb"wordpress_(?:logged|sec)", rb"koa[.:]sess", rb"\.session-token", rb"remember_(?:token|web|user)", b"SSESS"),
    *(rb"_session(?:_id)?[\"'`\\]{0,16}[=:,]", rb"[^A-Za-z]sessionid[\"'`\\]{0,16}[=:,]"),
)
_LINKS = (b"reset", b"recover", b"forgot", b"magic", b"activat", b"confirm", b"verif", b"invit")
_SIGNED = rb"\.?[\w\-]{12,2000}\.[\w\-]{6}\.[\w\-]{27,43}"
"""As Flask signs what is in a cookie."""
_GROUPED = rb"[A-Z2-7]{4}(?:[ -][A-Z2-7]{4}){3,15}"
_SCATTERED = re.compile(rb"(?:[0-9][^0-9]+){3}[0-9]")
_SIXTEEN = re.compile(rb"[A-Z2-7]{16,128}")
_NUMBERS = rb"[0-9]{1,3}(?:,(?:\s|\\{1,15}n){0,12}[0-9]{1,3}){63}"


def _is_session(value: bytes) -> bool:
    if is_placeholder(value) or is_uuid(value) or is_reference(value):
        return False
    return is_hex(value) or is_drawn_run(value) or (is_random(value) and _SCATTERED.search(value) is not None)


def _is_seed(value: bytes) -> bool:
    bare = value.upper().replace(b" ", b"").replace(b"-", b"")
    return _SIXTEEN.fullmatch(bare) is not None and sum(byte in b"234567" for byte in bare) * 16 >= len(bare)


def _is_link(value: bytes) -> bool:
    return is_drawn_run(value) or is_hex(value) or is_opaque(value)


SESSIONS: tuple[Phrase, ...] = (
    phrase(
        "cookie:session",
        rb"(?:" + b"|".join(_COOKIES) + rb")QUOTE?(?:=|:[ ]{0,2}QUOTE?|,[ ]{0,2}QUOTE)"
        rb"(?P<secret>[\w.%~+/=:|\-]{16,4000})",
        _is_session,
        is_caseless=False,
        signs=_SIGNS_OF_COOKIES,
        reach=200,
    ),
    phrase(
        "cookie:signed",
        rb"session\w{0,8}QUOTE?[ ]{0,2}[=:][ ]{0,2}QUOTE?(?P<secret>" + _SIGNED + rb")",
        is_random,
        # of what is packed or plain JSON: to look for the form itself would take a sixth of the whole look
        signs=(rb"session=\.eJ", rb"session=eyJ", rb"session[\"'`]?:[ ][\"'`]?\.?e"),
        reach=200,
    ),
    phrase(
        "cookie:erlang",
        rb"(?:erlang[._-]?cookie|setcookie|release_cookie)QUOTE?(?:[ ]{0,2}[=:][ ]{0,2}|[ ]{1,2}|LINE)QUOTE?"
        rb"(?P<secret>[\w+/=-]{12,200})".replace(b"LINE", rb"(?:\n|\\{1,15}n)"),
        lambda value: is_random(value) or (value.isalpha() and (value.isupper() or is_drawn_run(value))),
        signs=(rb"erlang[._-]?cookie", rb"setcookie[ =]", rb"release_cookie"),
        reach=200,
    ),
    phrase(
        "url:reset",
        rb"/(?:(?:password|passwd|account|users?|auth)[/_-])?(?:" + b"|".join(_LINKS) + rb")"
        rb"[a-z]{0,5}(?:[/_-](?:password|passwd|email|account|link|token|login|pwd|confirm))?"
        rb"/(?:[\w=-]{1,40}/)?(?P<secret>[\w\-=.]{20,400})",
        _is_link,
        behind=rb"(?![\w.-])",
        signs=each(rb"%b[a-z]{0,5}(?:[/_-][a-z]{3,8})?/", _LINKS),
        reach=160,
    ),
    phrase(
        "url:of login",
        rb"[?&]token_hash=(?P<secret>[\w.~-]{20,400})",
        is_random,
        signs=(rb"[?&]token_hash=",),
    ),
    phrase(
        "url:of calendar",
        rb"/private-(?P<secret>[0-9a-f]{32})/",
        is_random,
        signs=(rb"/private-[0-9a-f]{32}/",),
    ),
    phrase(
        "key:seed",
        rb"(?:(?:totp|hotp|otp|2fa|mfa)(?=[^a-z0-9+/-]|secret|seed|key)"
        rb"|authenticator|two[ -]factor)[\w ./'()-]{0,60}?(?:[:=(]|[ ]is)?[ ]{0,2}QUOTE?"
        rb"(?-i:(?P<secret>" + _GROUPED + rb"|[A-Z2-7]{16,128}))",
        _is_seed,
        before=rb"(?<![a-z])",
        behind=rb"(?-i:(?![A-Za-z0-9]))",
        signs=(
            *each(rb"%b(?:[^a-z0-9+/-]|secret|seed|key)", (b"otp", b"2fa", b"mfa")),
            rb"authenticator",
            rb"two[ -]factor",
        ),
        reach=260,
    ),
    phrase(
        "key:seed option",
        rb"oathtool[ ](?:-{1,2}[\w=-]{1,20}[ ]){0,6}QUOTE?(?P<secret>[A-Za-z2-7]{16,128}|[0-9a-f]{20,128})",
        lambda value: _is_seed(value) or is_random(value),
        signs=(rb"oathtool[ ]",),
        reach=240,
    ),
    phrase(
        "password:in query",
        rb"[?&](?:u|user|username|login|usr|email)=[^&\s]{1,60}&(?:amp;)?(?:p|pw|pass|pwd|passwd|password)="
        rb"(?P<secret>[^&\s\"'`\\<>#)]{6,200})",
        lambda value: is_clear_password(value) or is_opaque(value),
        signs=each(rb"%b%b=", (b"&", b"&amp;"), b"p pw pass pwd passwd password".split()),
        reach=200,
    ),
    phrase(
        "code:of recovery",
        rb"(?:recovery|backup|scratch|rescue)[ _-]?codes?(?:[ ](?:for|of)[ ][\w .@-]{1,30})?[ ]?\([^()\n]{1,40}\):?"
        rb"(?:[\s,\[\"'*-]|\\{1,15}[nt\"]|[0-9]{1,2}[.)][ ]){1,12}"
        rb"(?P<secret>(?:(?:[a-z0-9]{4,8}(?:-[a-z0-9]{4,8}){1,7}|[0-9]{6,12}|[a-z0-9]{8,12})"
        rb"(?:[\s,\"'*]|\\{1,15}[nt\"]|[+-][ ]?|[0-9]{1,2}[.)][ ]){0,8}){1,24})",
        lambda value: sum(48 <= byte <= 57 for byte in value) * 8 >= len(value),
        signs=(rb"(?:recovery|backup|scratch|rescue)[ _-]?code",),
    ),
    phrase(
        "private-key:numbers",
        rb"(?:solana|keypair|secret_?key|id\.json|seed)(?:[^\[\]]{0,120})\[\s{0,4}(?P<secret>"
        + _NUMBERS
        + rb")\s{0,4}\]",
        lambda value: all(int(one) < 256 for one in re.findall(rb"[0-9]+", value)),
        signs=(b"solana", b"keypair", b"secret_?key", rb"id\.json"),
        reach=900,
    ),
)
