"""playground/COVERAGE.md tells the truth."""

import re
from pathlib import Path

import pytest

from playground.api import METHODS

HERE = Path(__file__).parent
SOURCE = HERE.parent.parent / "playground"
PAPER = (SOURCE / "COVERAGE.md").read_text(encoding="utf-8")
ROWS = {
    cells[0]: cells[1:]
    for line in PAPER.splitlines()
    if len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == 5 and "." in cells[0]
}
CODE = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))


def test_every_method_is_on_paper_and_every_method_on_paper_is_there() -> None:
    assert set(ROWS) == set(METHODS)


@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_row_names_the_arguments_scopes_and_errors_of_the_code(name: str) -> None:
    method = METHODS[name]
    scopes, arguments, errors, _ = ROWS[name]
    assert arguments == ", ".join(a.name + "*" * a.required for a in method.arguments)
    if method.scopes:
        assert scopes == ", ".join(method.scopes)
    for error in re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", errors):
        assert f'"{error}"' in CODE, error


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`(test_\w+)::(test_\w+)`", PAPER))
    assert named
    for module, test in named:
        assert f"def {test}(" in (HERE / f"{module}.py").read_text(encoding="utf-8"), f"{module}::{test}"


def test_every_method_is_proved_by_a_test() -> None:
    assert [name for name, row in ROWS.items() if "::test_" not in row[-1]] == []
