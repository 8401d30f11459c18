"""What a build loads ahead: all that its processes will need, by names that are there."""

import importlib.util
import sys
import time

import pytest
from test_imports import KIT, PURE_FILES, imports

from kit import loading

LIBRARIES = ("scipy", "statsmodels", "rjieba")


def test_every_library_that_an_analysis_may_come_to_need_is_named():
    used = {name for path in PURE_FILES for name in imports(path) if name.split(".")[0] in LIBRARIES}
    assert used <= set(loading.analyses())


def test_every_module_of_the_analyses_is_named():
    parts = (p.relative_to(KIT.parent).with_suffix("").parts for p in PURE_FILES)
    assert {".".join(p).removesuffix(".__init__") for p in parts} <= set(loading.analyses())


@pytest.mark.parametrize(
    "name", sorted({*loading.READ, *loading.RUNNER, *loading.KERNEL, *loading.PAGES, *loading.DRAWN})
)
def test_what_is_named_is_there(name):
    module, _, function = name.partition(":")
    assert importlib.util.find_spec(module)
    assert not function or callable(getattr(importlib.import_module(module), function))


def test_modules_are_loaded_while_something_else_is_done(tmp_path, monkeypatch):
    for name in ("first_of_two", "last_of_two"):
        (tmp_path / f"{name}.py").write_text("made = 1", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    loading.ahead(["first_of_two", "no_such_module", "last_of_two"])
    until = time.monotonic() + 20
    while "last_of_two" not in sys.modules:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert sys.modules.pop("first_of_two") and sys.modules.pop("last_of_two")
