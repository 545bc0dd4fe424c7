"""Claude Code on `shop`: sessions that end well, each meeting one or more of the repository's three lessons."""

from tests.recordings.script import (
    Agent,
    Change,
    Create,
    Delegate,
    Ending,
    Look,
    Protocol,
    Report,
    Run,
    Scenario,
    Telemetry,
    Turn,
    session,
)
from tests.recordings.shop_edits import (
    DISCOUNTS,
    JSON_RATES,
    PYTHON_RATES,
    RECEIPT,
    REGISTRY,
    added_country,
    added_discount,
    added_rate,
    offered_discount,
)

_AMOUNT_FIX = Change(RECEIPT, "{cents // 100}.{cents % 100}", "{cents // 100}.{cents % 100:02d}")
_PIECES = '''

def pieces(lines: list[Line]) -> int:
    """The number of pieces in a cart."""
    return sum(line.quantity for line in lines)
'''

SHOP_LESSONS = (
    Scenario(
        agent=Agent.CLAUDE_CODE,
        repository="shop",
        name="receipt-amounts",
        branch="fix/receipt-amounts",
        person="robin",
        description="The usual test command is missing, the repository's own works; one fix; passes and CI agrees.",
        ending=Ending.PASSES,
        report=Report.BY_SESSION,
        visits=(
            session(
                "A test for small amounts on receipts fails. Please fix it.",
                Turn("Let me look.", Run("python -m pytest")),
                Turn("Let me see.", Run("make check")),
                Turn("One moment.", Look(RECEIPT)),
                Turn("Now the change.", _AMOUNT_FIX),
                Turn("Trying again.", Run("make check")),
                Turn("Done. Small amounts have two decimals now."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLAUDE_CODE,
        repository="shop",
        name="bulk-discount",
        branch="SHOP-12-bulk-discount",
        person="ines",
        description="Wrong test command first; the new discount fails until its second file is changed too; passes.",
        ending=Ending.PASSES,
        telemetry=Telemetry(protocol=Protocol.PROTOBUF),
        visits=(
            session(
                "SHOP-12: add the bulk discount, a fifth off from twenty pieces on.",
                Turn("Let me look.", Run("python -m pytest tests/test_bulk.py")),
                Turn("One moment.", Look(DISCOUNTS)),
                Turn(
                    "Now the change.",
                    added_discount(
                        "bulk",
                        "A fifth off from twenty pieces on.",
                        "price_cents * quantity // 5 if quantity >= 20 else 0",
                    ),
                ),
                Turn("Let me see.", Run("make check")),
                Turn("One moment.", Look(REGISTRY)),
                Turn("And here.", offered_discount("bulk")),
                Turn("Trying again.", Run("make check")),
                Turn("Done. The discount is there."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLAUDE_CODE,
        repository="shop",
        name="norway-rate",
        branch="SHOP-21-norway-rate",
        person="sam",
        description="A generated file is edited by hand, the check fails, its source is edited; passes.",
        ending=Ending.PASSES,
        report=Report.BY_SESSION,
        upload_bytes=16384,
        visits=(
            session(
                "SHOP-21: orders from Norway need 25 percent tax.",
                Turn("Let me look.", Run("cat docs/requests/SHOP-21.md && ls src/shop tests")),
                Turn("One moment.", Look(PYTHON_RATES)),
                Turn("Now the change.", added_country("NO", 25)),
                Turn("Let me see.", Run("python -m unittest discover -s tests")),
                Turn("Trying again.", Run("make check")),
                Turn("One moment.", Run("cat tools/build_rates.py")),
                Turn("Let me look.", Look(JSON_RATES)),
                Turn("Now the change.", added_rate("NO", 25)),
                Turn("One moment.", Run("python tools/build_rates.py")),
                Turn("Trying again.", Run("make check")),
                Turn("Done. Norway is taxed with 25 percent."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLAUDE_CODE,
        repository="shop",
        name="loyalty-discount",
        branch="feature/loyalty-discount",
        person="sam",
        description="A new discount fails the check until its second file is changed too; passes; gzip.",
        ending=Ending.PASSES,
        telemetry=Telemetry(protocol=Protocol.PROTOBUF, gzip=True),
        visits=(
            session(
                "Please add the discount for loyal customers that docs/requests describes.",
                Turn("Let me look.", Run("cat docs/requests/loyalty.md")),
                Turn("One moment.", Look(DISCOUNTS)),
                Turn(
                    "Now the change.",
                    added_discount("loyalty", "A twentieth of the line.", "price_cents * quantity // 20"),
                ),
                Turn("Let me see.", Run("make check")),
                Turn("One moment.", Run("grep -rn ten_percent src tests")),
                Turn("Let me look.", Look(REGISTRY)),
                Turn("And here.", offered_discount("loyalty")),
                Turn("Trying again.", Run("make check")),
                Turn("Done. Loyal customers get their discount."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLAUDE_CODE,
        repository="shop",
        name="book-rate",
        branch="feature/book-rate",
        person="ines",
        description="A generated file is edited by hand; generating it loses the edit; no content.",
        ending=Ending.PASSES,
        telemetry=Telemetry(content=False),
        visits=(
            session(
                "German books have a tax of 7 percent. Add that rate as DE_BOOKS.",
                Turn("Let me look.", Look(PYTHON_RATES)),
                Turn(
                    "Now the change.",
                    Change(PYTHON_RATES, '    "DE": 19,\n', '    "DE": 19,\n    "DE_BOOKS": 7,\n'),
                ),
                Turn("Let me see.", Run("make check")),
                Turn("One moment.", Run("python tools/build_rates.py && git diff --stat")),
                Turn("Let me look.", Look(JSON_RATES)),
                Turn("Now the change.", Change(JSON_RATES, '  "DE": 19,\n', '  "DE": 19,\n  "DE_BOOKS": 7,\n')),
                Turn("One moment.", Run("python tools/build_rates.py")),
                Turn("Trying again.", Run("make check")),
                Turn("Done. Books have their rate."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLAUDE_CODE,
        repository="shop",
        name="swiss-rate",
        branch="main",
        person="robin",
        description="On main: a test program that is not installed, then a generated file edited by hand.",
        ending=Ending.PASSES,
        telemetry=Telemetry(protocol=Protocol.PROTOBUF, repository=True),
        visits=(
            session(
                "Customers in Switzerland (CH) pay 8 percent tax, please add them.",
                Turn("Let me look.", Run("pytest -q")),
                Turn("Let me see.", Run("make check")),
                Turn("One moment.", Look(PYTHON_RATES)),
                Turn("Now the change.", Change(PYTHON_RATES, '    "DE": 19,\n', '    "CH": 8,\n    "DE": 19,\n')),
                Turn("Trying again.", Run("make check")),
                Turn("One moment.", Look(JSON_RATES)),
                Turn("Now the change.", Change(JSON_RATES, '  "DE": 19,\n', '  "CH": 8,\n  "DE": 19,\n')),
                Turn("One moment.", Run("python tools/build_rates.py")),
                Turn("Trying again.", Run("make check")),
                Turn("Done. Switzerland is there."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLAUDE_CODE,
        repository="shop",
        name="clearance-resumed",
        branch="feature/clearance",
        person="ines",
        description="Ends with a failing check, is resumed under the same id, changes the second file and passes.",
        ending=Ending.PASSES,
        report=Report.BY_SESSION,
        visits=(
            session(
                "Add the clearance discount: half of the price.",
                Turn("Let me look.", Look(DISCOUNTS)),
                Turn(
                    "Now the change.",
                    added_discount("clearance", "Half of the line.", "price_cents * quantity // 2"),
                ),
                Turn("Let me see.", Run("make check")),
                Turn("The discount is written, one test still fails."),
            ),
            session(
                "Please finish it.",
                Turn("Let me look.", Look(REGISTRY)),
                Turn("And here.", offered_discount("clearance")),
                Turn("Trying again.", Run("make check")),
                Turn("Done."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLAUDE_CODE,
        repository="shop",
        name="cart-pieces-delegated",
        branch="SHOP-30-cart-weight",
        person="sam",
        description="A sub-agent looks around; the wrong test command first, then the repository's own; passes.",
        ending=Ending.PASSES,
        visits=(
            session(
                "SHOP-30: carts should know their number of pieces.",
                Turn(
                    "Let me look.",
                    Delegate(
                        "Find out where carts are defined and list the files.",
                        (
                            Turn("One moment.", Run("grep -rln Line src tests")),
                            Turn("Let me see.", Look("src/shop/cart.py")),
                            Turn("Carts are in src/shop/cart.py."),
                        ),
                    ),
                ),
                Turn("One moment.", Look("src/shop/cart.py")),
                Turn(
                    "Now the change.",
                    Change(
                        "src/shop/cart.py",
                        "    return sum(line.price_cents * line.quantity for line in lines)\n",
                        "    return sum(line.price_cents * line.quantity for line in lines)\n" + _PIECES,
                    ),
                ),
                Turn("Let me see.", Run("python -m pytest -q tests/test_weight.py")),
                Turn("Trying again.", Run("make check")),
                Turn("Done. A cart knows its pieces."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLAUDE_CODE,
        repository="shop",
        name="receipt-header-committed",
        branch="feature/receipt-header",
        person="robin",
        description="The agent commits its change; CI reports on that commit.",
        ending=Ending.PASSES,
        telemetry=Telemetry(repository=True),
        report=Report.BY_COMMIT,
        visits=(
            session(
                "Receipts should start with the name of the shop.",
                Turn("Let me look.", Look(RECEIPT)),
                Turn(
                    "Now the change.",
                    Change(
                        RECEIPT,
                        '"""Receipts as text."""\n',
                        '"""Receipts as text."""\n\n\ndef header(shop: str) -> str:\n'
                        '    """The first line of a receipt."""\n    return f"{shop:^30}"\n',
                    ),
                ),
                Turn(
                    "One moment.",
                    Create(
                        "tests/test_header.py",
                        "import unittest\n\nfrom shop.receipt import header\n\n\n"
                        "class HeaderTest(unittest.TestCase):\n    def test_header_is_centred(self):\n"
                        '        self.assertEqual("Tea and Mugs", header("Tea and Mugs").strip())\n',
                    ),
                ),
                Turn("Let me see.", Run("python -m pytest tests")),
                Turn("Trying again.", Run("make check")),
                Turn("One moment.", Run("git add -A && git commit -q -m 'Start receipts with the name of the shop'")),
                Turn("Done. It is committed."),
            ),
        ),
    ),
)
