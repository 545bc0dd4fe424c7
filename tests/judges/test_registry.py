"""The table of judges."""

import subprocess
import sys

import pytest

from judges.registry import JUDGES, judge
from sidecar.errors import NotFoundError
from sidecar.llm import Model


@pytest.mark.parametrize("name", sorted(JUDGES))
async def test_a_judge_carries_the_name_it_is_registered_under(name: str, model: Model) -> None:
    assert judge(name, model).name == name


def test_an_unknown_judge_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NotFoundError, match="no judge 'oracle'; there are: evidence, failure"):
        judge("oracle")


def test_importing_the_table_imports_no_judge() -> None:
    program = (
        "import sys, judges.registry; "
        "sys.exit(any(name.startswith(('judges.evidence', 'judges.failure', 'sidecar.llm')) for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
