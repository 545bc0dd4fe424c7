"""What settings are made of: strict records, and the kinds of values that several of them hold.

Every number has a most: far above what anybody needs, far below where sums of it stop fitting the store.
"""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

STRICT = ConfigDict(extra="forbid")
"""An unknown key is an error."""


def named(value: object) -> object:
    return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(named)]
"""An array of the file; in the environment, which has none, names with commas between."""


def _no_truth(value: object) -> object:
    # Python counts True as 1
    if isinstance(value, bool):
        raise PydanticCustomError("number", "input should be a number")
    return value


Number = BeforeValidator(_no_truth)
"""In front of every setting that is a number: true and false are none."""
_CENTURY_DAYS = 36_500
CENTURY_S = _CENTURY_DAYS * 24 * 3600
_TEBIBYTE = 2**40

Positive = Annotated[int, Number, Field(ge=1, le=1_000_000)]
Count = Annotated[int, Number, Field(ge=0, le=1_000_000)]
Seconds = Annotated[int, Number, Field(ge=1, le=CENTURY_S)]
Days = Annotated[int, Number, Field(ge=1, le=_CENTURY_DAYS)]
Bytes = Annotated[int, Number, Field(ge=1, le=_TEBIBYTE)]
Usd = Annotated[float, Number, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
"""What may be spent, or what a million tokens cost."""


def is_web_address(text: str) -> bool:
    """Whether it is an address that a request over HTTP can be sent to."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        # brackets that do not close, or a port that is no number
        return False


ADDRESS = "address"
"""Kind of the error about one; it may hold a password, so nobody is shown it."""


def _web_address(text: str) -> str:
    if not is_web_address(text):
        raise PydanticCustomError(ADDRESS, "input should be an address such as https://models.example")
    return text


WebAddress = Annotated[str, AfterValidator(_web_address)]
