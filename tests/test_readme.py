"""What the README says how to do is done here, as it stands there."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SECTION = "### Add an export\n"
TESTS = ("making.py", "test_exports_kuaishou.py", "test_recognise.py")


def steps():
    """The blocks of code of the section, in their order."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").split(SECTION)[1].split("\n### ")[0]
    found, block = [], []
    for line in [*text.splitlines(), "."]:
        if line.startswith("    ") or (block and not line):
            block.append(line)
        elif block:
            found.append("\n".join(block).rstrip() + "\n")
            block = []
    return found


def run(folder, command, *more):
    """The command in the folder, by the Python that runs the tests."""
    name, *rest = command.split()
    assert name in ("python", ".venv/bin/python")
    here = {**os.environ, "KIT_INSIDE": "1", "KIT_ROOT": str(folder), "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, *rest, *more], cwd=folder, env=here, capture_output=True, encoding="utf-8", timeout=300
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """A copy of the project in which the first and the third step are done; the two commands."""
    entry, first, sample, second = steps()
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "kit", folder / "kit")
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "tests").mkdir()
    for name in TESTS:
        shutil.copy(ROOT / "tests" / name, folder / "tests")
    with (folder / "kit" / "exports" / "kuaishou.yml").open("a", encoding="utf-8") as file:
        file.write("\n" + textwrap.indent(textwrap.dedent(entry), "  "))
    with (folder / "tests" / "test_exports_kuaishou.py").open("a", encoding="utf-8") as file:
        file.write("\n\n" + textwrap.dedent(sample))
    return folder, first.strip(), second.strip()


def test_an_export_is_added_as_the_readme_says(followed):
    folder, first, _ = followed
    code, told = run(folder, first, "--locale", "en")
    assert code == 0, told
    assert "快手小店 经营日报 (Kuaishou shop by day)  [kuaishou_shop_days → shop_daily]" in told


@pytest.mark.build
def test_its_sample_and_the_rules_for_every_export_pass(followed):
    folder, _, second = followed
    code, told = run(folder, second, "-k", "kuaishou_shop_days or a_day_of_the_shop", "-p", "no:cacheprovider")
    assert code == 0, told
    assert "test_a_day_of_the_shop_is_a_row" in (folder / "tests" / "test_exports_kuaishou.py").read_text("utf-8")
    assert int(re.findall("([0-9]+) passed", told)[0]) > 3, told


def test_an_entry_that_contradicts_another_is_named_by_the_command(followed, tmp_path):
    folder, first, _ = followed
    shutil.copytree(folder / "kit", tmp_path / "kit")
    path = tmp_path / "kit" / "exports" / "kuaishou.yml"
    text = path.read_text(encoding="utf-8").replace("personal: [店长姓名]", "personal: [店铺访客数]")
    path.write_text(text, encoding="utf-8")
    code, told = run(tmp_path, first)
    assert code == 1, told
    assert "kuaishou_shop_days" in told.splitlines()[-1] and "店铺访客数" in told.splitlines()[-1]
