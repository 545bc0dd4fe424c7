"""Secrets known by where they stand in a URL, a header, a command line or a statement."""

import re

_QUOTE = rb"\\{0,15}[\"']"
URL_CREDENTIAL = re.compile(rb"://(?P<user>[^\s/:@\"'\\<>?#]{0,100}):(?P<secret>[^\s/\"'<>\\?#]{1,200})@(?=[\w\[\-.$])")
URL_TOKEN = re.compile(rb"://(?P<secret>[A-Za-z0-9_\-]{20,200})(?::(?:x-oauth-basic|x)?)?@(?=[\w\[])")
AUTHORIZATION = re.compile(
    rb"authorization(?:"
    + _QUOTE
    + rb"[ \t]{0,4},|(?=[ \t]{1,4}\\{0,15}[\"'])|(?:"
    + _QUOTE
    + rb")?\]?[ \t]{0,4}[:=])[ \t]{0,4}(?:"
    + _QUOTE
    + rb")?(?P<scheme>(?:bearer|basic|token|digest|apikey|api-key|negotiate"
    rb"|[a-z][a-z0-9-]{1,20}(?=[ \t]{1,4}[A-Za-z0-9._~+/=:\-]{16}))[ \t]{1,4})?"
    rb"(?P<secret>[A-Za-z0-9._~+/=:\-]{8,4000})",
    re.IGNORECASE,
)
BEARER = re.compile(
    rb"bearer(?:[ \t]|\\{1,31}(?:\n|n)){1,12}(?:\\{0,15}[\"'])?"
    rb"(?P<secret>[A-Za-z0-9._~+/=\-]{16,4000})",
    re.IGNORECASE,
)
SERVICE_URL = re.compile(
    rb"://(?:hooks\.slack\.com/(?:services|workflows|triggers)/(?P<slack>[A-Za-z0-9/_\-]{20,200})"
    rb"|(?:\w{1,10}\.)?discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/[0-9]{15,22}/(?P<discord>[A-Za-z0-9_\-]{40,100})"
    rb"|[\w.\-]{1,80}\.webhook\.office\.com/webhookb2/(?P<teams>[A-Za-z0-9@/_\-]{60,300})"
    rb"|hooks\.zapier\.com/hooks/catch/(?P<zapier>[A-Za-z0-9/]{8,100})"
    rb"|[\w.\-]{1,80}/hooks/(?P<mattermost>[a-z0-9]{26})"
    rb"|[\w.\-]{1,60}\.alchemy(?:api)?\.(?:com|io)/(?:nft/)?v[23]/(?P<alchemy>[\w\-]{20,60})"
    rb"|[\w.\-]{1,60}\.infura\.io/(?:ws/)?v3/(?P<infura>[a-f0-9]{32})"
    rb"|[\w.\-]{1,60}\.quiknode\.pro/(?P<quicknode>[a-f0-9]{32,64})"
    rb"|outlook\.office(?:365)?\.com/webhook/(?P<office>[A-Za-z0-9@/_\-]{60,300})"
    rb"|open\.(?:feishu|larksuite)\.(?:cn|com)/open-apis/bot/v2/hook/(?P<lark>[\w\-]{30,40})"
    rb"|hook\.[a-z]{2}\d\.make\.com/(?P<make>[a-z0-9]{24,40})"
    rb"|hc-ping\.com/(?P<ping>[\w\-]{20,60})"
    rb"|[\w.\-]{1,60}\.tines\.com/webhook/[a-f0-9]{32}/(?P<tines>[a-f0-9]{32})"
    rb"|maker\.ifttt\.com/trigger/[\w\-]{1,80}/(?:json/)?with/key/(?P<ifttt>[\w\-]{16,80}))"
)
AWS_PAIR = re.compile(
    rb"A[KS]IA[A-Z0-9]{16}(?:[\s,;:|\"']|\\{1,15}[nt\"]| secret(?: key)?(?=[ :])){1,12}"
    rb"(?P<secret>[A-Za-z0-9/+=]{40})(?![A-Za-z0-9/+=])"
)
OPTION_VALUE = re.compile(rb" -(?:p|P|a|w)[ \t]{0,4}\\{0,15}[\"']?(?P<secret>[^\s\"'\\\-][^\s\"'\\]{2,200})")
USER_OPTION = re.compile(
    rb"(?: -u|--user|--proxy-user)(?:[ \t]{1,4}|=)?\\{0,15}[\"']?"
    rb"[^\s:\"'\\/]{1,100}:(?P<secret>[^\s\"'\\/][^\s\"'\\]{2,200})"
)
JOINED_COMMANDS = re.compile(rb"\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump|mycli|sshpass|7z|zip)\b")
SPACED_COMMANDS = re.compile(
    rb"\b(?:docker|podman|helm|skopeo|crane|oras) (?:registry )?login\b"
    rb"|\b(?:sshpass|mongo|mongosh|mongodump|mongorestore|cqlsh|az|ldap\w{3,10}|dsconf|twine|redis-cli|sqlcmd"
    rb"|sqlplus|cf|oc)\b"
)
REQUEST_COMMANDS = re.compile(rb"\b(?:curl|wget|http|https|xh|curlie)\b")
LINE_END = re.compile(rb"\n|\\n|[;|&]")
PASSWORD_FILE_LINE = re.compile(rb":5432:[^\s:]{1,64}:[^\s:]{1,64}:(?P<secret>[^\s:\"'\\]{4,200})(?![^\s\"'\\])")
IDENTIFIED_BY = re.compile(
    rb"identified (?:with \w{1,40} )?by[ \t]{1,4}\\{0,15}[\"'](?P<secret>[^\"'\\\n]{4,200})", re.IGNORECASE
)
PIPED_PASSWORD = re.compile(
    rb"(?:echo|printf)(?: -n?e| -n| \\{0,15}[\"']?%s(?:\\{1,15}n)?\\{0,15}[\"']?)?"
    rb"[ \t]{1,4}\\{0,15}[\"']?(?P<secret>[^\s\"'\\|]{6,300})\\{0,15}[\"']?[ \t]{0,4}"
    rb"\|[^|\n]{0,200}(?:--password-stdin|sudo (?:-\w{1,3} ){0,3}-S|su\b|passwd\b|cryptsetup|htpasswd|openssl"
    rb"|gpg|kinit|smbpasswd|--stdin|--with-token|--passphrase-fd|chpasswd)"
)
_WORD = rb"[ \t]{1,4}\\{0,15}[\"']?(?P<secret>[^\s\"'\\\-][^\s\"'\\]{3,200})"
_LINE = rb"[^\n;|&]{0,200}?"
_COOKIE_OPTION = rb"(?:-b|--cookie)[ \t=]{1,4}\\{0,15}[\"']?[\w.\-]{1,60}=(?P<secret>[^\s\"'\\;]{12,2000})"
_TOKEN_AS_USER = rb"(?:-u|--user)[ \t=]{1,4}\\{0,15}[\"']?(?P<secret>[A-Za-z0-9_\-]{20,200}):[xX]?[\s\"'\\]"
COMMANDS: tuple[tuple[bytes, re.Pattern[bytes]], ...] = tuple(
    (anchor, re.compile(re.escape(anchor) + rest))
    for anchor, rest in (
        (b"htpasswd ", rb"(?:-\w{1,8} ){0,4}-\w{0,4}b\w{0,4} [^\s]{1,200} [^\s]{1,100}" + _WORD),
        (b"net use ", _LINE + rb"/user:[^\s]{1,100}" + _WORD),
        (b"lftp ", _LINE + rb"-u[ \t]{0,4}[\"']?[^\s,\"']{1,100},\\{0,15}[\"']?(?P<secret>[^\s\"'\\,]{3,200})"),
        (b"smbclient ", _LINE + rb"-U[ \t]{0,4}\\{0,15}[\"']?[^\s%\"']{1,100}%(?P<secret>[^\s\"'\\]{3,200})"),
        (b"http ", _LINE + rb"-a[ \t]{0,4}\\{0,15}[\"']?[^\s:\"'/]{1,100}:(?P<secret>[^\s\"'\\]{3,200})"),
        (b"xh ", _LINE + rb"-a[ \t]{0,4}\\{0,15}[\"']?[^\s:\"'/]{1,100}:(?P<secret>[^\s\"'\\]{3,200})"),
        (b"enable secret ", rb"(?:[0-9] )?(?P<secret>[^\s\"'\\]{4,200})"),
        (b"snmp-server community ", rb"(?P<secret>[^\s\"'\\]{4,200})"),
        *(
            (name, _LINE + rb"-p" + _WORD)
            for name in (b"unlock-keychain ", b"set-key-partition-list ", b"create-keychain ")
        ),
        (b"rclone obscure ", rb"(?P<secret>[^\s\"'\\]{4,200})"),
        (b"net use ", _LINE + rb"[^\s/]{1,60}" + _WORD + rb"[ \t]{1,4}/user"),
        (b"freerdp ", _LINE + rb" /p:\\{0,15}[\"']?(?P<secret>[^\s\"'\\]{3,200})"),
        (b"curl ", _LINE + _COOKIE_OPTION),
        (b"curl ", _LINE + _TOKEN_AS_USER),
        (b"ssh-keygen ", _LINE + rb"-[PN]" + _WORD),
        (b"http-basic.", rb"[^\s]{1,100} [^\s]{1,100}" + _WORD),
        (b"PASSWORD FOR ", rb"[^\s=]{1,120}[ \t]{0,4}=[ \t]{0,4}\\{0,15}[\"'](?P<secret>[^\s\"'\\]{3,200})"),
        (b"PRAGMA key", rb"[ \t]{0,4}=[ \t]{0,4}\\{0,15}[\"'](?P<secret>[^\s\"'\\]{3,200})"),
        (b"openssl enc ", _LINE + rb"-k" + _WORD),
        (
            b"openssl ",
            _LINE + rb"-(?:(?:K|hmac)[ \t]{1,4}|macopt[ \t]{1,4}(?:hex)?key:)\\{0,15}[\"']?"
            rb"(?P<secret>[0-9A-Fa-f]{16,128})(?![\w])",
        ),
        (b"snmp", rb"\w{3,8} " + _LINE + rb"-[AX]" + _WORD),
        *((name, _LINE + rb"-P" + _WORD) for name in (b"zip ", b"sqlcmd ", b"bcp ", b"ipmitool ")),
        (b"mosquitto_", rb"\w{3,5} " + _LINE + rb"-P" + _WORD),
        (b"secret set ", _LINE + rb"(?:--body|-b)" + _WORD),
        (b"jdbc:oracle:", rb"\w{2,5}:[\w$#]{1,60}/(?P<secret>[^\s@\"'\\/]{3,100})@"),
        (b"sqlplus ", rb"(?:-\w{1,8} ){0,4}[\"']?[\w$#]{1,60}/(?P<secret>[^\s@\"'\\/]{3,100})@"),
        (b"snyk auth ", rb"(?P<secret>[0-9a-f-]{36})"),
        (b"masterauth", rb"[ \t]{1,4}(?P<secret>[^\s\"'\\]{8,200})"),
        (b"AUTH ", rb"(?:[\w.-]{1,40} )?(?P<secret>(?=[A-Za-z]{0,40}[0-9])[A-Za-z0-9+/=_-]{16,200})(?![\w:])"),
        *((name, _LINE + rb"-p" + _WORD) for name in (b"useradd ", b"usermod ", b"smbpasswd ")),
        (b"net user ", rb"[^\s/]{1,60}" + _WORD),
        (b"ConvertTo-SecureString", rb"(?: -String)?" + _WORD),
        (b"wpa_passphrase ", rb"[^\s]{1,60}" + _WORD),
        (b"ldappasswd ", _LINE + rb"-[sa]" + _WORD),
        (b"+login ", rb"[^\s]{1,60}" + _WORD),
        (b" unseal ", rb"(?P<secret>[A-Za-z0-9+/]{30,120}={0,2})"),
        (b"encrypt_string ", _WORD[len(rb"[ \t]{1,4}") :]),
        (
            b"GOOG1E",
            rb"[A-Z0-9]{50,60}(?:[\s,;:|\"']|\\{1,15}[nt\"]"
            rb"| secret(?: key)?(?=[ :])){1,12}(?P<secret>[A-Za-z0-9/+=]{40})",
        ),
    )
)
"""By what each begins with: commands that take a password where no option names it, or by an option that means
something else elsewhere, and the one abbreviation of a token that is a key word too short to look for."""
SENTENCE_ANCHORS = (b"password", b"passphrase", b" key", b"token ", b"secret ")
SENTENCE = re.compile(
    rb"(?:password|passphrase|[ ]key[ ][0-9]{1,2}|[ ]key|token|secret)"
    rb"(?:[ ](?:is|was|has|been|set|to|now|generated|created|changed|reset|for|user"
    rb"|root|admin|[\w.\-]{1,40}@[\w.\-]{1,60})){0,6}"
    rb"(?:[ ]is|:|[ ]to):?[ \t]{1,4}\\{0,15}[\"'`]?(?P<secret>[^\s\"'`\\,;<>(){}\[\]|]{8,200})",
    re.IGNORECASE,
)
SENTENCE_KEY = re.compile(
    rb"(?:api|access|secret|private|unseal|recovery|license|account|signing|encryption|service|admin|root)\Z",
    re.IGNORECASE,
)
DOCKER_AUTH = re.compile(
    rb"auth\\{0,15}\"(?:[ \t\r\n]|\\{1,15}[nrt]){0,20}:(?:[ \t]){0,4}\\{0,15}\"(?P<secret>[A-Za-z0-9+/]{8,800}={0,2})"
)
PUTTY_KEY = re.compile(rb"Private-Lines: [0-9]{1,3}")
REPLACEMENT = re.compile(rb"\[REDACTED:[a-z-]{1,20}:[0-9a-f]{8}\]")
MAX_COMMAND = 400
"""Bytes looked back from an option to its command."""
