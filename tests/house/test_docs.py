"""The documents say what the code says."""

from __future__ import annotations

from pathlib import Path

import click

from matchmaker.cli.main import cli
from matchmaker.domain.demand import NAMES as DEMAND_NAMES
from matchmaker.domain.outcome import NAMES as OUTCOME_NAMES
from matchmaker.settings import Settings
from matchmaker.web.i18n import VOCABULARIES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def _commands(group: click.Group, prefix: str = "") -> list[tuple[str, click.Command]]:
    found = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += _commands(command, f"{prefix}{name} ")
        else:
            found.append((prefix + name, command))
    return found


def test_every_setting_is_documented() -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert f"`MATCHMAKER_{name.upper()}`" in text
        assert field.description
        assert field.description in text


def test_every_command_and_option_is_documented_and_helps() -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    for name, command in _commands(cli):
        assert f"| `{name}" in text
        assert command.help
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert f"`{parameter.opts[-1]}`" in text, (name, parameter.opts)


def test_every_field_of_a_record_is_documented() -> None:
    text = (DOCS / "fields.md").read_text(encoding="utf-8")
    for name in DEMAND_NAMES | OUTCOME_NAMES:
        assert f"`{name}`" in text, name


def test_every_term_stands_in_the_glossary() -> None:
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    for vocabulary in VOCABULARIES.values():
        for term in vocabulary.values():
            assert f"| `{term.code}` | {term.zh} | {term.en} |" in text, term


def test_the_readme_is_short_and_shows_the_platform() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.count("\n") < 120
    assert "make run" in text
    assert "make test" in text
    assert (ROOT / "docs" / "images" / "desk.png").is_file()


def test_every_decision_is_listed() -> None:
    index = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    for path in (DOCS / "decisions").glob("0*.md"):
        assert f"({path.name})" in index


def test_continuous_integration_runs_the_readmes_test_command_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith("#")]
    assert commands == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "make test"]
