"""The import contracts hold, and each of them notices what it forbids."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PLANTED = {
    "layers": ("sidecar/domain/planted.py", "import sidecar.store\n"),
    "members": ("collectors/cline/planted.py", "import collectors.claude_code\n"),
    "readers": ("collectors/outcomes/console/planted.py", "import collectors.outcomes.junit\n"),
    "pure": ("sidecar/rules/planted.py", "import subprocess\n"),
    "sql": ("judges/planted.py", "import sqlalchemy\n"),
    "judges": ("judges/failure/planted.py", "import judges.evidence\n"),
    "vendor": ("sidecar/jobs/planted.py", "import anthropic\n"),
    "engine": ("sidecar/jobs/planted.py", "import dbos\n"),
}


def lint(tree: Path, contract: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    return subprocess.run(
        [*command, "--no-cache", "--contract", contract], cwd=tree, capture_output=True, text=True, check=False
    )


def copied_tree(folder: Path) -> Path:
    for name in ("sidecar", "collectors", "judges"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


@pytest.mark.parametrize("contract", sorted(PLANTED))
def test_contract_notices_a_planted_violation(contract: str, tmp_path: Path) -> None:
    tree = copied_tree(tmp_path)
    file, line = PLANTED[contract]

    before = lint(tree, contract)
    (tree / file).parent.mkdir(exist_ok=True)
    (tree / file).write_text(f'"""Planted."""\n\n{line}')
    after = lint(tree, contract)

    assert before.returncode == 0, before.stdout
    assert after.returncode == 1
    assert "planted" in after.stdout


def test_every_contract_has_a_planted_violation() -> None:
    declared = {
        line.removeprefix("[importlinter:contract:").removesuffix("]")
        for line in (ROOT / ".importlinter").read_text().splitlines()
        if line.startswith("[importlinter:contract:")
    }

    assert declared == set(PLANTED)
