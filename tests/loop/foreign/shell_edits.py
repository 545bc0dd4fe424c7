"""A repository in which the agent edits by shell: here-documents, `echo >>`, stream editors, `tee`."""

from tests.loop.foreign.acts import Ecosystem, ran, session

_OK = "TAP version 13\nok 1 - codes\nok 2 - names\n1..2\n# tests 2\n# pass 2\n# fail 0\n"
_BAD = (
    "TAP version 13\nok 1 - codes\nnot ok 2 - names\n  ---\n  message: names.txt misses {0}\n  ...\n1..2\n"
    "# tests 2\n# pass 1\n# fail 1\n"
)


def _code(code: str) -> str:
    return f"cat >> src/codes.lua <<'EOF'\ncodes.{code} = true\nEOF"


SHELL_EDITS = Ecosystem(
    name="codes",
    files=("src/codes.lua", "src/names.lua", "run_tests.lua", "README.md"),
    sessions=(
        session(
            "COD-1: the code of Malta.",
            "COD-1-malta",
            ran(_code("malta")),
            ran("lua run_tests.lua", _BAD.format("malta"), code=1),
            ran("echo 'names.malta = \"Malta\"' >> src/names.lua"),
            ran("lua run_tests.lua", _OK),
        ),
        session(
            "COD-2: the code of Cyprus.",
            "COD-2-cyprus",
            ran(f"cd /home/dev/codes && {_code('cyprus')}\nlua run_tests.lua", _BAD.format("cyprus"), code=1),
            ran("printf 'names.cyprus = \"Cyprus\"\\n' | tee -a src/names.lua && lua run_tests.lua", _OK),
        ),
        session(
            "COD-3: a letter.",
            "COD-3-letter",
            ran("sed -i 's/maltha/malta/' src/names.lua"),
            ran("lua run_tests.lua 2>&1 | tee /tmp/out.txt", _OK),
        ),
        session(
            "COD-4: only asked.",
            "COD-4-asked",
            ran("lua run_tests.lua > /tmp/out.txt; cat /tmp/out.txt", _OK),
            label="unknown",
        ),
        session(
            "COD-5: edited after the check.",
            "COD-5-after",
            ran(_code("spain")),
            ran("lua run_tests.lua", _OK),
            ran("cat > README.md <<'EOF'\n# Codes\nEOF"),
            label="unknown",
        ),
    ),
    rules=frozenset({"When you change `src/codes.lua`, change `src/names.lua` with it; the check fails otherwise."}),
)
