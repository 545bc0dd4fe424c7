r"""Secrets known by their own form, wherever they stand: one row per vendor or syntax.

A pattern is tried only where its anchor stands, so patterns may be exact and the whole text is searched for short
literals alone. A group `secret` is what is replaced, else the whole match.

Sources: the vendors' token documentation and the gitleaks rules (MIT, b58d3f1); measured on recorded sessions.
"""

import re
from base64 import b64encode
from dataclasses import dataclass

BOUNDARY = (
    # an escape such as \n or %3D ends in a letter or digit but is none
    rb"(?:(?<![A-Za-z0-9])|(?<=\\[nrtbf])|(?<=\\u[0-9a-fA-F]{4})|(?<=%[0-9A-Fa-f]{2})|(?<=[0-9;]m))"
)
GAP = rb"(?:[ \t\r\n]|\\{1,15}[nrt])"
"""One blank, raw or as JSON escapes it at any depth."""


_NOT_BEFORE = re.compile(rb"\(\?!\[[^\]]+\]\)\Z")
"""What a pattern asks of the byte behind its match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form of secret."""

    kind: str
    """Stable short word shown in the replacement."""
    anchor: bytes
    """Literal that every match starts with."""
    pattern: re.Pattern[bytes]
    """Matched at the anchor."""
    unframed: re.Pattern[bytes]
    """The same whatever stands before and behind."""


def _form(kind: str, anchor: bytes, rest: bytes, *, before: bytes = BOUNDARY) -> Form:
    return Form(
        kind=kind,
        anchor=anchor,
        pattern=re.compile(before + re.escape(anchor) + rest),
        unframed=re.compile(re.escape(anchor) + _NOT_BEFORE.sub(b"", rest)),
    )


_ENCODED_KEYS = tuple(
    b64encode(marker)[: len(marker) // 3 * 4]
    for label in (b"", b"RSA ", b"EC ", b"DSA ", b"OPENSSH ", b"ENCRYPTED ")
    for marker in (b"-----BEGIN " + label + b"PRIVATE KEY-----",)
)
"""How a private key begins in base64, as Kubernetes and cloud tools have it; certificates begin otherwise."""
_QUERY = rb"(?:(?<=[?&, ;-])|(?<=\\u0026))"
"""Before the name of a query's parameter, or of one in a header."""

FORMS: tuple[Form, ...] = (
    _form("aws", b"AKIA", rb"[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _form("aws", b"ASIA", rb"[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _form("jwt", b"eyJ", rb"[A-Za-z0-9_-]{10,8000}\.[A-Za-z0-9_-]{10,8000}(?:\.[A-Za-z0-9_-]{0,8000}){1,3}"),
    _form("google", b"AIza", rb"[A-Za-z0-9_-]{35}"),
    _form("telegram", b":AA", rb"[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])", before=rb"(?<=[0-9]{8})"),
    _form("azure", b"sig=", rb"(?P<secret>[A-Za-z0-9%+/_-]{40,100}={0,2})", before=_QUERY),
    _form("signature", b"Signature=", rb"(?P<secret>[A-Za-z0-9%+/_~-]{26,1000}={0,2})", before=_QUERY),
    _form("firebase", b":APA91b", rb"[\w-]{100,200}", before=rb"(?<=[\w-]{11})"),
    _form("alibaba", b"LTAI", rb"[A-Za-z0-9]{12,24}(?![A-Za-z0-9])"),
    _form("tencent", b"AKID", rb"(?=[A-Za-z]{0,20}[0-9])[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
    _form("facebook", b"EAA", rb"(?=[A-Za-z]{0,40}[0-9])[A-Za-z0-9]{90,300}(?![\w-])"),
    _form("atlassian", b"ATCTT3", rb"[\w=-]{60,300}"),
    _form("crates", b"cio", rb"(?=[A-Za-z]{0,31}[0-9])[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
    *(_form("private-key", encoded, rb"[A-Za-z0-9+/]{16,20000}={0,2}", before=b"") for encoded in _ENCODED_KEYS),
    _form("openai", b"T3BlbkFJ", rb"[A-Za-z0-9_-]{16,200}", before=rb""),
    _form("twilio", b"SK", rb"[0-9a-f]{32}(?![A-Za-z0-9])"),
    _form("databricks", b"dapi", rb"[a-f0-9]{32}(?![A-Za-z0-9])"),
    _form("atlassian", b"ATATT3", rb"[\w=-]{60,300}"),
    _form("bitbucket", b"ATBB", rb"[A-Za-z0-9]{28,40}"),
    _form("square", b"EAAA", rb"[\w-]{56,64}(?![\w-])"),
)

PREFIX_SEPARATOR = re.compile(rb"[_\-.](?=[A-Za-z0-9_\-+/=%]{16})")
"""Where a prefixed token may stand: a separator and a run long enough to be one."""

PREFIXES: dict[bytes, Form] = {
    prefix: _form(kind, prefix, rest)
    for kind, prefixes, rest in (
        ("google", b"ya29.", rb"[\w-]{20,2000}"),
        ("stripe", b"whsec_", rb"[A-Za-z0-9+/=]{20,100}"),
        ("age", b"AGE-SECRET-KEY-", rb"1[0-9A-Z]{50,70}"),
        ("terraform", b"atlasv1.", rb"[\w=-]{50,100}"),
        ("mailgun", b"key-", rb"[0-9a-f]{32}(?![A-Za-z0-9])"),
        ("mapbox", b"sk.", rb"eyJ[\w-]{20,300}\.[\w-]{16,60}"),
        ("sidecar", b"sidecar_", rb"[0-9a-f]{8}_[\w-]{43}"),
        ("github", b"ghp_ gho_ ghu_ ghs_ ghr_", rb"[A-Za-z0-9]{20,255}"),
        ("github", b"github_pat_", rb"[A-Za-z0-9_]{22,255}"),
        ("gitlab", b"glpat- gldt- glrt- glcbt- glptt- glft- glsoat- glimt- glagent- glffct-", rb"[\w.-]{16,300}"),
        ("slack", b"xoxb- xoxp- xoxa- xoxe- xoxs- xoxo- xoxr- xoxd- xapp- xoxe.", rb"[A-Za-z0-9%+/=.-]{10,400}"),
        ("stripe", b"sk_live_ sk_test_ rk_live_ rk_test_ sk_org_", rb"[A-Za-z0-9]{16,250}"),
        ("anthropic", b"sk-ant-", rb"[A-Za-z0-9]{2,12}-[\w-]{16,300}"),
        ("openai", b"sk-", rb"(?!ant-)(?=[\w-]{0,60}[A-Za-z0-9]{14})(?=[\w-]{0,100}[0-9])[\w-]{20,300}"),
        ("google", b"GOCSPX-", rb"[\w-]{20,60}"),
        ("npm", b"npm_", rb"[A-Za-z0-9]{30,60}"),
        ("pypi", b"pypi-", rb"[\w-]{50,1000}"),
        ("huggingface", b"hf_ api_org_", rb"[A-Za-z0-9]{30,60}"),
        ("sendgrid", b"SG.", rb"[\w-]{16,40}\.[\w-]{16,60}"),
        ("digitalocean", b"dop_v1_ doo_v1_ dor_v1_", rb"[a-f0-9]{40,80}"),
        ("shopify", b"shpat_ shpca_ shppa_ shpss_", rb"[A-Fa-f0-9]{32}"),
        ("square", b"sq0atp- sq0csp- sq0idp-", rb"[\w-]{22,60}"),
        ("vault", b"hvs. hvb. hvr.", rb"[\w-]{24,300}"),
        ("doppler", b"dp.pt. dp.st. dp.ct. dp.sa.", rb"[\w.-]{40,80}"),
        ("linear", b"lin_api_ lin_oauth_", rb"[A-Za-z0-9]{32,80}"),
        ("notion", b"ntn_ secret_", rb"(?=[A-Za-z]{0,40}[0-9])[A-Za-z0-9]{40,60}"),
        ("postman", b"PMAK-", rb"[A-Fa-f0-9-]{40,80}"),
        ("pulumi", b"pul-", rb"[a-f0-9]{40}"),
        ("rubygems", b"rubygems_", rb"[a-f0-9]{40,60}"),
        ("newrelic", b"NRAK- NRII- NRJS-", rb"[A-Za-z0-9-]{19,40}"),
        ("grafana", b"glsa_ glc_", rb"[A-Za-z0-9_+/=]{30,400}"),
        ("figma", b"figd_ figo_", rb"[\w-]{30,60}"),
        ("supabase", b"sbp_ sb_secret_", rb"[A-Za-z0-9_-]{20,60}"),
        ("sentry", b"sntrys_ sntryu_ sntrya_", rb"[\w+/=-]{40,400}"),
        ("docker", b"dckr_pat_ dckr_oat_", rb"[\w-]{20,60}"),
        ("planetscale", b"pscale_tkn_ pscale_pw_", rb"[\w.-]{30,80}"),
        ("groq", b"gsk_", rb"[A-Za-z0-9]{40,60}"),
        ("xai", b"xai-", rb"[A-Za-z0-9]{60,100}"),
        ("perplexity", b"pplx-", rb"[A-Za-z0-9]{40,60}"),
        ("replicate", b"r8_", rb"[A-Za-z0-9]{30,50}"),
        ("netlify", b"nfp_ nfc_ nfo_ nfu_", rb"[A-Za-z0-9]{30,60}"),
        ("circleci", b"CCIPAT_ CCIPRJ_", rb"[\w-]{40,90}"),
        ("heroku", b"HRKU-", rb"[\w-]{36,80}"),
        ("langsmith", b"lsv2_pt_ lsv2_sk_", rb"[a-f0-9]{32}_[a-f0-9]{10}"),
        ("fly", b"fo1_ fm2_ fm1r_", rb"[\w+/=-]{30,800}"),
        ("firecrawl", b"fc-", rb"[a-f0-9]{32}(?![A-Za-z0-9-])"),
        ("tavily", b"tvly-", rb"[A-Za-z0-9-]{20,60}"),
        ("hubspot", b"pat-na1- pat-eu1-", rb"[a-f0-9]{8}-[a-f0-9-]{27}"),
        ("api-key", b"key_live_ api_live_ api_key_live_ key_prod_", rb"[A-Za-z0-9]{16,100}"),
        ("cloudflare", b"v1.0-", rb"[a-f0-9]{24}-[a-f0-9]{100,160}"),
        ("resend", b"re_", rb"[A-Za-z0-9]{8}_[A-Za-z0-9]{20,40}"),
        ("render", b"rnd_", rb"[A-Za-z0-9]{28,50}"),
        ("launchdarkly", b"sdk- mob-", rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"),
        ("nvidia", b"nvapi-", rb"[\w-]{40,100}"),
        ("pinecone", b"pcsk_", rb"[\w-]{40,100}"),
        ("tailscale", b"tskey-api- tskey-auth- tskey-client-", rb"[\w-]{16,100}"),
        ("sourcegraph", b"sgp_ slk_", rb"[a-f0-9_]{40,100}"),
        ("buildkite", b"bkua_", rb"[a-f0-9]{40}"),
        ("posthog", b"phx_", rb"[A-Za-z0-9]{32,60}"),
        ("vercel", b"vercel_blob_rw_ vcp_ vck_", rb"[\w-]{24,100}"),
        ("neon", b"napi_", rb"[a-z0-9]{40,80}"),
        ("together", b"tgp_v1_", rb"[\w-]{30,80}"),
        ("runpod", b"rpa_", rb"[A-Z0-9]{30,60}"),
        ("jina", b"jina_", rb"[A-Za-z0-9]{40,80}"),
        ("cerebras", b"csk-", rb"[a-z0-9]{40,60}"),
        ("dynatrace", b"dt0c01. dt0s01.", rb"[A-Z0-9]{20,30}\.[A-Z0-9]{60,70}"),
        ("amazon", b"amzn.mws.", rb"[0-9a-f-]{36}"),
        ("langfuse", b"sk-lf-", rb"[0-9a-f-]{36}"),
        ("wandb", b"wandb_v1_", rb"[\w-]{40,100}"),
        ("typeform", b"tfp_", rb"[\w-]{40,80}"),
        ("readme", b"rdme_", rb"[a-z0-9]{60,80}"),
        ("clojars", b"CLOJARS_", rb"[a-z0-9]{50,70}"),
        ("shippo", b"shippo_live_ shippo_test_", rb"[a-f0-9]{40}"),
        ("sonar", b"sqp_ squ_ sqa_", rb"[a-f0-9]{40}"),
        ("honeycomb", b"hcaik_ hcxik_ hcamk_", rb"[a-z0-9]{50,70}"),
        ("duffel", b"duffel_live_ duffel_test_", rb"[\w-]{40,60}"),
        ("flutterwave", b"FLWSECK-", rb"[A-Za-z0-9]{12,40}-X"),
    )
    for prefix in prefixes.split()
}
"""By prefix."""

PRIVATE_KEY_ANCHOR = b"-----BEGIN"
_PRIVATE_KEY_BEGIN = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_PRIVATE_KEY_END = re.compile(rb"-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_PRIVATE_KEY_BODY = re.compile(rb"(?:[A-Za-z0-9+/=]|" + GAP + rb"|\\{1,15}u000[aAdD]|(?<=[A-Za-z]): |, |-(?!-))*")
_PRIVATE_KEY_LINE = re.compile(rb"[A-Za-z0-9+/=]{16,200}")
"""Longer than the words of a sentence that only mentions a marker line."""
_MAX_PRIVATE_KEY = 20_000
"""Bytes; an escaped 8192-bit RSA key takes under 8,000."""
_MAX_PUTTY_GAP = 80
"""Bytes from `Private-Lines` to the first line's sixteenth character."""
_MAX_LINE_GAP = 40
"""Bytes between two lines of a key: quotes, line numbers, a `+` of source code or of a diff."""


def private_key_spans(body: bytes, start: int) -> list[tuple[int, int]]:
    """What to replace of the private key that begins at `start`; empty when none begins there.

    A key in one run goes as a whole, cut off or not. One that is quoted or numbered line by line goes line by line,
    so that the quotes around the lines stay in balance.
    """
    begin = _PRIVATE_KEY_BEGIN.match(body, start)
    if begin is None:
        return []
    content = _PRIVATE_KEY_BODY.match(body, begin.end(), begin.end() + _MAX_PRIVATE_KEY)
    cut = begin.end() if content is None else content.end()
    if _PRIVATE_KEY_LINE.search(body, begin.end(), cut):
        end = _PRIVATE_KEY_END.match(body, cut)
        return [(start, cut if end is None else end.end())]
    return _private_key_lines(body, begin.end())


def _private_key_lines(body: bytes, start: int) -> list[tuple[int, int]]:
    limit = start + _MAX_PRIVATE_KEY
    marker = body.find(b"-----", start, limit)
    spans: list[tuple[int, int]] = []
    reached = start
    for line in _PRIVATE_KEY_LINE.finditer(body, start, limit if marker < 0 else marker):
        if line.start() - reached > _MAX_LINE_GAP:
            break
        spans.append(line.span())
        reached = line.end()
    return spans


def putty_key_spans(body: bytes, start: int) -> list[tuple[int, int]]:
    """What to replace behind `Private-Lines: 8`: line by line, as such a file has no marker at its end."""
    if _PRIVATE_KEY_LINE.search(body, start, start + _MAX_PUTTY_GAP) is None:
        return []
    return _private_key_lines(body, start)
