"""Well-known literals: names a rule may quote, names that are the safe way, and names it may only forbid."""

import re

_SAFE = (
    "== === @cached_property @classmethod @dataclass @override @property @pytest.fixture"
    " @pytest.mark.integration @pytest.mark.parametrize @pytest.mark.slow @staticmethod BigDecimal Callable"
    " Decimal Enum Err FC FIXME False Final Generator Instant IntEnum Integer Iterable Iterator List Literal"
    " LocalDate Map Mapping NamedTuple None Ok Option Optional Optional.empty PascalCase Path Promise"
    " Promise.all Props Protocol React Result SCREAMING_SNAKE_CASE Sequence Set Some StrEnum String TODO True"
    " TypedDict UPPER_CASE UPPER_SNAKE_CASE UTC UUID Union ZoneInfo"
    " ValueError TypeError KeyError IndexError LookupError RuntimeError NotImplementedError % %s %v %w handle has use I"
    " __all__ __init__ __repr__ __str__ abc"
    " afterEach async await beforeEach bool boolean bytes camelCase caplog capsys catch chore: class cls"
    " collections collections.abc console.error console.log const context.Context contextlib dataclass"
    " dataclasses dataclasses.dataclass date datetime datetime.UTC datetime.now(UTC) datetime.timezone.utc"
    " decimal.Decimal def default defer describe dict docs: else enum equals errors.As errors.Is expect"
    " expect() export f-string f-strings false feat: final finally fix: float fmt.Errorf fmt.Println fn for"
    " from func functools.cache functools.partial goroutine hashCode if impl import int interface is it"
    " itertools json json.dumps json.loads kebab-case lambda let list logger logger.exception logger.info"
    " logger.warning logging logging.getLogger match monkeypatch never nil not null number object os.path"
    " panic! pathlib pathlib.Path print print() println! pytest.approx pytest.raises raise re readonly return"
    " self set snake_case static str string struct subTest switch throw timedelta timezone.utc tmp_path"
    " toString trait true try tuple type typing undefined unknown unwrap() useCallback useEffect useMemo"
    " useState uuid var void while yield zoneinfo"
)
_SAFE_CALLS = (
    "DOMPurify.sanitize bleach.clean crypto.randomBytes crypto.randomUUID() crypto.timingSafeEqual"
    " cursor.execute(sql,params) defusedxml defusedxml.ElementTree hmac.compare_digest html.escape json.loads"
    " pydantic secrets.compare_digest secrets.token_bytes secrets.token_hex secrets.token_hex(16)"
    " secrets.token_urlsafe secrets.token_urlsafe(32) shlex.quote subprocess.run(args) textContent"
    " yaml.safe_load zod"
)
_OF_TESTS = (
    "@pytest.fixture @pytest.mark.integration @pytest.mark.parametrize @pytest.mark.slow afterEach beforeEach caplog"
    " capsys describe expect expect() it monkeypatch pytest.approx pytest.raises pytest.mark.parametrize subTest"
    " tmp_path"
)
_SPACED_SAFE_CALLS = ("cursor.execute(sql, params)", "cursor.execute(query, params)", "db.execute(sql, params)")
_STRICT_SHELL = ("set -e", "set -eu", "set -euo pipefail", "set -o pipefail", "set -u")
"""What makes a shell script stop at its first failure."""
_TEST_FILE_NAME = re.compile(
    r"\*?[._-](?:test|spec)s?\.(?:[jt]sx?|mjs|py|go|rb|rs|php|exs?|java|kt|dart)|test_\*?\.(?:py|rb)"
)
_FEW_RERUNS = re.compile(r"@pytest\.mark\.flaky\(reruns=[123]\)")

_UNSAFE = re.compile(
    r"eval(?:\(\))?|exec(?:\(\))?|pickle(?:\.\w+)?|except:|except Exception: pass|from \w+ import \*"
    r"|import \*|SELECT \*"
    r"|\w*\(?shell=True\)?|assert True|time\.sleep(?:\(\))?|sleep(?:\(\))?|any|as any|!important|goto|global|with"
    r"|datetime\.utcnow(?:\(\))?|datetime\.now\(\)|var|unwrap(?:\(\))?|panic!?|System\.out\.println|innerHTML"
    r"|document\.write"
)


def is_safe_literal(text: str) -> bool:
    """Whether `text` is a well-known name that does nothing by itself."""
    return text in _SAFE.split() or text in _STRICT_SHELL


def is_test_literal(text: str) -> bool:
    """Whether `text` is a well-known name that leaves the test around it as strong."""
    return text in _OF_TESTS.split() or any(name.fullmatch(text) for name in (_FEW_RERUNS, _TEST_FILE_NAME))


def is_safe_call(text: str) -> bool:
    """Whether `text` is a well-known name that is the safe way of doing something."""
    return text in _SAFE_CALLS.split() or text in _SPACED_SAFE_CALLS


def is_unsafe_literal(text: str) -> bool:
    """Whether `text` is a well-known name that a rule may only forbid."""
    return not is_safe_literal(text) and _UNSAFE.fullmatch(text) is not None
