"""The edits that several scenarios on `shop` make."""

from tests.recordings.script import Change

DISCOUNTS = "src/shop/discounts.py"
REGISTRY = "src/shop/registry.py"
PYTHON_RATES = "src/shop/rates.py"
JSON_RATES = "data/rates.json"
RECEIPT = "src/shop/receipt.py"
CART = "src/shop/cart.py"

_LAST_DISCOUNT = '    """A tenth of the line."""\n    return price_cents * quantity // 10\n'
_LAST_OFFER = '    "ten_percent": discounts.ten_percent,\n'


def added_discount(name: str, meaning: str, cents: str) -> Change:
    """A further function at the end of the discounts."""
    function = f'def {name}(price_cents: int, quantity: int) -> int:\n    """{meaning}"""\n    return {cents}\n'
    return Change(DISCOUNTS, _LAST_DISCOUNT, f"{_LAST_DISCOUNT}\n\n{function}")


def offered_discount(name: str) -> Change:
    """A further line in the table of discounts."""
    return Change(REGISTRY, _LAST_OFFER, f'{_LAST_OFFER}    "{name}": discounts.{name},\n')


def added_country(country: str, percent: int) -> Change:
    """A further country before Sweden in the module of rates."""
    return Change(PYTHON_RATES, '    "SE": 25,\n', f'    "{country}": {percent},\n    "SE": 25,\n')


def added_rate(country: str, percent: int) -> Change:
    """A further country before Sweden in the figures of the finance team."""
    return Change(JSON_RATES, '  "SE": 25\n', f'  "{country}": {percent},\n  "SE": 25\n')
