"""Claude Code and Cline on `parcel`: the same three kinds of lesson with other commands and another language."""

from tests.recordings.script import (
    Agent,
    Change,
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

CARRIERS = "src/carriers.mjs"
LABELS = "src/labels.mjs"
ZONES = "src/zones.mjs"
TABLE = "zones.csv"
_LAST_CARRIER = "  swiftvan: { perKilogram: 620, heaviest: 31500 },\n"
_LAST_CODE = '  swiftvan: "SV",\n'


def _carrier(name: str, per_kilogram: int, heaviest: int) -> Change:
    line = f"  {name}: {{ perKilogram: {per_kilogram}, heaviest: {heaviest} }},\n"
    return Change(CARRIERS, _LAST_CARRIER, _LAST_CARRIER + line)


def _code(name: str, code: str) -> Change:
    return Change(LABELS, _LAST_CODE, f'{_LAST_CODE}  {name}: "{code}",\n')


def _zone(country: str, zone: str) -> Change:
    return Change(ZONES, '  PT: "far",\n', f'  {country}: "{zone}",\n  PT: "far",\n')


def _row(country: str, zone: str) -> Change:
    return Change(TABLE, "PT,far\n", f"{country},{zone}\nPT,far\n")


_CLAUDE_CODE = (
    Scenario(
        agent=Agent.CLAUDE_CODE,
        repository="parcel",
        name="short-numbers",
        branch="fix/short-numbers",
        person="robin",
        description="The usual test command does not exist, the repository's own works; passes and CI agrees.",
        ending=Ending.PASSES,
        report=Report.BY_SESSION,
        visits=(
            session(
                "Short parcel numbers must be filled up to five digits.",
                Turn("Let me look.", Run("npm test")),
                Turn("Let me see.", Run("node scripts/verify.mjs")),
                Turn("One moment.", Look(LABELS)),
                Turn("Now the change.", Change(LABELS, "-${number}`", '-${String(number).padStart(5, "0")}`')),
                Turn("Trying again.", Run("node scripts/verify.mjs")),
                Turn("Done. Numbers have five digits."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLAUDE_CODE,
        repository="parcel",
        name="hillside-carrier",
        branch="PAR-3-hillside",
        person="ines",
        description="Wrong test command first; a new carrier fails until its second file is changed too; passes.",
        ending=Ending.PASSES,
        telemetry=Telemetry(protocol=Protocol.PROTOBUF, gzip=True),
        visits=(
            session(
                "PAR-3: add Hillside, 390 cents a kilogram, up to 5000 grams.",
                Turn("Let me look.", Look(CARRIERS)),
                Turn("Now the change.", _carrier("hillside", 390, 5000)),
                Turn("Let me see.", Run("npm test")),
                Turn("Trying again.", Run("node scripts/verify.mjs")),
                Turn("One moment.", Look(LABELS)),
                Turn("And here.", _code("hillside", "HS")),
                Turn("Trying again.", Run("node scripts/verify.mjs")),
                Turn("Done. Hillside is there."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLAUDE_CODE,
        repository="parcel",
        name="iceland-zone",
        branch="PAR-7-iceland",
        person="sam",
        description="A generated file is edited by hand, the check fails, its source is edited; passes.",
        ending=Ending.PASSES,
        visits=(
            session(
                "PAR-7: parcels to Iceland belong to the far zone.",
                Turn("Let me look.", Look(ZONES)),
                Turn("Now the change.", _zone("IS", "far")),
                Turn("Let me see.", Run("npm test")),
                Turn("Trying again.", Run("node scripts/verify.mjs")),
                Turn("One moment.", Run("cat scripts/make-zones.mjs")),
                Turn("Let me look.", Look(TABLE)),
                Turn("Now the change.", _row("IS", "far")),
                Turn("One moment.", Run("node scripts/make-zones.mjs")),
                Turn("Trying again.", Run("node scripts/verify.mjs")),
                Turn("Done. Iceland is far."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLAUDE_CODE,
        repository="parcel",
        name="riverline-carrier",
        branch="feature/riverline",
        person="robin",
        description="A new carrier fails the check until its second file is changed too; passes.",
        ending=Ending.PASSES,
        telemetry=Telemetry(content=False, repository=True),
        visits=(
            session(
                "Please add the carrier Riverline as docs/requests says.",
                Turn("Let me look.", Run("cat docs/requests/riverline.md")),
                Turn("One moment.", Look(CARRIERS)),
                Turn("Now the change.", _carrier("riverline", 510, 25000)),
                Turn("Let me see.", Run("node scripts/verify.mjs")),
                Turn("One moment.", Look(LABELS)),
                Turn("And here.", _code("riverline", "RL")),
                Turn("Trying again.", Run("node scripts/verify.mjs")),
                Turn("Done. Riverline is there."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLAUDE_CODE,
        repository="parcel",
        name="austria-zone",
        branch="feature/austria",
        person="ines",
        description="A test command that finds no test, then a generated file edited by hand; passes.",
        ending=Ending.PASSES,
        visits=(
            session(
                "Austria (AT) is in the near zone, please add it.",
                Turn("Let me look.", Run("node --test")),
                Turn("One moment.", Look(ZONES)),
                Turn("Now the change.", Change(ZONES, '  DE: "home",\n', '  AT: "near",\n  DE: "home",\n')),
                Turn("Let me see.", Run("node scripts/verify.mjs")),
                Turn("One moment.", Look(TABLE)),
                Turn("Now the change.", Change(TABLE, "DE,home\n", "AT,near\nDE,home\n")),
                Turn("One moment.", Run("node scripts/make-zones.mjs")),
                Turn("Trying again.", Run("node scripts/verify.mjs")),
                Turn("Done. Austria is near."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLAUDE_CODE,
        repository="parcel",
        name="heavy-parcels",
        branch="fix/heavy-parcels",
        person="sam",
        description="A wrong fix; the session ends with a failing test and CI agrees.",
        ending=Ending.FAILS,
        report=Report.BY_SESSION,
        visits=(
            session(
                "Parcels that are too heavy for a carrier must be refused.",
                Turn("Let me look.", Run("npm test")),
                Turn("Let me see.", Run("node scripts/verify.mjs")),
                Turn("One moment.", Look("src/quote.mjs")),
                Turn(
                    "Now the change.",
                    Change(
                        "src/quote.mjs",
                        "  const kilograms",
                        "  if (grams > carriers[carrier].heaviest) return null;\n  const kilograms",
                    ),
                ),
                Turn("Trying again.", Run("node scripts/verify.mjs")),
                Turn("I have changed the quote, one test still fails."),
            ),
        ),
    ),
)

_CLINE = (
    Scenario(
        agent=Agent.CLINE,
        repository="parcel",
        name="cargobee-carrier",
        branch="PAR-11-cargobee",
        person="sam",
        description="Wrong test command first; a new carrier fails until its second file is changed too; passes.",
        ending=Ending.PASSES,
        report=Report.BY_SESSION,
        visits=(
            session(
                "PAR-11: add Cargobee, 700 cents a kilogram, up to 12000 grams.",
                Turn("Let me look.", Run("npm test")),
                Turn("One moment.", Look(CARRIERS)),
                Turn("Now the change.", _carrier("cargobee", 700, 12000)),
                Turn("Let me see.", Run("node scripts/verify.mjs")),
                Turn("One moment.", Look(LABELS)),
                Turn("And here.", _code("cargobee", "CB")),
                Turn("Trying again.", Run("node scripts/verify.mjs")),
                Turn("Done. Cargobee is there."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLINE,
        repository="parcel",
        name="norway-zone",
        branch="feature/norway",
        person="ines",
        description="A generated file is edited by hand, the check fails, its source is edited; passes.",
        ending=Ending.PASSES,
        visits=(
            session(
                "Parcels to Norway belong to the near zone.",
                Turn("Let me look.", Look(ZONES)),
                Turn("Now the change.", _zone("NO", "near")),
                Turn("Let me see.", Run("npm test")),
                Turn("Trying again.", Run("node scripts/verify.mjs")),
                Turn("One moment.", Look(TABLE)),
                Turn("Now the change.", _row("NO", "near")),
                Turn("One moment.", Run("node scripts/make-zones.mjs")),
                Turn("Trying again.", Run("node scripts/verify.mjs")),
                Turn("Done. Norway is near."),
            ),
        ),
    ),
    Scenario(
        agent=Agent.CLINE,
        repository="parcel",
        name="insurance-nothing-ran",
        branch="feature/insurance",
        person="robin",
        description="An edit, then only a test command that does not exist; given up, so nothing was tested.",
        ending=Ending.NOTHING_RAN,
        visits=(
            session(
                "A parcel can be insured for 199 cents. Add that to the quotes.",
                Turn("Let me look.", Look("src/quote.mjs")),
                Turn(
                    "Now the change.",
                    Change("src/quote.mjs", "const factors", "export const insurance = 199;\n\nconst factors"),
                ),
                Turn("Let me see.", Run("npm test")),
                Turn("I could not try it here."),
            ),
        ),
    ),
)

PARCEL = (*_CLAUDE_CODE, *_CLINE)
