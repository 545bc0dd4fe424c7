"""Keys whose value is a secret, read word by word: `dbPassword`, `AWS_SECRET_ACCESS_KEY`, not `max_tokens`."""

import re
from enum import Enum
from functools import lru_cache


class Word(Enum):
    """What a key word asks of its value."""

    PASSWORD = "password"  # noqa: S105 - a kind's name
    KEY = "key"
    VENDOR_KEY = "vendor-key"
    """Of somebody whose name says nothing: of a vendor, or of a table."""
    SECRET = "secret"  # noqa: S105 - a kind's name
    TOKEN = "token"  # noqa: S105 - a kind's name
    COOKIE = "cookie"


_WORDS = re.compile(rb"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_PASSWORD_WORDS = frozenset(b"password passwd passphrase passcode passwort passe pwd pass pw psk bindpw rootpw".split())
_KEY_OWNERS = frozenset(
    b"api access private secret signing sign encryption encrypt master auth service account client app application"
    b" storage admin stripe openai anthropic gemini google azure aws github gitlab slack sendgrid mailgun twilio"
    b" datadog dd sentry deploy license shared hmac jwt cookie session fernet aes webhook write ingest groq mistral"
    b" cohere hf dsn tavily serper algolia pinecone cloudflare cf do linode fastly newrelic posthog segment server"
    b" subscription sdk preshared root unseal recovery mailchimp fcm firebase okta paypal adyen square plaid razorpay"
    b" pusher ably amplitude mixpanel rollbar bugsnag honeycomb splunk elastic opsgenie pagerduty intercom zendesk"
    b" hubspot airtable notion linear bitbucket circleci buildkite sonar codecov snyk nuget docker heroku vercel"
    b" netlify render fly supabase consumer functions session honeycomb grafana terraform pulumi"
    b" neon upstash redis db database deepseek together fireworks perplexity replicate huggingface elevenlabs deepgram"
    b" openrouter voyage jina exa brave serpapi mapbox maps vault consul resend postmark brevo vonage cloudinary xai"
    b" launchdarkly contentful typesense meilisearch qdrant weaviate langfuse langsmith wandb tailscale deepl"
    b" sparkpost mandrill mailjet shopify stytch clerk workos scw scaleway hcloud hetzner vultr oci ibmcloud".split()
)
KEY_JOINS = (
    *(b"api", b"access", b"private", b"auth", b"account", b"shared", b"encryption", b"subscription"),
    *(b"server", b"license", b"secret", b"master", b"deploy"),
)
"""What is written in one word with `key`."""
_JOINED_KEYS = frozenset(join + b"key" for join in KEY_JOINS)
HARMLESS_OWNERS = frozenset(
    b"row column field group query storage blob file s3 i18n translation trans message locale label shard routing range"
    b" bucket unique join node item entity react list data event page metric feature flag config configuration"
    b" setting settings option options registry reg state store memcache memcached params param attr attribute prop"
    b" property enum json yaml dict csv lock mutex semaphore job task queue topic stream slot tab menu nav short arrow"
    b" hot ctrl shift meta modifier enter escape esc space delete return any press up down home end fn function left"
    b" right pad keypad char current first last parent child this that the a an each by with of for same other new old"
    b" min max expected actual etag checksum digest fingerprint version vendored gpg pgp pubkey verify verifying id"
    b" user socket websocket value path name type sub super image img asset artifact build bundle chunk module"
    b" package dependency lookup"
    b" session_storage view screen route model schema index table tenant workspace  issue ticket"
    b" story board document doc media video audio text string int number hover focus filter order sorting dimension"
    b" series legend axis color theme style class css snapshot trace span log logging level rate limit quota window"
    b" bloom secondary compound clustering distribution rest restore cookie_name context thread message_group kid"
    b" correlation transaction trans tx dedupe deduplication merge group_by on is get set has add remove pop del"
    b" turn mon don hoc hos jo bar tur dar mal whis kms hkms host kv".split()
)
_HARMLESS_AFTER = frozenset(
    b"count counts url uri urls type types name names path paths file files dir folder limit limits length len"
    b" size sizes expiry expires expired expiration ttl at in field fields policy endpoint usage budget header"
    b" headers prefix suffix pattern regex param params index indexes idx env var arn version versions scope scopes"
    b" required min max enabled manager provider providers form input label placeholder hint reset strength class"
    b" rules rule rate cost price status state error errors message msg ids per used left remaining kind map list"
    b" set store service handler helper validator generator factory source location ref reference iter iterator"
    b" stream buffer window span spans pos offset text texts hash hashes digest algorithm alg format id lifetime"
    b" age timeout duration created updated page link visible show hide hidden toggle confirm match matches"
    b" mismatch changed expire rotation check checks checker test tests encoder decoder parser lexer counter"
    b" address addresses symbol standard contract supply amount balance decimals alias description title text"
    b" value_from stdin"
    b" estimate estimates estimator details".split()
)
_HARMLESS_BEFORE = frozenset(
    b"max min num number input output total prompt completion cached cache creation read reasoning thinking next"
    b" page prev previous continuation sync cursor n avg budget per foreign primary public partition sort row"
    b" column unique idempotency dedup object map dict hash lookup index host known composite natural lexer parse"
    b" parser syntax peek eof stop special pad bos eos unk mask start end no without missing invalid wrong forgot"
    b" reset show has is verify check".split()
)

_HARMLESS_TOKENS = frozenset(b"next page prev sub tik sync continuation cursor detokenizer".split())
_HARMLESS_PASSES = frozenset(b"by buy mini com encom sur tres over under multi one single two render".split()) | {b""}
_SEED_OWNERS = frozenset(b"otp totp hotp mfa tfa wallet hd".split())


@lru_cache(maxsize=4096)  # the same few hundred keys come again and again
def word_of(key: bytes) -> Word | None:
    """The word that makes the value of `key` a secret; None for keys such as `max_tokens` or `public_key`."""
    words = [word.lower() for word in _WORDS.findall(key)]
    for position in range(len(words) - 1, -1, -1):
        word = _key_word(key, words, position)
        if word is not None:
            after = words[position + 1 :]
            # the id of a secret is half of a login at some services, elsewhere its name, which does not look random
            is_id = word is Word.SECRET and after == [b"id"]
            is_harmless = (not is_id and any(one in _HARMLESS_AFTER for one in after)) or (
                position > 0
                and words[position - 1] in _HARMLESS_BEFORE
                and not (word is Word.PASSWORD and words[position - 1] == b"host")  # Django's of its mail server
            )
            return None if is_harmless else word
    return None


def _key_word(key: bytes, words: list[bytes], position: int) -> Word | None:
    word = words[position]
    if word == b"pass" and position == 0:
        # `--- PASS: test_x` is what test runners print; a field of that name is written small
        return Word.PASSWORD if key.lstrip(b"-") == b"pass" else None
    if word == b"pass" and words[position - 1] == b"to":
        return None  # `fail_to_pass`
    if word in _PASSWORD_WORDS or word.endswith((b"password", b"passwd", b"passphrase")):
        return Word.PASSWORD
    if word.endswith(b"pass") and word[:-4] not in _HARMLESS_PASSES:
        return Word.PASSWORD
    if word in (b"secret", b"clientsecret", b"appsecret") or _is_seed(words, position):
        return Word.SECRET
    if word.endswith(b"token") and word[:-5] not in _HARMLESS_TOKENS:
        return Word.TOKEN
    if word in (b"credential", b"credentials", b"auth") and (position > 0 or key.startswith(b"_")):
        return Word.TOKEN
    if word in _JOINED_KEYS or (word == b"key" and position > 0 and words[position - 1] in _KEY_OWNERS):
        return Word.KEY
    if word == b"key" and position > 0 and position == len(words) - 1 and _is_vendor(words[position - 1]):
        return Word.VENDOR_KEY
    if word == b"creds" or (word == b"pat" and position == len(words) - 1 > 0):
        return Word.TOKEN
    return Word.COOKIE if word == b"cookie" and position == len(words) - 1 else None


def _is_seed(words: list[bytes], position: int) -> bool:
    """Of one-time passwords and wallets; all others make random numbers."""
    return words[position] == b"seed" and position > 0 and words[position - 1] in _SEED_OWNERS


def _is_vendor(owner: bytes) -> bool:
    """Whether a key of `owner` may open something: that of a vendor unknown here, not that of a table or a cache."""
    return len(owner) >= 2 and owner not in HARMLESS_OWNERS and not owner.isdigit()
