"""Secrets known by the words around them: in pairs with a user, in calls, pipes and statements."""

from sidecar.redact.naming import is_path_of_names
from sidecar.redact.phrase import Phrase, each, phrase
from sidecar.redact.told import is_told_password
from sidecar.redact.values import is_clear_password, is_hex, is_opaque, is_uuid, is_worded

_OPENED = (b"key", b"auth", b"jwt", b"bearer", b"pat", b"session", b"licen[sc]e", b"credentials?")
_RUN = rb"[ \t]*QUOTE?[\w+/\-]{24}"


def _is_password(value: bytes) -> bool:
    return is_clear_password(value) or is_opaque(value)


def _is_totp(value: bytes) -> bool:
    return value.isupper() and any(byte in b"234567" for byte in value)


def _is_code(value: bytes) -> bool:
    return (value.isdigit() and len(value) <= 10) or is_opaque(value)


def _is_any(_value: bytes) -> bool:
    return True


PROSE: tuple[Phrase, ...] = (
    phrase(
        "secret:said",
        rb"(?P<secret>ANY_BYTE{8,200})QUOTE?[ \t]{1,4}(?:as|is)[ ](?:(?:the|my|your|our|a|an)[ ])?(?:\w{1,20}[ ]){0,3}"
        rb"(?:password|passphrase|token|secret|key|pin)",
        is_told_password,
        before=rb"(?<![^\s\"'`(:=])",
        signs=(
            rb"[ ](?:as|is)[ ](?:(?:the|my|your|our|a|an)[ ])?[\w ]{0,63}(?:password|passphrase|token|secret|key|pin)",
        ),
    ),
    phrase(
        "password:pair",
        rb"(?:auth|credential|login)\w{0,24}[ \t]{0,3}[=:(][ \t"
        rb"(\[]{0,4}QUOTE[^\"'`\s\\]{1,60}QUOTE[ \t]{0,3},[ \t]{0,3}"
        rb"QUOTE(?P<secret>[^\"'`\s\\]{6,200})QUOTE",
        _is_password,
        signs=(
            rb"(?:auth|credential|login)\w{0,24}[ \t]{0,3}[=:(][ \t(\[]{0,4}QUOTE[^\"'`\s\\]{1,60}QUOTE[ \t]{0,3},",
        ),
    ),
    phrase(
        "password:of user",
        rb"(?:id|user(?:[ _]?name)?|login|account|e?mail)[ \t]{0,2}/[ \t]{0,2}(?:pass(?:word|wd|code)?"
        rb"|pwd?)QUOTE?[ \t]{0,3}"
        rb"(?:[:=-]|is|are)?[ \t]{0,3}QUOTE?[^\s/:,\"'\\]{1,60}[ \t]{0,3}[/:,][ \t]{0,3}(?P<secret>ANY_BYTE{6,100})",
        _is_password,
        signs=(rb"[dernlt]/(?:pass|pw)", rb"[dernlt \t]/[ \t]{1,2}(?:pass|pw)", rb"[ \t]/(?:pass|pw)"),
    ),
    phrase(
        "password:of login",
        rb"(?:credentials?|creds|log[ -]?in|sign[ -]?in|(?:basic|http|proxy)[ _-]auth)"
        rb"(?:[ ](?:is|are|as|with|to|via|using|data|details))"
        rb"{0,3}[ :=>-]{1,5}QUOTE?[\w.@+-]{1,60}[ ]{0,2}[/:][ ]{0,2}(?P<secret>ANY_BYTE{6,100})",
        is_told_password,
    ),
    phrase(
        "password:of admin",
        rb"(?:admin|root|administrator|postgres|sa|guest|demo|deploy|ubuntu|superuser|sysadmin)(?::"
        rb"|[ ]/[ ])(?P<secret>ANY_BYTE{8,100})",
        lambda value: is_told_password(value) and b"/" not in value and b":" not in value,
        before=rb"(?<![\w./@-])",
    ),
    phrase(
        "code:told",
        rb"(?:pin|security|access|door|verification|auth|authori[sz]ation|one[ -]time|otp|2fa|mfa|sms|login|activation"
        rb"|pairing|entry)[ _-]?(?:code|pin)QUOTE?(?:[ ](?:for|of|to)[\w ]{0,30})?[ ]?(?:[:=]|is)?[ ]{1,2}QUOTE?"
        rb"(?P<secret>[A-Za-z0-9\-]{4,64})",
        _is_code,
        behind=rb"(?![\w-])",
        signs=each(
            rb"%b[ _-]?%b[ \"'`\\:=i]",
            b"pin|security|access|door|verification|auth|authori[sz]ation|one[ -]time|otp|2fa|mfa|sms|login|activation"
            b"|pairing|entry".split(b"|"),
            (b"code", b"pin"),
        ),
    ),
    phrase(
        "key:commented",
        rb"[=: (\"'`](?P<secret>[\w+/=.\-]{16,200})[\"'`(), \w]{0,40}(?://|\#)[ ]{0,2}[\w ]{0,30}"
        rb"(?:key|secret|token|password)",
        lambda value: is_opaque(value) or is_hex(value) or is_uuid(value),
        signs=each(rb"(?://|\#)[ ]{0,2}[\w ]{0,30}%b", b"key secret token password".split()),
    ),
    phrase(
        "mnemonic",
        rb"(?:mnemonic|(?:seed|recovery|backup|secret|wallet)[ _-]?(?:phrase|words|mnemonic)"
        rb"|bip-?39)[\w ]{0,20}QUOTE?[ \t]{0,4}"
        rb"(?:is|are|:|=|=>)?[ \t]{0,4}(?:\n|\\{1,15}n)?[ \t]{0,4}QUOTE?(?P<secret>"
        rb"(?:[a-z]{3,12}[ ,]{1,2}){11,23}[a-z]{3,12})",
        _is_any,
        behind=rb"(?![a-z])",
        signs=(rb"mnemonic|(?:seed|recovery|backup|secret|wallet)[ _-]?(?:phrase|words)|bip-?39",),
    ),
    phrase(
        "code",
        rb"(?:recovery|backup|scratch|rescue|emergency|one[ -]time)[ _-]?(?:codes?"
        rb"|keys?)[\w ]{0,20}QUOTE?[ \t]{0,4}[:=]?"
        rb"(?:[\s,\[\"'*-]|\\{1,15}[nt\"]|[0-9]{1,2}\.[ ]){1,12}"
        rb"(?P<secret>(?:(?:[a-z0-9]{4,8}(?:-[a-z0-9]{4,8}){1,7}|[0-9]{6,12}|[a-z0-9]{8,12})"
        rb"(?:[\s,\"'*]|\\{1,15}[nt\"]|[+-][ ]?|[0-9]{1,2}\.[ ]){0,8}){1,24})",
        lambda value: sum(48 <= byte <= 57 for byte in value) * 8 >= len(value),
        signs=(rb"(?:recovery|backup|scratch|rescue|emergency|one[ -]time)[ _-]?(?:code|key)",),
    ),
    phrase(
        "key:bare",
        rb"(?:key|auth|jwt|bearer|pat|session|licen[sc]e|credentials?)QUOTE?[ \t]{0,4}(?:=>"
        rb"|[:=])[ \t]{0,4}QUOTE?(?P<secret>[\w+/\-]{24,300}={0,2})",
        is_opaque,
        before=rb"(?<![\w.:-])(?<!public )(?<!from )",
        # a blank and a back quote are alike to what Hyperscan tries first, so words with a back quote would stop it at
        # each of these words in prose
        signs=(
            *each(rb"%b%b>?" + _RUN, _OPENED, (b":", b"=")),
            *each(rb"%b%b[\\\"'`]*[ \t]*[:=]>?" + _RUN, _OPENED, (rb"\\", b'"', b"'")),
            *each(rb"%b%b%b>?" + _RUN, _OPENED, (b" ", rb"\t"), (b":", b"=")),
            *each(rb"%b%b%b[ \t]*[:=]>?" + _RUN, _OPENED, (b" ", rb"\t"), (b" ", rb"\t")),
            *each(rb"`%b[:=]>?" + _RUN, (b"", rb"[ \t]{1,4}")),
        ),
    ),
    phrase(
        "key:here",
        rb"(?:<<<|[<$]\((?:echo|printf)(?:[ ]-\w{1,3})?)[ \t]{0,4}QUOTE?(?P<secret>ANY_BYTE{8,300})",
        is_told_password,
    ),
    phrase(
        "key:totp",
        rb"(?:totp|otp|2fa|mfa|authenticator)[\w ]{0,12}(?:[:=]|is)?[ \t]{1,4}QUOTE?(?P<secret>[A-Z2-7]{16,64})",
        _is_totp,
        behind=rb"(?![A-Za-z0-9])",
    ),
    phrase(
        "password:statement",
        rb"identified[ ](?:with[ ][\w']{1,40}[ ])?by[ ]{1,2}(?P<secret>[^\s\"'`\\;()]{6,200})",
        is_clear_password,
    ),
    phrase(
        "key:piped",
        rb"(?:echo|printf)(?:[ ]-\w{1,3})?[ ]{1,2}QUOTE?(?P<secret>TOKEN_BYTE{16,300})QUOTE?[ ]{0,2}\|",
        is_opaque,
        signs=each(rb"%b(?:[ ]-\w{1,3})?[ ]{1,2}QUOTE?TOKEN_BYTE{16}", (b"echo", b"printf")),
    ),
    phrase(
        "key:value option",
        rb"--(?:value|data|secret[\w-]{0,20}|body|content|text|pass[\w-]{0,20}|auth[\w-]{0,20}|oauth[\w-]{0,20}"
        rb"|pat|plaintext)"
        rb"[ =]{1,2}QUOTE?(?P<secret>ANY_BYTE{8,300})",
        lambda value: is_told_password(value) and not is_path_of_names(value),
        signs=each(
            rb"--%b[ =]{1,2}QUOTE?ANY_BYTE{8}",
            rb"value data secret[\w-]{0,20} body content text pass[\w-]{0,20} auth[\w-]{0,20} oauth[\w-]{0,20} pat"
            rb" plaintext".split(),
        ),
    ),
    phrase(
        "password:slash option",
        rb"[ ]/(?:p|pass|password|rp|pwd|pw)[: ]QUOTE?(?P<secret>ANY_BYTE{6,200})",
        is_clear_password,
    ),
    phrase(
        "password:listed option",
        rb"QUOTE(?:-u|-p|-a|--user|--pass)QUOTE[ ]{0,2},[ ]{0,2}QUOTE(?:[^:\s\"'\\]{1,60}:)?"
        rb"(?P<secret>ANY_BYTE{6,200})",
        is_clear_password,
    ),
    phrase(
        "key:call",
        rb"(?:jwt\.\w{1,10}|hmac\.\w{1,6}|createHmac|Fernet|AES\.\w{1,6}|createCipher\w{0,4}|cookie\w{1,10}"
        rb"|\w{0,20}auth"
        rb"|basic|\w{0,20}connect(?:ion)?|\w{0,20}login"
        rb"|\w{0,30}credentials?|directoryentry|passwordauthentication|PDO|\w{0,20}client|twilio)\("
        rb"(?:[^()\"'`\n]{0,60},|[ ]{0,2}QUOTE[^\"'`\n]{0,60}QUOTE[ ]{0,2},){0,3}[ ]{0,2}b?QUOTE"
        rb"(?P<secret>[^\"'`\s\\]{8,200})QUOTE",
        lambda value: is_told_password(value) or is_hex(value) or is_worded(value),
        signs=(
            rb"(?:jwt\.\w{1,10}|hmac\.\w{1,6}|createHmac|Fernet|AES\.\w{1,6}|createCipher\w{0,4}|cookie\w{1,10}|auth"
            rb"|basic|connect(?:ion)?|login|credentials?|directoryentry|passwordauthentication|PDO|client|twilio)\([^\n]{0,200}[\"'`]",
        ),
    ),
    phrase(
        "password:of app",
        rb"app[ -]?passwordQUOTE?[ :=]{1,4}QUOTE?(?P<secret>[a-z0-9]{4}(?:[ -][a-z0-9]{4}){3})",
        _is_any,
        behind=rb"(?![A-Za-z0-9])",
    ),
    phrase(
        "key:column",
        rb"(?:api_?keys?|tokens?|secrets?|password\w{0,10}|pwd)[^;\n]{0,120}\)[ \t\r\n]{0,8}VALUES?[ \t]{0,4}\("
        rb"[^;\n]{0,200}?QUOTE(?P<secret>[^\"'`\s\\]{8,200})QUOTE",
        is_told_password,
        signs=(
            rb"[) \t\r\n]values?\(",
            *each(rb"[) \t\r\n]%b[ \t]\(", (b"value", b"values")),
            rb"[) \t\r\n]values?[ \t]{2,4}\(",
        ),
    ),
)
