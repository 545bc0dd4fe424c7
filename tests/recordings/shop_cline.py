"""Cline on `shop`: the same three lessons on tasks of their own, and a session that fails."""

from tests.recordings.script import Agent, Change, Ending, Look, Report, Run, Scenario, Turn, session
from tests.recordings.shop_edits import (
    CART,
    DISCOUNTS,
    JSON_RATES,
    PYTHON_RATES,
    RECEIPT,
    REGISTRY,
    added_discount,
    offered_discount,
)

_RECEIPT_HEAD = '"""Receipts as text."""\n'
_PRICED = 'def priced(cents: int) -> str:\n    """An amount with its currency."""\n    return f"EUR {amount(cents)}"\n'
_SUM = "    return sum(line.price_cents * line.quantity for line in lines)\n"

SHOP_CLINE = (
    Scenario(
        agent=Agent.CLINE,
        repository="shop",
        name="currency-sign",
        branch="SHOP-44-currency-sign",
        person="sam",
        description="The usual test command is missing, the repository's own works; passes and CI agrees.",
        ending=Ending.PASSES,
        report=Report.BY_SESSION,
        visits=(
            session(
                "SHOP-44: prices need their currency in front.",
                Turn("Let me look.", Run("python -m pytest")),
                Turn("Let me see.", Run("make check")),
                Turn("One moment.", Look(RECEIPT)),
                Turn("Now the change.", Change(RECEIPT, _RECEIPT_HEAD, f"{_RECEIPT_HEAD}\n\n{_PRICED}")),
                Turn("Trying again.", Run("make check")),
                Turn("Done. Prices have their currency."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLINE,
        repository="shop",
        name="staff-discount",
        branch="feature/staff-discount",
        person="ines",
        description="Wrong test command first; a new discount fails until its second file is changed too; passes.",
        ending=Ending.PASSES,
        visits=(
            session(
                "Staff get a quarter off. Add that discount.",
                Turn("Let me look.", Look(DISCOUNTS)),
                Turn(
                    "Now the change.", added_discount("staff", "A quarter of the line.", "price_cents * quantity // 4")
                ),
                Turn("Let me see.", Run("python -m pytest -q")),
                Turn("Trying again.", Run("make check")),
                Turn("One moment.", Look(REGISTRY)),
                Turn("And here.", offered_discount("staff")),
                Turn("Trying again.", Run("make check")),
                Turn("Done. Staff get their discount."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLINE,
        repository="shop",
        name="denmark-rate",
        branch="SHOP-47-denmark-rate",
        person="robin",
        description="A generated file is edited by hand, the check fails, its source is edited; passes.",
        ending=Ending.PASSES,
        visits=(
            session(
                "SHOP-47: add the tax of Denmark, 25 percent.",
                Turn("Let me look.", Look(PYTHON_RATES)),
                Turn("Now the change.", Change(PYTHON_RATES, '    "FR": 20,\n', '    "DK": 25,\n    "FR": 20,\n')),
                Turn("Let me see.", Run("python -m unittest discover -s tests")),
                Turn("Trying again.", Run("make check")),
                Turn("One moment.", Look(JSON_RATES)),
                Turn("Now the change.", Change(JSON_RATES, '  "FR": 20,\n', '  "DK": 25,\n  "FR": 20,\n')),
                Turn("One moment.", Run("python tools/build_rates.py")),
                Turn("Trying again.", Run("make check")),
                Turn("Done. Denmark is there."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLINE,
        repository="shop",
        name="average-price",
        branch="fix/average-price",
        person="sam",
        description="A fix that forgets the empty cart; the session ends with a failing test and CI agrees.",
        ending=Ending.FAILS,
        report=Report.BY_SESSION,
        visits=(
            session(
                "Carts need an average price per piece. There are tests for it.",
                Turn("Let me look.", Look(CART)),
                Turn(
                    "Now the change.",
                    Change(
                        CART,
                        _SUM,
                        f"{_SUM}\n\ndef average(lines: list[Line]) -> int:\n"
                        '    """The mean price of a piece in cents, rounded down."""\n'
                        "    return total(lines) // sum(line.quantity for line in lines)\n",
                    ),
                ),
                Turn("Let me see.", Run("make check")),
                Turn("The average is there, one test still fails."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLINE,
        repository="shop",
        name="gift-wrap-nothing-ran",
        branch="feature/gift-wrap",
        person="sam",
        description="An edit, then only a test command that cannot run; a task that Claude Code had too.",
        ending=Ending.NOTHING_RAN,
        visits=(
            session(
                "Add gift wrapping for 150 cents a piece.",
                Turn("Let me look.", Look(CART)),
                Turn(
                    "Now the change.",
                    Change(
                        CART,
                        _SUM,
                        f"{_SUM}\n\ndef wrapping(pieces: int) -> int:\n"
                        '    """The cents for wrapping."""\n    return 150 * pieces\n',
                    ),
                ),
                Turn("Let me see.", Run("python -m pytest")),
                Turn("I could not try it here."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLINE,
        repository="shop",
        name="pair-price",
        branch="SHOP-51-pair-price",
        person="robin",
        description="A new discount fails the check until its second file is changed too; passes.",
        ending=Ending.PASSES,
        visits=(
            session(
                "SHOP-51: every second piece costs half.",
                Turn("Let me look.", Look(DISCOUNTS)),
                Turn(
                    "Now the change.",
                    added_discount("pair", "Half for every second.", "price_cents * (quantity // 2) // 2"),
                ),
                Turn("Let me see.", Run("make check")),
                Turn("One moment.", Look(REGISTRY)),
                Turn("And here.", offered_discount("pair")),
                Turn("Trying again.", Run("make check")),
                Turn("Done."),
            ),
        ),
    ),
)
