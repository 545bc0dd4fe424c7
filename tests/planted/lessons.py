"""The hidden lessons: what a project's people know and have not written, as failures show it and as models word it.

Several lessons share a folder, a runner's line or a class of failure, so that none of these alone tells them apart.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedLesson:
    """One convention of the repository."""

    name: str
    path: str
    failure_class: str
    convention: str
    wrong: str
    """A line that breaks it."""
    right: str
    """The line that keeps it."""
    symptoms: tuple[str, ...]
    """What the runner says, differing from session to session as real values do."""
    suggestions: tuple[str, ...]
    """What explanations suggest: one meaning in different words."""
    rule: str
    kind: str = "constraint"

    @property
    def paths(self) -> tuple[str, ...]:
        """Where it is broken."""
        return (self.path,)

    @property
    def wrongs(self) -> tuple[str, ...]:
        """Lines that break it."""
        return (self.wrong,)


LESSONS = (
    PlantedLesson(
        name="cents",
        path="src/billing/money.py",
        failure_class="broken_convention",
        convention="amounts as integer cents",
        wrong="    amount = float(price) * 1.0",
        right="    amount = round(price.cents)",
        symptoms=("assert 12.5 == 1250", "assert 0.99 == 99", "assert 7.0 == 700"),
        suggestions=(
            "Do not keep an amount as a float.",
            "Never store amounts of money in floating point.",
            "Do not use floats for amounts; they are integer cents.",
            "Never compute an amount as a floating point number.",
            "Do not represent money amounts with float.",
        ),
        rule="Do not keep amounts as floats; use integer cents.",
    ),
    PlantedLesson(
        name="rounding",
        path="src/billing/tax.py",
        failure_class="broken_convention",
        convention="tax is rounded once",
        wrong="        tax += round(line.net * rate)",
        right="        tax += line.net * rate",
        symptoms=("assert 1901 == 1900", "assert 45 == 44", "assert 310 == 312"),
        suggestions=(
            "Do not round inside a loop over lines.",
            "Never round each line before the sum; round once.",
            "Do not round the tax of each line in the loop.",
            "Never call round in loops; round the total once.",
            "Do not round line by line; round at the end.",
        ),
        rule="Do not round inside loops; round once at the end.",
    ),
    PlantedLesson(
        name="naive",
        path="src/billing/periods.py",
        failure_class="wrong_assumption",
        convention="datetimes carry a zone",
        wrong="    now = datetime.now()",
        right="    now = datetime.now(UTC)",
        symptoms=("TypeError: can't compare offset-naive and offset-aware datetimes",),
        suggestions=(
            "Do not use naive datetimes.",
            "Never create a datetime without UTC.",
            "Do not compare naive datetimes with aware ones.",
            "Never build naive datetimes here; they are in UTC.",
            "Do not call now for a datetime without a zone.",
        ),
        rule="Do not use naive datetimes; use UTC datetimes.",
    ),
    PlantedLesson(
        name="enums",
        path="src/orders/states.py",
        failure_class="wrong_assumption",
        convention="states compare by value",
        wrong="    return state.name == stored",
        right="    return state.value == stored",
        symptoms=("AssertionError: assert 'PAID' == 'paid'", "AssertionError: assert 'OPEN' == 'open'"),
        suggestions=(
            "Do not compare an enum by its name.",
            "Never use enum names in comparisons; the values are stored.",
            "Do not compare the names of enums.",
            "Never match an enum state by name; use its value.",
            "Do not rely on enum names where values are stored.",
        ),
        rule="Do not compare enums by their names; compare their values.",
    ),
    PlantedLesson(
        name="records",
        path="src/orders/lines.py",
        failure_class="broken_convention",
        convention="records are dataclasses",
        wrong="    return (sku, quantity, price)",
        right="    return Line(sku=sku, quantity=quantity, price=price)",
        symptoms=(
            "AttributeError: 'tuple' object has no attribute 'price'",
            "AttributeError: 'tuple' object has no attribute 'sku'",
        ),
        suggestions=(
            "Do not use a tuple as a record.",
            "Never return plain tuples for records; they are dataclasses.",
            "Do not build records as tuples.",
            "Never model an order line record as a tuple.",
            "Do not pass tuples where a record dataclass is wanted.",
        ),
        rule="Do not use tuples for records; use dataclasses.",
    ),
    PlantedLesson(
        name="carriers",
        path="src/shipping/carriers.py",
        failure_class="incomplete_change",
        convention="carriers stand in the registry",
        wrong='CARRIERS.append("dhl")',
        right='CARRIERS.append("dhl")  # and the registry',
        symptoms=("KeyError: 'dhl'", "KeyError: 'gls'", "KeyError: 'ups'"),
        suggestions=(
            "Do not add a carrier without its entry in the registry.",
            "Never change the carriers without the registry.",
            "Do not extend the carrier list alone; the registry must name the carrier too.",
            "Never add carriers without registry entries.",
            "Do not leave the registry behind when a carrier is added.",
        ),
        rule="When you change `src/shipping/carriers.py`, change `src/shipping/registry.py` with it.",
        kind="workflow",
    ),
    PlantedLesson(
        name="weights",
        path="src/shipping/parcels.py",
        failure_class="broken_convention",
        convention="quantities are integers",
        wrong="    quantity = weight / box",
        right="    quantity = weight // box",
        symptoms=("assert 2.0 is 2", "assert 4.0 is 4"),
        suggestions=(
            "Do not make a quantity a float.",
            "Never divide quantities into floats; they are integers.",
            "Do not return quantities as floats.",
            "Never let a quantity become a float by division.",
            "Do not keep quantities other than as integers.",
        ),
        rule="Quantities are integers, not floats.",
        kind="fact",
    ),
    PlantedLesson(
        name="errors",
        path="src/imports/reader.py",
        failure_class="broken_convention",
        convention="errors are caught by kind",
        wrong="    except Exception:",
        right="    except ParseError:",
        symptoms=("Failed: DID NOT RAISE <class 'ValueError'>", "Failed: DID NOT RAISE <class 'KeyError'>"),
        suggestions=(
            "Do not catch broad exceptions.",
            "Never catch every exception; catch the specific error.",
            "Do not swallow errors by a broad except.",
            "Never use a broad except around the parser; catch specific exceptions.",
            "Do not catch exceptions that are not specific.",
        ),
        rule="Do not catch broad exceptions; catch specific errors.",
    ),
    PlantedLesson(
        name="keywords",
        path="src/reports/ranges.py",
        failure_class="wrong_assumption",
        convention="dates are keyword arguments",
        wrong="    rows = between(start, end)",
        right="    rows = between(first=start, last=end)",
        symptoms=("TypeError: between() takes 1 positional argument but 3 were given",),
        suggestions=(
            "Do not pass dates as positional arguments.",
            "Never use positional arguments for dates; they are keyword arguments.",
            "Do not call between with positional dates.",
            "Never give date arguments by position.",
            "Do not pass a date without its keyword.",
        ),
        rule="Do not use positional arguments for dates; use keyword arguments.",
    ),
    PlantedLesson(
        name="percent",
        path="src/reports/shares.py",
        failure_class="wrong_assumption",
        convention="percentages are fractions",
        wrong="    return 100 * part / whole",
        right="    return part / whole",
        symptoms=("assert 25.0 == 0.25", "assert 50.0 == 0.5"),
        suggestions=(
            "Do not give a percentage as a number up to a hundred; it is a fraction.",
            "Never multiply percentages by a hundred; they are fractions.",
            "Do not return percentages other than as fractions.",
            "Never scale a percentage; a fraction is kept.",
            "Do not turn fractions into percentages of a hundred.",
        ),
        rule="Percentages are fractions.",
        kind="fact",
    ),
    PlantedLesson(
        name="pages",
        path="src/search/pages.py",
        failure_class="wrong_assumption",
        convention="pages start at zero",
        wrong="    page = 1",
        right="    page = 0",
        symptoms=("assert 1 == 0", "assert 11 == 10"),
        suggestions=(
            "Do not start page numbers at one.",
            "Never count pages from one; page numbers start at zero.",
            "Do not number the first page one.",
            "Never let page numbers begin at one.",
            "Do not assume that the first page is number one; pages start at zero.",
        ),
        rule="Page numbers start at zero.",
        kind="fact",
    ),
    PlantedLesson(
        name="generators",
        path="src/search/results.py",
        failure_class="broken_convention",
        convention="results are lists",
        wrong="    yield from matches",
        right="    return list(matches)",
        symptoms=(
            "TypeError: object of type 'generator' has no len()",
            "TypeError: 'generator' object is not subscriptable",
        ),
        suggestions=(
            "Do not return a generator from a search.",
            "Never yield results; they are lists.",
            "Do not return generators where lists are wanted.",
            "Never hand out a generator; return a list.",
            "Do not return results as generators.",
        ),
        rule="Do not return generators; return lists.",
    ),
    PlantedLesson(
        name="dates",
        path="src/api/encoding.py",
        failure_class="wrong_assumption",
        convention="dates are ISO strings",
        wrong='    return day.strftime("%d/%m/%Y")',
        right="    return day.isoformat()",
        symptoms=(
            "AssertionError: assert '03/11/2026' == '2026-11-03'",
            "AssertionError: assert '24/12/2026' == '2026-12-24'",
        ),
        suggestions=(
            "Do not encode a date other than as an ISO string.",
            "Never write dates day first; they are ISO strings.",
            "Do not render dates in a local order; ISO strings are read.",
            "Never format a date by hand; dates are ISO.",
            "Do not send dates that are no ISO strings.",
        ),
        rule="Dates are ISO strings.",
        kind="fact",
    ),
    PlantedLesson(
        name="identifiers",
        path="src/api/identifiers.py",
        failure_class="wrong_assumption",
        convention="identifiers are strings",
        wrong="    identifier = int(raw)",
        right="    identifier = str(raw)",
        symptoms=("AssertionError: assert 7 == '7'", "AssertionError: assert 42 == '42'"),
        suggestions=(
            "Do not turn an identifier into an integer.",
            "Never parse identifiers as integers; they are strings.",
            "Do not compare identifiers as numbers; they are strings.",
            "Never cast an identifier to int.",
            "Do not keep integer identifiers.",
        ),
        rule="Identifiers are strings, not integers.",
    ),
    PlantedLesson(
        name="schema",
        path="src/api/schema.py",
        failure_class="generated_file",
        convention="the schema is generated",
        wrong='    "version": 3,',
        right='    "version": 2,',
        symptoms=("Failed: schema.py differs from what the build writes",),
        suggestions=(
            "Do not edit the generated schema by hand.",
            "Never change the schema file itself; it is generated.",
            "Do not write into the schema module; the build writes it.",
            "Never edit a generated schema.",
            "Do not touch the schema by hand.",
        ),
        rule="Do not edit `src/api/schema.py` by hand.",
    ),
    PlantedLesson(
        name="paths",
        path="src/files/storage.py",
        failure_class="broken_convention",
        convention="paths are path objects",
        wrong='    target = root + "/" + name',
        right="    target = root / name",
        symptoms=(
            "AttributeError: 'str' object has no attribute 'exists'",
            "AttributeError: 'str' object has no attribute 'parent'",
        ),
        suggestions=(
            "Do not concatenate paths.",
            "Never build a path by joining strings; use the path type.",
            "Do not concatenate strings into a path.",
            "Never pass a path as a string here; paths have a type.",
            "Do not join paths with a slash.",
        ),
        rule="Do not concatenate paths; use the path type.",
    ),
    PlantedLesson(
        name="texts",
        path="src/mail/templates.py",
        failure_class="incomplete_change",
        convention="templates have a text",
        wrong='TEMPLATES["welcome"] = html',
        right='TEMPLATES["welcome"] = html  # and its text',
        symptoms=("KeyError: 'welcome'", "KeyError: 'reminder'", "KeyError: 'receipt'"),
        suggestions=(
            "Do not add a mail template without its plain text.",
            "Never change the templates without the texts.",
            "Do not add templates that have no entry in the texts.",
            "Never leave the texts behind when a template is added.",
            "Do not extend the templates alone; each template has a text.",
        ),
        rule="When you change `src/mail/templates.py`, change `src/mail/texts.py` with it.",
        kind="workflow",
    ),
    PlantedLesson(
        name="countries",
        path="src/customers/addresses.py",
        failure_class="wrong_assumption",
        convention="country codes are upper case",
        wrong="    country = code.lower()",
        right="    country = code.upper()",
        symptoms=("AssertionError: assert 'de' == 'DE'", "AssertionError: assert 'fr' == 'FR'"),
        suggestions=(
            "Do not write country codes in lower case.",
            "Never lower a country code; it is upper case.",
            "Do not store a country code other than in upper case.",
            "Never keep lower case country codes.",
            "Do not change the case of country codes.",
        ),
        rule="Country codes are upper case.",
        kind="fact",
    ),
    PlantedLesson(
        name="inputs",
        path="src/customers/merging.py",
        failure_class="broken_convention",
        convention="inputs are not changed",
        wrong="    customers.sort()",
        right="    customers = sorted(customers)",
        symptoms=("assert [1, 2, 3] == [3, 1, 2]", "assert [4, 5] == [5, 4]"),
        suggestions=(
            "Do not mutate a list that was passed in.",
            "Never sort an input list in place; it is not yours to change.",
            "Do not change input lists.",
            "Never mutate the input lists of a merge.",
            "Do not modify a list argument; return new lists.",
        ),
        rule="Do not mutate input lists; return new lists.",
    ),
    PlantedLesson(
        name="durations",
        path="src/jobs/timing.py",
        failure_class="wrong_assumption",
        convention="durations are seconds",
        wrong="    timeout = 30_000",
        right="    timeout = 30",
        symptoms=("assert 30000 == 30", "assert 5000 == 5"),
        suggestions=(
            "Do not give a duration in milliseconds.",
            "Never write durations in milliseconds; they are seconds.",
            "Do not count durations in milliseconds.",
            "Never treat a duration as milliseconds.",
            "Do not pass milliseconds where a duration in seconds is read.",
        ),
        rule="Durations are seconds, not milliseconds.",
    ),
)

FILES = {lesson.path: "# code\n" for lesson in LESSONS} | {
    "src/shipping/registry.py": "# code\n",
    "src/mail/texts.py": "# code\n",
    "CLAUDE.md": "# Shop\n\nRun the checks before you hand in.\n",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongCause:
    """What a mistaken explanation names instead."""

    suggestion: str
    rule: str
    failure_class: str
    kind: str = "constraint"


WRONG_CAUSES = (
    WrongCause(
        suggestion="Never use plural column names.",
        rule="Column names are singular.",
        failure_class="broken_convention",
        kind="fact",
    ),
    WrongCause(
        suggestion="Do not use nested functions.",
        rule="Do not use nested functions; use methods.",
        failure_class="broken_convention",
    ),
    WrongCause(
        suggestion="Do not import from private modules.",
        rule="Do not import from private modules.",
        failure_class="wrong_place",
    ),
    WrongCause(
        suggestion="Never use relative imports.",
        rule="Do not use relative imports; use absolute imports.",
        failure_class="wrong_place",
    ),
    WrongCause(
        suggestion="Do not use string keys where an enum exists.",
        rule="Do not use string keys; use enums.",
        failure_class="wrong_assumption",
    ),
    WrongCause(
        suggestion="Do not keep defaults as class attributes.",
        rule="Do not use class attributes for defaults; use instance fields.",
        failure_class="faulty_logic",
    ),
    WrongCause(
        suggestion="Never return null for an empty result.",
        rule="Empty results are lists, never null.",
        failure_class="faulty_logic",
    ),
    WrongCause(
        suggestion="Do not raise a plain value error.",
        rule="Do not raise ValueError; raise domain errors.",
        failure_class="misread_task",
    ),
)
VAGUE = (
    "Do not ignore how the rest of the module does it.",
    "Never hand in a change that was not compared with its neighbours.",
    "Do not guess what the caller wants.",
)
"""Suggestions that say nothing."""
