"""What Windows does otherwise, held anywhere: paths, names, encodings, files that somebody has open, no forks."""

import ast
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from making import client, ids, reading, zipped

from kit import brand, committing, project, replacing
from kit.client import Client
from kit.deliver import share
from kit.errors import KitError
from kit.exports import folder as folders
from kit.exports.reader import read
from kit.text import Words

ROOT = Path(__file__).parents[1]
KIT = sorted((ROOT / "kit").rglob("*.py"))
DAYS = "统计日期,访客数,支付买家数,支付金额\n2024-11-01,9,3,30\n"
FACTS = {"report": "market", "client": "acme"}


# ---- paths -----------------------------------------------------------------------------------------------------


def test_a_path_that_is_too_long_is_told_with_its_length_and_what_to_do(tmp_path, monkeypatch):
    name = f"exports/{'很长的名字' * 10}.csv"
    made = client(tmp_path, {name: DAYS})
    n = len(str(tmp_path / name))
    monkeypatch.setattr(project, "LONGEST_PATH", n - 1)
    monkeypatch.setattr(Path, "is_file", lambda path: len(str(path)) < n and os.path.isfile(path))
    (fault,) = folders.sources(made)[1]
    assert (fault.id, fault.args["code"], fault.args["n"]) == ("e.open", "long", n)
    assert f"有{n}个字符，超过Windows允许的{n - 1}个" in Words("zh").problem(fault)


def test_a_folder_that_cannot_be_written_for_the_length_of_a_path_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(project, "LONGEST_PATH", 20)

    def refused(*_):
        raise FileNotFoundError(2, "no such file", str(tmp_path / "market.zh.pdf"))

    monkeypatch.setattr(committing, "commit", refused)
    with pytest.raises(KitError, match=r"e\.output\.long"):
        committing.put(tmp_path, {}, FACTS, ("zh",))


@pytest.mark.parametrize("written", ["exports\\tmall\\a.csv", "exports/tmall/a.csv"])
def test_a_file_is_named_with_either_slash_in_client_toml(tmp_path, written):
    text = "日期,访客数,支付金额\n2024-11-01,9,30\n"
    stated = {"files": {written: {"table": "shop_daily"}}, "exports": {"prefer": [written]}}
    made = reading(tmp_path, {"exports/tmall/a.csv": text}, **stated)
    assert (ids(made), len(made.tables["shop_daily"])) == ([], 1)


def test_and_in_mapping_yml(tmp_path):
    entry = "- file: 'exports\\tmall\\日报*.csv'\n  table: shop_daily\n  columns: {天: date, 流量: visitors, 卖了: pay_amount}\n"
    made = reading(tmp_path, {"mapping.yml": entry, "exports/tmall/日报1.csv": "天,流量,卖了\n2024-11-01,9,30\n"})
    assert (ids(made), made.tables["shop_daily"]["visitors"].tolist()) == ([], [9])


def test_and_in_the_brand_file(tmp_path):
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "logo.svg").write_text(picture, encoding="utf-8")
    (tmp_path / "_brand.yml").write_text("logo: 'images\\logo.svg'\n", encoding="utf-8")
    assert brand.load(tmp_path).logo == picture.encode()


# ---- names -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["CON.csv", "nul", "导出/AUX.csv", "a.csv.", "a.csv ", "导出 /a.csv", "b\\a.csv", "a" * 200 + "/" + "b" * 200],
)
def test_a_name_that_windows_cannot_have_is_read_inside_an_archive(tmp_path, name):
    made = reading(tmp_path, {"exports/a.zip": zipped({name: DAYS.encode()})})
    assert (ids(made), len(made.tables["shop_daily"])) == ([], 1)


def test_names_that_differ_by_case_alone_are_two_files_of_an_archive(tmp_path):
    other = DAYS.replace("11-01", "11-02")
    made = reading(tmp_path, {"exports/a.zip": zipped({"a.csv": DAYS.encode(), "A.csv": other.encode()})})
    assert [line["file"] for line in made.ledger] == ["exports/a.zip/A.csv", "exports/a.zip/a.csv"]
    assert len(made.tables["shop_daily"]) == 2


def test_what_excel_leaves_beside_an_open_file_is_not_read(tmp_path):
    made = reading(tmp_path, {"exports/a.csv": DAYS, "exports/~$a.csv": "\x05Wang", "~$inputs.xlsx": "\x05Wang"})
    assert (ids(made), [line["ignored"] for line in made.ledger]) == ([], [None, "system_file"])


@pytest.mark.parametrize(("same", "told"), [(True, []), (False, ["e.beside"])])
def test_inputs_by_another_case_are_the_inputs_where_the_system_knows_no_difference(tmp_path, same, told):
    made = client(tmp_path, {"exports/a.csv": DAYS, "events.csv": "事件,开始,结束\n"})
    if same:  # one file under two names is what such a system shows to whoever asks for either
        (tmp_path / "Events.csv").hardlink_to(tmp_path / "events.csv")
    else:
        (tmp_path / "Events.csv").write_text("事件,开始,结束\n", encoding="utf-8")
    assert [p.id for p in folders.sources(made)[1]] == told


def test_no_two_modules_templates_or_dictionaries_differ_by_case_alone():
    names = [
        p.relative_to(ROOT).as_posix() for place in ("kit", "notebooks", "templates", "tests") for p in walk(place)
    ]
    assert len({name.lower() for name in names}) == len(names) > 500
    assert [name for name in names if re.search(r'[<>:"|?*\\]|[. ](/|$)', name) or len(name) > 120] == []


def walk(place):
    return (p for p in (ROOT / place).rglob("*") if "__pycache__" not in p.parts)


# ---- encodings and line ends -----------------------------------------------------------------------------------

TOML = 'name = "甲"\nagency = "乙"\n[shops.tmall]\nplatform = "tmall"\nname = "店"\n'


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("bom", ["\ufeff", ""])
def test_settings_are_read_as_notepad_saves_them(tmp_path, monkeypatch, bom, end):
    folder = tmp_path / "data" / "acme"
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    mapping = "- file: 日报*.csv\n  table: shop_daily\n  columns: {天: date, 流量: visitors, 卖了: pay_amount}\n"
    files = {"client.toml": TOML, "mapping.yml": mapping, "_brand.yml": "color:\n  primary: '#1f6f54'\n"}
    for name, text in {**files, "exports/日报.csv": "天,流量,卖了\n2024-11-01,9,30\n"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((bom + text.replace("\n", end)).encode())
    made = read(Client.load("acme"))
    assert (ids(made), made.tables["shop_daily"]["visitors"].tolist()) == ([], [9])
    assert brand.load(folder).primary == "#1f6f54"


@pytest.mark.parametrize("codec", ["gbk", "utf-16"])
def test_settings_in_another_encoding_are_told_with_the_file(tmp_path, monkeypatch, codec):
    (tmp_path / "data" / "acme").mkdir(parents=True)
    (tmp_path / "data" / "acme" / "client.toml").write_bytes(TOML.encode(codec))
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    with pytest.raises(KitError, match=r"e\.config\.encoding"):
        Client.load("acme")


def test_what_is_printed_is_utf_8_whatever_the_code_page(tmp_path):
    found = run("-m", "kit", "exports", "pinduoduo", PYTHONUTF8="0", PYTHONIOENCODING="cp936", LC_ALL="C")
    assert "拼多多商家后台 订单导出" in found and "✕" in found


def test_every_text_that_is_opened_names_its_encoding():
    """Without one Windows takes its code page."""
    nodes = ((path, node) for path in KIT for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    calls = [(path, node) for path, node in nodes if isinstance(node, ast.Call)]
    assert len(calls) > 1000
    assert [f"{path.relative_to(ROOT)}:{call.lineno}" for path, call in calls if without_encoding(call)] == []


def without_encoding(call):
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if any(k.arg == "encoding" for k in call.keywords):
        return False
    if name in ("read_text", "write_text"):
        return len(call.args) < (1 if name == "read_text" else 2)
    said = [a.value for a in (*call.args, *(k.value for k in call.keywords)) if isinstance(a, ast.Constant)]
    if name == "open":
        return not any(isinstance(v, str) and "b" in v and len(v) < 4 for v in said) and not foreign(call)
    return name in ("run", "Popen", "check_output") and any(
        k.arg in ("text", "universal_newlines") for k in call.keywords
    )


def foreign(call):
    """Whether it opens no file for text: a picture, an archive, a browser, a descriptor."""
    of = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(of, ast.Name) and of.id in ("os", "Image", "webbrowser", "tarfile", "zipfile", "self", "packed")


# ---- files that somebody has open --------------------------------------------------------------------------------


def held(times):
    """``os.replace`` as it is while a scanner holds the file: refused so many times."""
    real, left = os.replace, [times]

    def replace(source, target):
        if left[0] > 0:
            left[0] -= 1
            raise PermissionError(13, "in use", str(source), None, str(target))
        real(source, target)

    return replace


def test_a_file_that_is_held_for_a_moment_is_replaced_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(replacing, "PATIENCE", 5.0)
    monkeypatch.setattr(replacing, "PAUSE", 0.0)
    (tmp_path / "new").write_text("new", encoding="utf-8")
    (tmp_path / "old").write_text("old", encoding="utf-8")
    monkeypatch.setattr(os, "replace", held(3))
    replacing.replace(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old").read_text(encoding="utf-8") == "new"


def test_one_that_stays_held_is_named_and_what_is_to_be_done(tmp_path, monkeypatch):
    monkeypatch.setattr(project, "root", lambda: tmp_path)
    monkeypatch.setattr(os, "replace", held(9))
    with pytest.raises(KitError) as error:
        committing.put(tmp_path, {"market.zh.pdf": b"x"}, FACTS, ("zh",))
    assert error.value.problems[0].id == "e.output.open"
    assert Words("en").problem(error.value.problems[0]).startswith("market.zh.pdf is open in another program")


@pytest.mark.parametrize("what", ["replace", "withdraw", "share"])
def test_a_pdf_that_a_viewer_shows_is_named_before_anything_is_touched(tmp_path, monkeypatch, what):
    files = {"market.zh.html": b"one", "market.zh.pdf": b"one"}
    committing.commit(tmp_path, files, FACTS, ("zh",))
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    real = Path.open

    def opened(path, mode="r", *args, **kwargs):
        if path.name == "market.zh.pdf" and mode == "ab":
            raise PermissionError(13, "in use", str(path))
        return real(path, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", opened)
    does = {
        "replace": lambda: committing.commit(tmp_path, dict.fromkeys(files, b"two"), FACTS, ("zh",)),
        "withdraw": lambda: committing.withdraw(tmp_path, "market"),
        "share": lambda: share.put(tmp_path, {"月报.pdf": b"two"}),
    }
    with pytest.raises(KitError, match=r"e\.output\.open") as error:
        does[what]()
    assert error.value.problems[0].args["file"].endswith("market.zh.pdf")
    monkeypatch.undo()
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


# ---- no forks, no make -------------------------------------------------------------------------------------------

POSIX = {"fcntl", "resource", "termios", "tty", "pty", "pwd", "grp", "syslog", "readline", "posix"}
OF_OS = ("fork", "setsid", "getpgid", "killpg", "getuid", "geteuid", "sched_getaffinity", "mkfifo", "getpgrp")
WINDOWS = f"""
    import asyncio, builtins, multiprocessing, os, pkgutil, signal, subprocess, sys
    real = builtins.__import__
    def imported(name, globals=None, locals=None, fromlist=(), level=0):
        if name in {POSIX!r} and (globals or {{}}).get("__name__", "").split(".")[0] == "kit":
            raise ModuleNotFoundError("No module named " + name)
        return real(name, globals, locals, fromlist, level)
    builtins.__import__ = imported
    for name in {OF_OS!r}:
        if hasattr(os, name):
            delattr(os, name)
    for name in ("SIGKILL", "SIGCHLD", "SIGHUP", "SIGALRM", "SIGUSR1", "SIGPIPE"):
        if hasattr(signal, name):
            delattr(signal, name)
"""


def run(*arguments, cwd=ROOT, **more):
    """What a Python of its own prints."""
    env = {**os.environ, "KIT_INSIDE": "1", "PYTHONPATH": str(ROOT), **more}
    done = subprocess.run([sys.executable, *arguments], cwd=cwd, env=env, capture_output=True, timeout=300)
    told = (done.stdout + done.stderr).decode("utf-8")
    assert done.returncode == 0, told
    return told


def as_on_windows(code, first="", **more):
    """What a Python prints in which kit finds nothing that Windows lacks. ``first``: libraries that go by the system's
    name and have to be imported before."""
    return run("-c", f"{first}\n{textwrap.dedent(WINDOWS)}{textwrap.dedent(code)}", **more)


def test_every_module_is_imported_without_what_windows_lacks():
    code = """
        import kit
        names = [m.name for m in pkgutil.walk_packages(kit.__path__, "kit.") if m.name != "kit.__main__"]
        for name in names:
            real(name)
        print(len(names), "modules")
    """
    told = as_on_windows(code, "import nbconvert, papermill")
    assert int(told.split()[0]) > 300


def test_a_clients_data_are_read_and_kept_without_it(tmp_path):
    folder = tmp_path / "data" / "acme"
    (folder / "exports").mkdir(parents=True)
    (folder / "client.toml").write_text(TOML, encoding="utf-8")
    (folder / "exports" / "a.csv").write_text(DAYS, encoding="utf-8")
    check = """
        from kit.cli import main
        main(args=["check", "acme"], prog_name="python -m kit")
    """
    told = [as_on_windows(check, KIT_ROOT=str(tmp_path)) for _ in range(2)]
    assert told[0] == told[1] and "exports/a.csv" in told[0]


def test_nothing_that_windows_lacks_is_imported_at_once():
    """Elsewhere such an import stands in a function that is not called there."""
    found = {
        path.relative_to(ROOT / "kit").as_posix()
        for path in KIT
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
        if name in POSIX
    }
    assert found == set()


def test_every_target_of_make_is_a_command_of_python_m_kit():
    from kit.bootstrap import DEV_COMMANDS
    from kit.cli import main

    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*## ", text, re.MULTILINE)) - {"help"}
    commands = {*main.list_commands(None), *DEV_COMMANDS}
    assert len(targets) > 10 and targets - commands == set()
    recipes = re.findall(r"^\t\$\(KIT\) ([a-z]+)", text, re.MULTILINE)
    assert set(recipes) == targets
