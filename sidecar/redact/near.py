"""Secrets known by a word that stands near, whatever stands between: the value itself must look drawn the more.

A word for keys may stand half a line before a value that mixes both cases and digits as nothing else does; what is of
one case, hex or a UUID must stand right beside the word, or beside the name of a vendor whose keys look so.

Shapes learnt from the examples of Nosey Parker (Apache-2.0), Kingfisher (Apache-2.0), TruffleHog (AGPL-3.0, its tests
only read), CredSweeper (MIT), detect-secrets (Apache-2.0) and secretlint (MIT).
"""

import re

from sidecar.redact.drawn import is_drawn_key, is_drawn_run
from sidecar.redact.keys import HARMLESS_OWNERS
from sidecar.redact.made_up import is_made_up
from sidecar.redact.phrase import Phrase, each, phrase
from sidecar.redact.told import is_told_password
from sidecar.redact.values import is_hex, is_opaque

_WORDS = (b"key", b"token", b"secret", b"credential", b"passw", b"passphrase")
_ANY_WORD = rb"(?:key|token|secret|credential|passw|passphrase)(?!s)"
_STRONG = (
    rb"(?:token(?!s)|secret|pass(?:word|phrase)|api[ _-]?key|access[ _-]?key|credentials?|private(?![a-z])"
    rb"|access(?![a-z])|auth(?:[ _-]?key)?|license"
    rb"|(?:aes|hmac|cipher|\w{0,2}cryption|signing|wallet|master|root|shared|storage|account)[ _-]?key|seed)"
)
_NAMED = (
    rb"(?:\b|_)(?:ids?|uuid|hash|digest|sha[0-9-]{0,4}|md5|checksum|fingerprint|commit|etag|revision|integrity"
    rb"|cursor|page|next|name|type|file|path|version|sub|iss|jti|challenge|signature|encrypted_content|kid)\b"
    rb"|(?-i:[a-z](?:Id|Hash|Name|Digest))\b|://|sha256"
    rb"|\\{1,15}[nr]|accessor|\benc\(|ssh-|ecdsa-|public|x509|cert(?:ificate)?\b|challenge"
)
"""What names something by drawn letters that open nothing."""
_START = rb"(?<![\w+/.\-%$}\\])"
_MIXED = (
    rb"(?-i:(?=[A-Za-z+/_\-]{0,40}[0-9])(?=[\w+/\-]{24}|[A-Za-z+/_\-]{0,23}[0-9]+[A-Za-z+/_\-]+[0-9])(?=[\w+/\-]{0,40}[a-z])"
    rb"(?=[\w+/\-]{0,40}[A-Z])(?P<secret>[\w+/\-]{16,400}={0,2}))"
)
_BESIDE = (
    rb"(?:-(?=[A-Za-z]{0,8}[0-9])|[^\w\n\\/-]|(?<=[ ])-(?=[ ])|\\{1,15}[\"']){1,6}"
    rb"(?:(?:is|was|which|that|for|of|to|the|your|my|new|key|token|secret|value|prod|production|live|test)[^\w\n\\/]{1,4}){0,3}"
)
_LED = rb"(?:[ \t]{0,4}(?:=>|:=|[:=|,])[ \t]{0,4}|[ \t]{1,2}(?:-[ \t]|is[ ])?(?=QUOTE|[\w-]{20}))"
_NOT_OF = b"".join(
    rb"(?<!%b)" % one
    for one in (
        *(b"public", b"public[_ -]", b"page", b"page[_-]", b"sync", b"sync[_-]", b"tik", b"next", b"next[_-]"),
        *(b"checksum/", b"cache", b"cache[_ -]", b"socket-", b"did:", b"rotated[ ]"),
    )
)
"""Before a word that names something else then."""
_NOT_CODE = rb"(?![\w(.\[/:<])"
_SIGNS = (b"key", b"token", b"secret", b"credential", b"passw", b"passphrase")
_ADDRESS = re.compile(rb"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_BRANDS = (
    *b"algolia amplitude anthropic auth0 cloudflare cloudinary cohere datadog deepgram deepseek discord".split(),
    *b"fastly firebase gitlab heroku huggingface klaviyo langfuse mailchimp mailgun mapbox mixpanel newrelic".split(),
    *b"okta openai opsgenie pagerduty paypal pinecone postmark posthog railway sendgrid sentry shopify snyk".split(),
    *b"stripe supabase telegram todoist twilio vercel virustotal zendesk".split(),
)
"""Whose keys are written beside their name alone."""
_STRONG_SIGNS = (
    rb"token(?:[_-]?key)?",
    *(
        word + b"(?:s|[_-]?key)?"
        for word in b"secret password passphrase key credential private access auth license seed".split()
    ),
)


def _is_of_owner(value: bytes) -> bool:
    # forty digits are a commit or a fingerprint
    return is_drawn_run(value) or (is_hex(value) and len(value) != 40)


NEAR: tuple[Phrase, ...] = (
    phrase(
        "key:near",
        rb"(?:" + _ANY_WORD + rb")(?P<gap>[^\n]{1,48}?)" + _START + _MIXED,
        is_opaque,
        before=rb"(?=[ktscp])" + _NOT_OF,
        behind=_NOT_CODE,
        unlike=re.compile(_NAMED, re.IGNORECASE),
        signs=each(rb"%b(?:[^s\n][^\n]{0,46})?[^\w+/.\-%%$}\\\n][A-Za-z+/_\-]{0,40}[0-9]", _SIGNS),
        is_judged=True,
        reach=140,
    ),
    phrase(
        "key:beside",
        rb"(?:" + _STRONG + rb")(?:s|[_-]?key)?" + _BESIDE + rb"(?P<secret>[\w\-]{16,200}={0,2})",
        is_drawn_key,
        before=rb"(?=[tspaclhwmre])" + _NOT_OF + rb"(?!(?<=\w)(?-i:private|access|seed))",
        behind=_NOT_CODE,
        signs=(
            *each(rb"%b[^\w\n/-](?:[^\n]{0,80}[^\w\n-])?[\w\-]{16}", _STRONG_SIGNS),
            *each(rb"%b-[A-Za-z]{0,8}[0-9][\w\-]{8}", _STRONG_SIGNS),
        ),
        is_judged=True,
        reach=140,
    ),
    phrase(
        "key:word",
        rb"(?-i:KEY|[Kk]ey)[ \t]{0,2}QUOTE?[ \t]{0,2}(?:=>|[:=|-]|[ ])[ \t]{0,4}QUOTE?(?P<secret>[\w\-]{20,200}={0,2})",
        is_drawn_run,
        before=rb"(?<![\w.])(?<!from[ ])" + _NOT_OF,
        behind=_NOT_CODE,
        signs=(rb"key[^\w\n]{1,48}[\w\-]{20}",),
        is_judged=True,
        reach=100,
    ),
    phrase(
        "key:hex",
        rb"(?-i:KEY|Key)=QUOTE?(?P<secret>[a-f0-9]{32}(?:[a-f0-9]{32})?)",
        is_hex,
        before=rb"(?<![\w.-])",
        behind=rb"(?![\w-])",
        signs=(rb"key=[\\\"'`]{0,16}[a-f0-9]{32}",),
        reach=110,
    ),
    phrase(
        "key:of owner",
        rb"(?P<gap>[a-z][a-z0-9]{3,29})[ ](?:key|token)[ ]?(?:[:=-][ ]?|is[ ])?QUOTE?(?P<secret>[\w\-]{16,200}={0,2})",
        _is_of_owner,
        before=rb"(?<![\w/.\-])",
        behind=_NOT_CODE,
        unlike=re.compile(
            rb"\A(?:"
            + b"|".join(sorted(HARMLESS_OWNERS))
            + rb"|cached?|foreign|primary|partition|idempotency|dedup|object|map|dict|this|secret"
            rb"|public|ssh|using|with|your|from|into|that|hash|and|[a-z]+ed)\Z",
            re.IGNORECASE,
        ),
        signs=each(rb"[a-z0-9][ ]%b[^\w\n]{1,24}(?:is[ ][\"'`\\]{0,16})?[\w\-]{16}", (b"key", b"token")),
        is_judged=True,
        reach=120,
    ),
    phrase(
        "key:client",
        rb"(?:api|client|sdk)\([ ]{0,2}(?:[\w]{1,20}[ ]?[:=][ ]?)?QUOTE(?P<secret>[\w\-]{16,200}={0,2})QUOTE",
        is_drawn_key,
        signs=each(rb"%b\([^\n]{0,48}[\w\-]{16}", (b"api", b"client", b"sdk")),
        is_judged=True,
        reach=280,
    ),
    phrase(
        "key:in query",
        rb"[?&](?:api_?key|key|token|secret|access_?key|auth_?key|auth|appkey|client_secret)=(?P<secret>[\w\-]{16,200})",
        is_drawn_key,
        signs=(rb"[?&][a-z_]{0,12}(?:key|token|secret|auth)=[\w\-]{16}",),
        is_judged=True,
        reach=80,
    ),
    phrase(
        "key:login",
        rb"[ ]login[ ]{1,2}(?P<secret>[\w\-]{20,200})",
        is_drawn_key,
        behind=_NOT_CODE,
        is_judged=True,
        reach=80,
    ),
    phrase(
        "key:tagged",
        rb"<(?:secret|token|password|key|credential|api[_-]?key)>(?P<secret>[^<>\n]{16,400})</",
        lambda value: any(is_drawn_key(part) for part in value.replace(b"{", b" ").replace(b"}", b" ").split()),
        signs=each(rb"%b>[^<>\n]{16}", (b"secret", b"token", b"password", b"key", b"credential")),
        is_judged=True,
        reach=500,
    ),
    phrase(
        "password:in brackets",
        rb"(?:password|passwd|pwd|pw|pass|passcode|pin)[ ]?\((?:default[:=])?QUOTE?"
        rb"(?P<secret>[^\s\"'`\\(),;<>]{6,100})QUOTE?\)",
        lambda value: is_told_password(value) or is_made_up(value),
        signs=each(rb"%b[ ]{0,1}\([^()\s]{6}", (b"password", b"passwd", b"pwd", b"pass", b"passcode", b"pw", b"pin")),
    ),
    phrase(
        "key:behind",
        rb"(?-i:(?=[A-Za-z+/_\-]{0,40}[0-9])(?=[\w+/\-]{24}|[A-Za-z+/_\-]{0,23}[0-9]+[A-Za-z+/_\-]+[0-9])"
        rb"(?=[\w+/\-]{0,40}[a-z])(?=[\w+/\-]{0,40}[A-Z])(?P<secret>[\w+/\-]{16,100}={0,2}))"
        rb"QUOTE?[ ]{0,2}(?:[(\[]|\#|//|<-|--|is[ ]|as[ ]|=[ ]|,[ ]|[ ])[ ]?(?:[\w.]{1,15}[ _-]){0,3}"
        rb"(?:key|token|secret|password|passphrase|credential)",
        is_opaque,
        before=_START,
        behind=rb"(?![\w]|[ _-](?:id|hash|name))",
        signs=each(
            rb"[\w+/\-]{16}={0,2}[\"'`\\]{0,16}[ ]{0,2}(?:[(\[\#=, ]|//|<-|--|is[ ]|as[ ])[ ]?"
            rb"(?:[\w.]{1,15}[ _-]){0,3}%b",
            (b"key", b"token", b"secret", b"password", b"passphrase", b"credential"),
        ),
        reach=180,
    ),
    phrase(
        "password:near",
        rb"(?:password|passwd|passphrase|passcode|pwd?)\b(?P<gap>[^\n]{1,48}?)(?<=[ \[(<\"'`:=>])"
        rb"(?-i:(?=ANY_BYTE{0,40}[0-9])(?=ANY_BYTE{0,40}[a-z])(?=ANY_BYTE{0,40}[A-Z])"
        rb"(?=[\w\-]{0,40}[!@\#%^&*+?~$])(?P<secret>(?![$@/])ANY_BYTE{8,64}))",
        lambda value: is_told_password(value) and not _ADDRESS.fullmatch(value),
        before=rb"(?!(?<=\w)pw)",
        behind=rb"(?![(\[{])",
        unlike=re.compile(rb"://|\\{1,15}[nr]|hash|enc[(]|crypt|regex|pattern|[(][^)]*[(]", re.IGNORECASE),
        signs=each(
            rb"%b\b[^\n]{0,47}[ \[(<\"'`:=>]ANY_BYTE{8}",
            (b"password", b"passwd", b"passphrase", b"passcode", b"pw", b"pwd"),
        ),
        is_judged=True,
        reach=130,
    ),
    phrase(
        "license:said",
        rb"(?:licen[sc]e|serial|product|activation|cd)[ _-]?(?:key|number|no|code)?QUOTE?[ ]?(?:[:=]|is)[ ]?QUOTE?"
        rb"(?P<secret>[A-Z0-9]{4,6}(?:-[A-Z0-9]{4,6}){2,7})",
        lambda value: any(48 <= byte <= 57 for byte in value),
        behind=rb"(?![\w-])",
    ),
    phrase(
        "code:of digits",
        rb"(?:pin|otp|totp|2fa|mfa|passcode)(?:[ ]?code)?QUOTE?[ ]?(?:[:=]|is|->)[ ]?QUOTE?(?P<secret>[0-9]{4,8})",
        lambda value: len(set(value)) > 1,
        before=rb"(?<![\w-])",
        behind=rb"(?![\w.-])",
        signs=each(
            rb"%b(?:[ ]?code)?[\"'`\\]{0,16}[ ]?(?:[:=]|is|->)[ ]?[\"'`\\]{0,16}[0-9]{4}",
            (b"pin", b"otp", b"2fa", b"mfa", b"passcode"),
        ),
    ),
    phrase(
        "key:of vendor",
        rb"(?:"
        + rb"|".join(_BRANDS)
        + rb")(?:[_.]?(?:api|prod|production|dev|staging|live|test|cfg|config|creds?))?QUOTE?"
        + _LED
        + rb"QUOTE?(?P<secret>[\w\-]{16,200}={0,2})",
        is_drawn_key,
        before=rb"(?<![A-Za-z0-9/@.])",
        behind=_NOT_CODE,
        signs=each(rb"%b[\w.]{0,12}[^\w\n/]{1,44}(?:is[ ][\"'`\\]{0,16})?[\w\-]{16}", _BRANDS),
        is_judged=True,
        reach=110,
    ),
)
