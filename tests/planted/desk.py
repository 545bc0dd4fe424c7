"""Another repository with other hidden lessons: a TypeScript front end, explained at length and never twice alike.

Runners say the same line of most failures, lessons share files, one lesson shows itself in several files, and some
explanations imply what they do not suggest.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLesson:
    """One convention of the front end."""

    name: str
    paths: tuple[str, ...]
    """Where sessions break it, one file each."""
    classes: tuple[str, ...]
    """What a model may call it, the likeliest first."""
    wrongs: tuple[str, ...]
    right: str
    symptoms: tuple[str, ...]
    explanations: tuple[str, ...]
    suggestions: tuple[str, ...]
    rule: str
    kind: str = "constraint"
    reworded: str = ""
    """Where the first words may be refused: the same in others."""


_IDENTITY = "AssertionError: expected {} to be {} // Object.is equality"
_DEEP = "AssertionError: expected {} to deeply equal {}"


def _same(*pairs: tuple[str, str]) -> tuple[str, ...]:
    return tuple(_IDENTITY.format(*pair) for pair in pairs)


def _deep(*pairs: tuple[str, str]) -> tuple[str, ...]:
    return tuple(_DEEP.format(*pair) for pair in pairs)


LESSONS = (
    DeskLesson(
        name="reducers",
        paths=("src/state/tickets.ts", "src/state/agents.ts", "src/state/filters.ts"),
        classes=("broken_convention", "wrong_assumption", "faulty_logic"),
        wrongs=(
            "      state.open.push(action.ticket);",
            "      state.byId[action.id] = action.agent;",
            "      state.active.splice(0, 1);",
        ),
        right="      return { ...state, open: [...state.open, action.ticket] };",
        symptoms=_same(("[ 'a', 'b' ]", "[ 'a' ]"), ("{ open: [] }", "{ open: [] }")),
        explanations=(
            "The reducer pushes onto the array it was given, so the old and the new state are the same object and the "
            "selector never notices a change.",
            "The test keeps a reference to the previous state and finds that it was altered. Everything else in this "
            "store hands back a fresh object.",
            "An action modifies what is in the store directly. Memoised selectors compare references, which is why the "
            "list on screen stays stale.",
            "State is updated by side effect here, whereas its neighbours spread the old value into a new one.",
        ),
        suggestions=(
            "Never mutate the existing state in a reducer; the store compares references.",
            "Do not push onto arrays that belong to the store.",
            "Do not modify state objects in place when an action is reduced, since selectors are memoised.",
            "Never alter the previous state from within a reducer.",
            "Do not change what the store holds directly; reducers hand back a copy.",
            "Never write to state inside reducers, because subscribers only see new references.",
        ),
        rule="Do not mutate state in reducers; return new objects.",
    ),
    DeskLesson(
        name="listeners",
        paths=("src/hooks/useSocket.ts", "src/hooks/useHotkey.ts"),
        classes=("incomplete_change", "faulty_logic", "broken_convention"),
        wrongs=(
            '    window.addEventListener("message", onMessage);',
            '    document.addEventListener("keydown", press);',
            '    socket.on("ticket", receive);',
        ),
        right='    return () => window.removeEventListener("message", onMessage);',
        symptoms=_same(("2", "1"), ("3", "1")),
        explanations=(
            "The effect subscribes on every render and nothing ever unsubscribes, so the handler fires twice after a "
            "remount.",
            "After the component is unmounted the callback still runs; the hook has no cleanup.",
            "Listeners pile up because the effect returns nothing. The other hooks all return a function that undoes "
            "what they did.",
            "The message is counted once per mount, since the earlier subscription was left in place.",
        ),
        suggestions=(
            "Never subscribe in an effect without giving back a cleanup function.",
            "Do not leave event listeners attached after a component has unmounted.",
            "Do not register a listener that is not removed again on unmount.",
            "Never let an effect end without undoing its subscription.",
            "Do not forget listeners that an effect added; they must go when the component goes.",
            "Never add window listeners from a hook that returns no cleanup.",
        ),
        rule="Do not leave listeners in effects; return a cleanup function.",
        reworded="Do not return null from effects; return a function.",
    ),
    DeskLesson(
        name="keys",
        paths=("src/components/TicketList.tsx", "src/components/AgentPicker.tsx"),
        classes=("broken_convention", "faulty_logic", "wrong_assumption"),
        wrongs=(
            "      {rows.map((row, index) => <Row key={index} row={row} />)}",
            "      {agents.map((agent, i) => <Option key={i}>{agent.name}</Option>)}",
        ),
        right="      {rows.map((row) => <Row key={row.id} row={row} />)}",
        symptoms=_same(("'draft b'", "'draft a'"), ("'second'", "'first'")),
        explanations=(
            "Once the rows are reordered, each input shows its neighbour's text, for React matched the elements by "
            "position.",
            "The position in the array serves as the key, and deleting the first row hands its state to the next.",
            "Elements are identified by where they stand instead of by what they are. The rest of the components take "
            "the record's id.",
            "The typed draft moves to another line when the list is sorted, which comes from keys that are counters.",
        ),
        suggestions=(
            "Never use the array index as a React key.",
            "Do not key list elements by their position; use the id of the record.",
            "Do not take the map counter for a key when rows can be reordered.",
            "Never identify rendered rows by index.",
            "Do not give elements keys that change when the list is sorted.",
            "Never pass an index where React wants a stable key.",
        ),
        rule="Do not use array indexes as keys; use ids.",
        reworded="Do not use array indexes for list rows; use ids.",
    ),
    DeskLesson(
        name="millis",
        paths=("src/time/clock.ts",),
        classes=("wrong_assumption", "faulty_logic"),
        wrongs=("  return new Date(sentAt * 1000);", "  const seen = new Date(raw.seen * 1000);"),
        right="  return new Date(sentAt);",
        symptoms=_same(("56711", "2026"), ("1771", "1")),
        explanations=(
            "The backend already sends milliseconds, and multiplying by a thousand lands in the far future.",
            "The change treats the epoch value as seconds. What comes from the API counts milliseconds.",
            "The year is off by tens of thousands because the timestamp was scaled although it needs no scaling.",
        ),
        suggestions=(
            "Do not scale timestamps from the API; they are milliseconds already.",
            "Never treat an epoch value as seconds here.",
            "Do not multiply timestamps by a thousand.",
            "Never assume that times from the server count seconds; they count milliseconds.",
            "Do not convert server times to milliseconds a second time.",
        ),
        rule="Timestamps are milliseconds, not seconds.",
        kind="fact",
    ),
    DeskLesson(
        name="months",
        paths=("src/time/calendar.ts", "src/time/ranges.ts"),
        classes=("wrong_assumption", "faulty_logic"),
        wrongs=("  const month = value.getMonth() + 1;", "  return names[date.getMonth() + 1];"),
        right="  const month = value.getMonth();",
        symptoms=_same(("13", "12"), ("2", "1"), ("7", "6")),
        explanations=(
            "The picker counts from zero as Date does, and the added one shifts every month by one.",
            "December becomes a thirteenth month. Months are kept as Date gives them all over this folder.",
            "The helper returns a human month number where its callers index into an array of names.",
        ),
        suggestions=(
            "Do not add one to a month; months start at zero in this code.",
            "Never convert months to the human count, January is zero.",
            "Do not shift the month that Date returns.",
            "Never number months from one inside the calendar code.",
            "Do not pass one-based months to the picker.",
        ),
        rule="Months start at zero.",
        kind="fact",
    ),
    DeskLesson(
        name="absent",
        paths=("src/api/decode.ts", "src/api/lookup.ts"),
        classes=("broken_convention", "wrong_assumption"),
        wrongs=("  return found ?? null;", "  const owner = map.get(key) || null;"),
        right="  return found;",
        symptoms=_same(("null", "undefined")),
        explanations=(
            "A missing entry comes back as null although every caller checks for undefined.",
            "The decoder invents a null for what is not there. Its siblings leave the value undefined.",
            "The test looks up something unknown and wants undefined; the change coalesces it to null.",
        ),
        suggestions=(
            "Do not return null for something that is missing; undefined is what callers check.",
            "Never represent an absent value with null.",
            "Do not turn undefined into null in decoders.",
            "Never hand out null where nothing was found.",
            "Do not coalesce missing values to null.",
        ),
        rule="Do not return null; return undefined.",
        reworded="Do not use null for missing values.",
    ),
    DeskLesson(
        name="ids",
        paths=("src/api/decode.ts", "src/api/requests.ts"),
        classes=("wrong_assumption", "broken_convention"),
        wrongs=("  const id = Number(raw.id);", "  return parseInt(ticketId, 10);"),
        right="  const id = String(raw.id);",
        symptoms=_same(("17", "'17'"), ("NaN", "'tk-4'")),
        explanations=(
            "The identifier is coerced to a number, and lookups by the original text no longer match.",
            "Some ids hold letters. Parsing them as numbers gives NaN, which the map does not know.",
            "Ids travel as text through the whole client, while this code makes a number of them.",
        ),
        suggestions=(
            "Do not coerce identifiers to numbers.",
            "Never parse an id; ids are opaque strings.",
            "Do not treat ids from the backend as numeric.",
            "Never call Number on an identifier.",
            "Do not assume that an id consists of digits.",
        ),
        rule="Identifiers are strings, not numbers.",
        reworded="Do not use numbers as identifiers; use strings.",
    ),
    DeskLesson(
        name="generated",
        paths=("src/api/client.generated.ts",),
        classes=("generated_file", "wrong_place", "broken_convention"),
        wrongs=("  timeoutMs: 9000,", "  retries: 4,"),
        right="  timeoutMs: 3000,",
        symptoms=("Error: client.generated.ts is not what the generator writes",),
        explanations=(
            "The client is produced from the API description, so an edit by hand is overwritten and the check that "
            "compares both fails.",
            "The change was typed into a file that a program writes.",
            "What was edited is output. Its source is the description next to it, which was left as it was.",
        ),
        suggestions=(
            "Never edit the generated client by hand.",
            "Do not change client code that the generator writes.",
            "Do not patch generated files; change the description they come from.",
            "Never type into the API client, it is overwritten by the generator.",
            "Do not make manual changes to generated code.",
        ),
        rule="Do not edit `src/api/client.generated.ts` by hand.",
    ),
    DeskLesson(
        name="translations",
        paths=("src/i18n/en.ts",),
        classes=("incomplete_change", "broken_convention"),
        wrongs=('  snooze: "Snooze",', '  waiting: "Waiting",'),
        right='  snooze: "Snooze", // and in de.ts',
        symptoms=_deep(("[ 'open', 'snooze' ]", "[ 'open' ]"), ("[ 'close', 'wait' ]", "[ 'close' ]")),
        explanations=(
            "A label was added in English and the German table was not touched, so the two have different keys.",
            "The comparison of both languages finds a key on one side only.",
            "Every text exists once per language here. The change brought one of the two.",
        ),
        suggestions=(
            "Never add an English label without its German counterpart.",
            "Do not extend one language table alone.",
            "Do not leave translations behind when a label is introduced.",
            "Never let the language tables differ in their keys.",
            "Do not put a text into English only; German needs the key as well.",
        ),
        rule="When you change `src/i18n/en.ts`, change `src/i18n/de.ts` with it.",
        kind="workflow",
    ),
    DeskLesson(
        name="menus",
        paths=("src/routes/paths.ts",),
        classes=("incomplete_change", "wrong_place"),
        wrongs=('  archive: "/archive",', '  audit: "/audit",'),
        right='  archive: "/archive", // and in menu.ts',
        symptoms=_deep(("[ '/archive', '/inbox' ]", "[ '/inbox' ]"), ("[ '/audit' ]", "[]")),
        explanations=(
            "The page got a path and no entry in the menu, and the test walks through both.",
            "A route was registered that nobody can reach from the navigation.",
            "The list of paths grew by one, the navigation did not.",
        ),
        suggestions=(
            "Never add a route without a menu entry.",
            "Do not register a path that the navigation does not list.",
            "Do not forget the menu when a page gets its path.",
            "Never extend the route table alone, the navigation mirrors it.",
            "Do not introduce pages that have no item in the menu.",
        ),
        rule="When you change `src/routes/paths.ts`, change `src/routes/menu.ts` with it.",
        kind="workflow",
    ),
    DeskLesson(
        name="query",
        paths=("src/routes/query.ts",),
        classes=("wrong_assumption", "faulty_logic"),
        wrongs=("  if (params.archived === true) {", '  return search.get("mine") === true;'),
        right='  if (params.archived === "true") {',
        symptoms=_same(("false", "true"), ("[]", "[ 'x' ]")),
        explanations=(
            "Parameters arrive as text, and comparing one with a boolean is always false.",
            "The flag in the address is the word true, which never equals the boolean.",
            "The condition cannot hold, because nothing parses what stands in the URL.",
        ),
        suggestions=(
            "Do not compare query parameters with booleans; they arrive as strings.",
            "Never expect a parsed value in the query.",
            "Do not treat parameters of the address as anything but text.",
            "Never test a query flag against a boolean.",
            "Do not assume that URL parameters are typed.",
        ),
        rule="Query values are strings.",
        reworded="Do not use booleans for query values; use strings.",
        kind="fact",
    ),
    DeskLesson(
        name="spacing",
        paths=("src/theme/layout.ts", "src/components/Panel.tsx", "src/components/Toolbar.tsx"),
        classes=("broken_convention",),
        wrongs=('  padding: "13px",', "    <div style={{ marginTop: 7 }}>", '  gap: "9px",'),
        right="  padding: space(2),",
        symptoms=_same(("'13px'", "'16px'"), ("'7px'", "'8px'")),
        explanations=(
            "The padding is a literal number of pixels, while the layout is built on steps of the theme.",
            "A hand-picked pixel value slipped in. The test reads the spacing scale.",
            "Distances come from one scale so that dense mode works; this one ignores it.",
        ),
        suggestions=(
            "Never hard-code pixel values for spacing.",
            "Do not write paddings in pixels; take a step of the scale.",
            "Do not bypass the spacing scale of the theme.",
            "Never set a distance as a literal number of pixels.",
            "Do not use margins or paddings that are not on the scale.",
        ),
        rule="Do not use pixel values for spacing; use theme values.",
    ),
    DeskLesson(
        name="exports",
        paths=("src/components/Badge.tsx", "src/components/Avatar.tsx", "src/hooks/useTheme.ts"),
        classes=("broken_convention", "wrong_assumption"),
        wrongs=("export default function Badge", "export default function useTheme", "export default Avatar;"),
        right="export function",
        symptoms=(
            "TypeError: Badge is not a function",
            "TypeError: Avatar is not a function",
            "Error: No export named useTheme",
        ),
        explanations=(
            "The module exports its component as default, and the index file picks it up by name.",
            "Nothing is exported under that name. Other modules of the repository have no default export.",
            "The import by name is undefined because the function is the module's default.",
        ),
        suggestions=(
            "Never use default exports.",
            "Do not export a component as default; the index imports names.",
            "Do not make a module's function its default export.",
            "Never rely on default exports, everything is imported by name.",
            "Do not leave a component without a named export.",
        ),
        rule="Do not use default exports; use named exports.",
    ),
    DeskLesson(
        name="thrown",
        paths=("src/api/requests.ts", "src/api/retry.ts"),
        classes=("broken_convention", "wrong_assumption", "faulty_logic"),
        wrongs=('    throw "request failed";', "    throw `timeout after ${tries}`;"),
        right='    throw new RequestError("request failed");',
        symptoms=_same(("undefined", "503"), ("undefined", "'timeout'")),
        explanations=(
            "A bare string is thrown, and the handler reads the status of an error object.",
            "What is caught has no status, since it is a text and no error.",
            "The retry logic looks at a property of the exception that strings do not have.",
        ),
        suggestions=(
            "Never throw a string; throw an error object.",
            "Do not throw bare text, handlers read the status.",
            "Do not raise anything that is not an error instance.",
            "Never use literals as exceptions.",
            "Do not throw values without a status, such as strings.",
        ),
        rule="Do not throw strings; throw error objects.",
    ),
    DeskLesson(
        name="sorting",
        paths=("src/tables/grid.ts", "src/tables/columns.ts"),
        classes=("broken_convention", "faulty_logic"),
        wrongs=("  rows.sort(byDate);", "  columns.sort((a, b) => a.order - b.order);"),
        right="  const sorted = [...rows].sort(byDate);",
        symptoms=_deep(("[ 1, 2, 3 ]", "[ 3, 1, 2 ]"), ("[ 'a', 'b' ]", "[ 'b', 'a' ]")),
        explanations=(
            "Sorting happens on the caller's own array, whose order the test checks afterwards.",
            "The rows that were passed in come out rearranged. Tables copy before they sort.",
            "The grid reorders its argument, and the second table on the page shows the wrong order.",
        ),
        suggestions=(
            "Never sort the array that a caller passed.",
            "Do not sort rows in place; sort a copy.",
            "Do not rearrange arguments of a table function.",
            "Never reorder an input array.",
            "Do not call sort on rows that belong to somebody else.",
        ),
        rule="Do not sort arrays in place; sort copies.",
        reworded="Do not mutate rows; sort copies.",
    ),
    DeskLesson(
        name="widths",
        paths=("src/tables/grid.ts",),
        classes=("wrong_assumption", "faulty_logic"),
        wrongs=("  const width = 100 * share;", "  return `${column.share * 100}%`;"),
        right="  const width = share;",
        symptoms=_same(("25", "0.25"), ("50", "0.5")),
        explanations=(
            "Column widths are shares between zero and one, and this one was blown up to a percentage.",
            "The layout multiplies again later, so that the column is a hundred times too wide.",
            "A percent value is produced where a fraction is read.",
        ),
        suggestions=(
            "Do not express column widths in percent; they are fractions.",
            "Never multiply a width by a hundred.",
            "Do not scale the share of a column.",
            "Never store widths as percentages.",
            "Do not give the grid a percent value where it reads fractions.",
        ),
        rule="Column widths are fractions.",
        kind="fact",
    ),
    DeskLesson(
        name="search",
        paths=("src/search/match.ts", "src/search/terms.ts"),
        classes=("wrong_assumption", "faulty_logic", "broken_convention"),
        wrongs=("  return title.includes(term);", "  if (subject.indexOf(words[0]) >= 0) {"),
        right="  return title.toLowerCase().includes(term);",
        symptoms=_same(("false", "true")),
        explanations=(
            "Terms are stored in lower case, and the title is compared as it was typed.",
            "A capital letter in the title hides the ticket from the search.",
            "The index folds case and the new comparison does not.",
        ),
        suggestions=(
            "Do not compare titles with search terms before folding their case.",
            "Never match terms against text in mixed case; terms are lower case.",
            "Do not search in a title as it was typed.",
            "Never ignore that search terms are stored in lower case.",
            "Do not make the search depend on capital letters.",
        ),
        rule="Search terms are lower case.",
        reworded="Do not compare titles in upper case; use lower case.",
        kind="fact",
    ),
    DeskLesson(
        name="colors",
        paths=("src/theme/palette.ts",),
        classes=("wrong_assumption", "broken_convention"),
        wrongs=('  danger: "rgb(200, 0, 0)",', '  alarm: "red",'),
        right='  danger: "#c80000",',
        symptoms=_same(("'rgb(200, 0, 0)'", "'#c80000'"), ("'red'", "'#ff0000'")),
        explanations=(
            "The palette is read by a helper that understands hexadecimal notation alone.",
            "A colour was written as rgb, which the contrast check cannot take apart.",
            "All colours of the palette are hex; the new one has another notation.",
        ),
        suggestions=(
            "Never write palette colours in rgb; they are hex.",
            "Do not add colours in another notation than hexadecimal.",
            "Do not use colour names or rgb in the palette.",
            "Never define a colour that is not a hex string.",
            "Do not mix colour notations.",
        ),
        rule="Colors are hex strings.",
        reworded="Colors are hexadecimal strings.",
        kind="fact",
    ),
    DeskLesson(
        name="promises",
        paths=("src/data/loader.ts", "src/data/cache.ts"),
        classes=("broken_convention", "wrong_assumption"),
        wrongs=("  load(id, (ticket) => done(ticket));", "  fetchAgents(function (agents) {"),
        right="  return await load(id);",
        symptoms=(
            "TypeError: Cannot read properties of undefined (reading 'then')",
            "TypeError: Cannot read properties of undefined (reading 'id')",
        ),
        explanations=(
            "The loader takes a callback and returns nothing, and its caller awaits the result.",
            "There is no promise to wait for. Data functions are asynchronous throughout this folder.",
            "The value arrives in a callback after the test has looked at it.",
        ),
        suggestions=(
            "Never pass callbacks to data functions; they return promises.",
            "Do not write loaders in callback style.",
            "Do not deliver loaded data through a callback.",
            "Never return nothing where a promise is awaited.",
            "Do not use callbacks for loading, async functions are expected.",
        ),
        rule="Do not use callbacks; use promises.",
    ),
    DeskLesson(
        name="durations",
        paths=("src/time/timers.ts", "src/data/cache.ts"),
        classes=("wrong_assumption",),
        wrongs=("  const wait = 30_000;", "  lifetime: 5 * 1000,"),
        right="  const wait = 30;",
        symptoms=_same(("30000", "30"), ("5000", "5")),
        explanations=(
            "Waits are configured in seconds, and the timer helper multiplies on its own.",
            "The cache lives a thousand times too long, as its lifetime was given in the wrong unit.",
            "A duration of thirty thousand seconds results, because the helper takes seconds.",
        ),
        suggestions=(
            "Do not give durations in milliseconds; the helper takes seconds.",
            "Never configure a wait in milliseconds.",
            "Do not pass the timer helper anything but seconds.",
            "Never state lifetimes in milliseconds here.",
            "Do not multiply durations, they are seconds.",
        ),
        rule="Durations are seconds, not milliseconds.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskMistake:
    """A cause that is none, as a model names it."""

    explanation: str
    suggestion: str
    rule: str
    failure_class: str
    kind: str = "constraint"


MISTAKES = (
    DeskMistake(
        explanation="The component renders before its context exists, which the provider does not allow.",
        suggestion="Never read context outside a provider.",
        rule="Do not read context outside providers.",
        failure_class="wrong_place",
    ),
    DeskMistake(
        explanation="An arrow function binds the wrong receiver, so that the method sees nothing.",
        suggestion="Do not use arrow functions as methods.",
        rule="Do not use arrow functions as methods; use functions.",
        failure_class="broken_convention",
    ),
    DeskMistake(
        explanation="The type is declared as an interface, and the helper wants an alias.",
        suggestion="Never declare props as an interface.",
        rule="Do not use interfaces for props; use types.",
        failure_class="broken_convention",
    ),
    DeskMistake(
        explanation="A ternary in the markup evaluates both of its sides.",
        suggestion="Do not nest ternaries in markup.",
        rule="Do not nest ternaries.",
        failure_class="faulty_logic",
    ),
    DeskMistake(
        explanation="The enum compiles to an object whose values are numbers.",
        suggestion="Never use enums; unions of literals are expected.",
        rule="Do not use enums; use unions.",
        failure_class="wrong_assumption",
    ),
    DeskMistake(
        explanation="The module imports through a barrel file, which makes a cycle.",
        suggestion="Do not import from barrel files.",
        rule="Do not import from barrel files.",
        failure_class="wrong_place",
    ),
    DeskMistake(
        explanation="The variable is reassigned, and the closure still sees the old value.",
        suggestion="Never reassign a variable that a closure captures.",
        rule="Do not reassign variables in closures.",
        failure_class="faulty_logic",
    ),
)
VACUOUS = (
    (
        "The change does not do what the test demands, as a closer look at the expectations would have shown.",
        "Do not hand in a change that does not meet the expectations.",
    ),
    (
        "The implementation deviates from how similar code in the project behaves.",
        "Never deviate from the existing patterns of the project.",
    ),
    ("The cause is an incorrect implementation.", "Do not implement things incorrectly."),
    ("Requirements were overlooked when the code was written.", "Never overlook requirements."),
)
"""What says nothing, and what is suggested after it."""

FILES = {path: "// code\n" for lesson in LESSONS for path in lesson.paths} | {
    "src/i18n/de.ts": "// code\n",
    "src/routes/menu.ts": "// code\n",
    "CLAUDE.md": "# Desk\n\nRun the checks before you hand in.\n",
}
