"""Secrets known by where they stand in a URL, a header, a command line or a statement."""

import re

_QUOTE = rb"\\{0,15}[\"']"
URL_CREDENTIAL = re.compile(rb"://(?P<user>[^\s/:@\"'\\<>?#]{0,100}):(?P<secret>[^\s/\"'<>\\?#]{1,200})@(?=[\w\[\-.$])")
URL_TOKEN = re.compile(rb"://(?P<secret>[A-Za-z0-9_\-]{20,200})(?::x-oauth-basic)?@(?=[\w\[])")
AUTHORIZATION = re.compile(
    rb"authorization(?:"
    + _QUOTE
    + rb")?\]?[ \t]{0,4}[:=,][ \t]{0,4}(?:"
    + _QUOTE
    + rb")?(?P<scheme>(?:bearer|basic|token|digest|apikey|api-key|negotiate)[ \t]{1,4})?"
    rb"(?P<secret>[A-Za-z0-9._~+/=:\-]{8,4000})",
    re.IGNORECASE,
)
BEARER = re.compile(rb"bearer[ \t]{1,4}(?P<secret>[A-Za-z0-9._~+/=\-]{16,4000})", re.IGNORECASE)
SERVICE_URL = re.compile(
    rb"://(?:hooks\.slack\.com/(?:services|workflows|triggers)/(?P<slack>[A-Za-z0-9/_\-]{20,200})"
    rb"|(?:\w{1,10}\.)?discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/[0-9]{15,22}/(?P<discord>[A-Za-z0-9_\-]{40,100}))"
)
AWS_PAIR = re.compile(
    rb"A[KS]IA[A-Z0-9]{16}(?:[\s,;:|\"']|\\{1,15}[nt\"]){1,12}(?P<secret>[A-Za-z0-9/+=]{40})(?![A-Za-z0-9/+=])"
)
OPTION_VALUE = re.compile(rb" -(?:p|P|a|w)[ \t]{0,4}\\{0,15}[\"']?(?P<secret>[^\s\"'\\\-][^\s\"'\\]{2,200})")
USER_OPTION = re.compile(
    rb"(?: -u|--user|--proxy-user)(?:[ \t]{1,4}|=)?\\{0,15}[\"']?"
    rb"[^\s:\"'\\/]{1,100}:(?P<secret>[^\s\"'\\/][^\s\"'\\]{2,200})"
)
JOINED_COMMANDS = re.compile(rb"\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump|mycli|sshpass|7z|zip)\b")
SPACED_COMMANDS = re.compile(
    rb"\b(?:docker|podman|helm|skopeo|crane|oras) (?:registry )?login\b"
    rb"|\b(?:sshpass|mongo|mongosh|mongodump|mongorestore|az|ldapsearch|twine|redis-cli|sqlcmd|sqlplus|cf|oc)\b"
)
REQUEST_COMMANDS = re.compile(rb"\b(?:curl|wget|http|https|xh|curlie)\b")
LINE_END = re.compile(rb"\n|\\n|[;|&]")
PASSWORD_FILE_LINE = re.compile(rb":5432:[^\s:]{1,64}:[^\s:]{1,64}:(?P<secret>[^\s:\"'\\]{4,200})(?![^\s\"'\\])")
IDENTIFIED_BY = re.compile(
    rb"identified (?:with \w{1,40} )?by[ \t]{1,4}\\{0,15}[\"'](?P<secret>[^\"'\\\n]{4,200})", re.IGNORECASE
)
PIPED_PASSWORD = re.compile(
    rb"(?:echo|printf)(?: -n)?[ \t]{1,4}\\{0,15}[\"']?(?P<secret>[^\s\"'\\|]{6,300})\\{0,15}[\"']?[ \t]{0,4}"
    rb"\|[^|\n]{0,200}--password-stdin"
)
REPLACEMENT = re.compile(rb"\[REDACTED:[a-z-]{1,20}:[0-9a-f]{8}\]")
MAX_COMMAND = 400
"""Bytes looked back from an option to its command."""
