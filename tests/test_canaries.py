"""Personal data go nowhere: two hundred canaries planted in every export that has any, and every byte searched.

The files are made from the dictionaries, so an export that is added is searched, too: its personal columns, the accounts
that become keys, its free text, columns that no dictionary knows. A second client has the same files, faulty, so that
errors are told beside the canaries.
"""

import csv
import errno
import hashlib
import io
import itertools
import json
import os
import re
import stat
import subprocess
import sys
import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from making import client, xlsx

from kit import store
from kit.client import PLATFORMS
from kit.exports import parquet, secret
from kit.exports.dictionary import exports, normal

ROOT = Path(__file__).parents[1]
HOLDING = [e for e in exports() if e.personal or any(c.type in ("key", "province") for c in e.columns)]
UNKNOWN = {
    "备用手机": "phone",
    "备用电话": "bare",
    "收货人2": "name",
    "客户邮箱": "email",
    "家庭地址": "address",
    "微信号": "account",
    "证件号码": "card",
    "内部备注": "note",
    "新的一列": "name",
}
"""Columns of no dictionary: named as personal data are, and the last one not."""
FREE = ("phone", "landline", "card", "email", "address", "wechat")
"""What is recognised in free text by its form or its announcement. A bare name is not, and nothing promises it."""


class Canaries:
    """Distinct ones of every kind. ``planted``: what must be found nowhere."""

    def __init__(self, start):
        self.number = itertools.count(start)
        self.planted = []

    def __call__(self, kind):
        n = next(self.number)
        rare = chr(0x9F00 + n % 150) + chr(0x9E00 + n // 150)
        bird, cell = {
            "phone": (f"138{n:04d}{n * 7 % 10000:04d}",) * 2,
            "landline": (f"0571-86{n:06d}",) * 2,
            "bare": (f"057186{n:06d}",) * 2,
            "card": (f"33010619900307{n:04d}",) * 2,
            "email": (f"canary{n:04d}@example.com",) * 2,
            "address": (f"{rare}路{n + 100}号", f"浙江省杭州市西湖区{rare}路{n + 100}号3幢1单元"),
            "wechat": (f"kanari_{n:04d}", f"微信：kanari_{n:04d}"),
            "account": (f"tb_kanari{n:04d}",) * 2,
            "name": (f"王{rare}",) * 2,
            "note": (f"放门卫{rare}处",) * 2,
        }[kind]
        self.planted.append(bird)
        return cell


def kind(header):
    """What a personal column holds, by its name."""
    said = {"电话": "landline", "手机": "phone", "地址|街道|区$": "address", "身份证号": "card"}
    said |= {
        "姓名|收货人|收件人|客户|买家$|抬头|操作人": "name",
        "会员名|昵称|账号|帐号|旺旺|抖音号|掌柜|客服": "account",
    }
    return next((of for pattern, of in said.items() if re.search(pattern, header)), "note")


LITERALS = {
    "date": "2024-11-{row}",
    "month": "2024-11",
    "time": "2024-11-{row} 10:00:00",
    "money": "100.00",
    "price": "100.00",
    "count": "5",
    "people": "5",
    "ratio": "1.00%",
    "number": "4",
    "duration": "60",
    "interval": "5",
    "measure": "1",
    "flag": "是",
    "stages": "阶段1：已付款",
    "platform": "其他",
}


def cell(export, column, row, at, new):
    """A sound cell of a column; in texts and in accounts a canary."""
    if column.type == "id":
        return f"{HOLDING.index(export) + 10}{row}{at:02d}"
    if column.type == "word":
        words = export.words.get(column.to) or dict.fromkeys(export.table.field(column.to).words)
        return next(iter(words))
    if column.type == "text":
        return f"面霜 {new(FREE[(at + row) % len(FREE)])}。好用"
    if column.type in ("key", "province"):
        return new("account" if column.type == "key" else "address")
    return LITERALS[column.type].format(row=f"{row:02d}")


def table(export, new):
    """Header and two rows of an export: all of its columns, those it drops, and some that are new."""
    columns = {c.target: c for c in reversed(export.columns)}.values()
    personal = sorted(name for name in export.personal if name not in export.by_name)
    header = [*(c.header for c in columns), *personal, *UNKNOWN, *sorted(export.shop_name)[:1]]
    body = [
        [
            *(cell(export, c, row, at, new) for at, c in enumerate(columns)),
            *(new(kind(name)) for name in personal),
            *(new(of) for of in UNKNOWN.values()),
            *[f"{place(export)}店"][: len(export.shop_name)],
        ]
        for row in (1, 2)
    ]
    return [header, *body]


def csv_of(rows):
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    return target.getvalue().encode()


# ---- faults: each makes the kit speak of rows that are full of canaries ---------------------------------------------


def over(rows, sources):
    """Personal cells in place of figures and dates: the first of them in the first figure, and so on."""
    known = {literal.format(row="01") for literal in LITERALS.values()}
    plain = [at for at, c in enumerate(rows[1]) if c in known]
    changed = [list(row) for row in rows]
    for row in changed[1:]:
        for n, at in enumerate(plain):
            row[at] = row[sources[n % len(sources)]]
    return changed


def glued(export, header, row, neighbour):
    """A damaged separator between a state and the cell beside it."""
    states = {c.header for c in export.columns if c.type == "word"}
    return [f'{c}$"{neighbour}"' if name in states else c for name, c in zip(header, row, strict=True)]


def many(rows, first):
    """The rows, and two dozen more without a canary."""
    more = [
        [
            f"{n}{c}" if re.fullmatch("[1-9][0-9]{4,}", c) else c if at < first or c.endswith("店") else ""
            for at, c in enumerate(rows[1])
        ]
        for n in range(1, 25)
    ]
    return [*rows, *more]


def faulty(export, new):
    """By name, the same table with something wrong."""
    rows = table(export, new)
    first = len({c.target for c in export.columns})
    personal = list(range(first, len(rows[0])))
    text = csv_of(rows)
    begin = rows[1][first].encode()
    wanted = export.required[0].split("|")
    needed = next(at for at, name in enumerate(rows[0]) if export.by_name[normal(name)].target in wanted)
    long = many(rows, first)
    files = {
        "typed_over.csv": csv_of(over(rows, personal)),
        "typed_over.xlsx": xlsx({"x": over(rows, personal[::-1])}),
        "moved.csv": csv_of([rows[0], *(row[1:] for row in rows[1:])]),
        "glued.csv": csv_of([rows[0], *(glued(export, rows[0], row, row[first]) for row in rows[1:])]),
        "lacking.csv": csv_of([row[:needed] + row[needed + 1 :] for row in rows]),
        "wide.csv": csv_of([rows[0], *([*row, row[first]] for row in rows[1:])]),
        "unclosed.csv": text.replace(b"," + begin, b',"' + begin, 1),
        "bytes.csv": text.replace(begin, b"\xff" + begin, 1),
        "clash.csv": csv_of([*rows, [c.replace("100.00", "90.00") if c != "5" else "4" for c in rows[1]]]),
        "headless.csv": csv_of(rows[1:]),
        "one_line.csv": csv_of([rows[0] + rows[1], *rows[2:]]),
        "cut.csv": text[: text.rindex(begin[:1]) + 1],
    }
    if export.shop_name:
        files["shop.csv"] = csv_of([*long[:2], [*long[2][:-1], long[2][first]], *long[3:]])
    return files


# ---- the project and the search -------------------------------------------------------------------------------------


def place(export):
    """The folder of a shop that has such exports."""
    return (export.platforms or ("other",))[0]


def project(root, files):
    """A project with one client, ``acme``, that has a shop on every platform."""
    exports = root / "data" / "acme" / "exports"
    for name, data in files.items():
        (exports / name).parent.mkdir(parents=True, exist_ok=True)
        (exports / name).write_bytes(data)
    shops = "".join(f'[shops.{p}]\nplatform = "{p}"\nname = "{p}店"\n' for p in PLATFORMS)
    market = '[market]\ncategory = "面霜"\nbrand = ["甲"]\n'
    (root / "data" / "acme" / "client.toml").write_text(
        f'name = "甲"\nagency = "乙"\n{market}{shops}', encoding="utf-8"
    )
    (root / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    (root / "notebooks").symlink_to(ROOT / "notebooks", target_is_directory=True)
    (root / "templates").symlink_to(ROOT / "templates", target_is_directory=True)
    for name in ("tmp", "home"):
        (root / name).mkdir()
    return root


def kit(root, *arguments, path=()):
    """``python -m kit`` as a consultant runs it, with a temporary folder and a home of its own."""
    own = {"TMPDIR": root / "tmp", "TEMP": root / "tmp", "TMP": root / "tmp", "HOME": root / "home"}
    environment = os.environ | {k: str(v) for k, v in own.items()}
    # KIT_INSIDE: this environment is the right one; a kit that finds it stale would make it anew, under all other tests.
    environment |= {"KIT_ROOT": str(root), "PYTHONPATH": os.pathsep.join(map(str, (*path, ROOT))), "KIT_INSIDE": "1"}
    command = [sys.executable, "-m", "kit", *arguments]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False)


def written(root):
    """Every byte under ``root`` but the consultant's own files, by name; tables and pages also as their text."""
    found = {}
    for path in root.rglob("*"):
        name = path.relative_to(root).as_posix()
        if path.is_symlink() or not path.is_file() or name.startswith("data/acme/exports/"):
            continue
        found[name] = path.read_bytes()
        if path.suffix == ".parquet":
            with parquet.connection() as con:
                rows = con.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
            found[f"{name} as text"] = repr(rows).encode()
        elif path.suffix == ".pdf":
            with pypdfium2.PdfDocument(path) as pages:
                found[f"{name} as text"] = "".join(p.get_textpage().get_text_range() for p in pages).encode()
    return found


def leaks(planted, found):
    """Where a canary is, in whichever encoding, and which one."""
    forms = {
        form: bird for bird in planted for form in map(bird.encode, ("utf-8", "gb18030", "utf-16-le", "unicode_escape"))
    }
    size = min(map(len, forms))  # by their beginnings: an expression of all of them tries thousands at every byte
    begins = defaultdict(list)
    for form in forms:
        begins[form[:size]].append(form)
    return sorted(
        {
            (name, forms[form])
            for name, text in found.items()
            for at in range(len(text))
            for form in begins.get(text[at : at + size], ())
            if text.startswith(form, at)
        }
    )


@dataclass
class Checked:
    """A project of files with canaries, what checking it in both languages said, and what that left behind outside."""

    root: Path
    planted: list[str]
    files: dict[str, bytes]
    said: dict[str, subprocess.CompletedProcess]
    left: list[Path]

    def leaks(self):
        spoken = {f"said in {k}": run.stdout + run.stderr for k, run in self.said.items()}
        return leaks(self.planted, written(self.root) | spoken)

    @property
    def ledger(self):
        [path] = (self.root / "data" / "acme" / ".cache").glob("*/ledger.json")
        return json.loads(path.read_text(encoding="utf-8"))


def checked(root, new, files):
    project(root, files)
    said = {locale: kit(root, "check", "acme", "--locale", locale) for locale in ("zh", "en")}
    left = [p for name in ("tmp", "home") for p in (root / name).rglob("*") if p.is_file()]
    return Checked(root, new.planted, files, said, left)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    new = Canaries(0)
    files = {f"{place(e)}/{e.id}.csv": csv_of(table(e, new)) for e in HOLDING}
    return checked(tmp_path_factory.mktemp("sound"), new, files)


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    new = Canaries(2000)
    files = {f"{place(e)}/{e.id}_{name}": data for e in HOLDING for name, data in faulty(e, new).items()}
    return checked(tmp_path_factory.mktemp("broken"), new, files)


# ---- sound files ----------------------------------------------------------------------------------------------------


def test_two_hundred_canaries_are_planted_and_none_is_part_of_another(sound):
    assert len(sound.planted) >= 200
    assert len(set(sound.planted)) == len(sound.planted)
    joined = "\n".join(sound.planted)
    assert all(joined.count(bird) == 1 for bird in sound.planted)


def test_the_search_finds_what_is_there(sound):
    first, second = sound.planted[:2]
    seen = {"a": f"x{first}".encode(), "b": second.encode("gb18030"), "c": json.dumps(sound.planted[7]).encode()}
    assert leaks(sound.planted, seen) == [("a", first), ("b", second), ("c", sound.planted[7])]


def test_every_file_with_canaries_was_read_whole(sound):
    assert [run.stderr.decode() for run in sound.said.values() if run.returncode] == []
    read = {line["export"]: (line["rows_read"], line["rows_kept"]) for line in sound.ledger["ledger"]}
    assert read == {e.id: (2, 2) for e in HOLDING}


def test_no_canary_is_in_any_byte_that_was_written_or_said(sound):
    assert sound.leaks() == []


def test_every_sensitive_column_is_named_as_dropped_and_the_others_as_ignored(sound):
    for line in sound.ledger["ledger"]:
        assert line["ignored_columns"] == ["新的一列"], line["export"]
        assert set(UNKNOWN) - {"新的一列"} <= set(line["dropped_columns"]), line["export"]


@pytest.mark.build
def test_no_canary_is_in_a_report(sound):
    built = kit(sound.root, "report", "acme", "--report", "market")
    assert built.returncode == 0, built.stderr.decode()
    made = written(sound.root)
    assert {Path(name).suffix for name in made if name.startswith("output/")} >= {".html", ".json", ".ipynb", ".pdf"}
    assert leaks(sound.planted, made | {"said": built.stdout + built.stderr}) == []


# ---- faulty files ---------------------------------------------------------------------------------------------------


READ_ALL_THE_SAME = ("cut.csv", "clash.csv", "shop.csv", "glued.csv")
"""What may be no fault: a table without its last row, one that no figure contradicts, a name told of another file, one
without states."""


def test_each_fault_beside_canaries_is_told(broken):
    assert {run.returncode for run in broken.said.values()} == {3}
    said = broken.said["zh"].stderr.decode()
    silent = [n for n in broken.files if n not in said and not n.endswith(READ_ALL_THE_SAME)]
    assert silent == []


def test_no_canary_is_in_an_error_or_anything_else_that_was_written(broken):
    assert broken.leaks() == []


@pytest.mark.parametrize("which", ["sound", "broken"])
def test_nothing_is_left_in_the_temporary_folder_or_at_home(which, request):
    assert request.getfixturevalue(which).left == []


SLIP = """
from kit.exports import reader

def taken(sheet, *others):
    raise ValueError(repr(sheet.rows))

reader.taken = taken
"""


def test_a_slip_of_ours_beside_canaries_tells_where_and_not_what(tmp_path):
    new = Canaries(9000)
    root = project(tmp_path, {f"{place(e)}/{e.id}.csv": csv_of(table(e, new)) for e in HOLDING[:1]})
    (tmp_path / "slip").mkdir()
    (tmp_path / "slip" / "sitecustomize.py").write_text(SLIP, encoding="utf-8")
    run = kit(root, "check", "acme", path=[tmp_path / "slip"])
    assert (run.returncode, (root / "output" / "error.log").is_file()) == (1, True)
    assert leaks(new.planted, written(root) | {"said": run.stdout + run.stderr}) == []


# ---- accounts and the secret ----------------------------------------------------------------------------------------

ACCOUNTS = "订单编号,买家会员名,买家实际支付金额,订单状态,订单创建时间\n"
ORDER = "{},{},5.00,交易成功,2024-11-01 10:00:00\n"


def keys(folder, *accounts, shops=("a", "b")):
    """The key of each account by shop and account, in a client with two shops on Tmall."""
    files = {
        f"exports/{shop}/订单.csv": ACCOUNTS + "".join(ORDER.format(f"{n}{shop}", a) for n, a in enumerate(accounts))
        for shop in shops
    }
    here = client(folder, files, {"a": "tmall", "b": "tmall"})
    orders = store.load(here).get("orders")
    return {(row.shop, accounts[int(row.order_id[0])]): row.buyer_key for row in orders.itertuples()}


def test_an_account_has_one_key_in_all_shops_of_a_platform(tmp_path):
    made = keys(tmp_path, "tb_kanari", "tb_other")
    assert made["a", "tb_kanari"] == made["b", "tb_kanari"] != made["a", "tb_other"] == made["b", "tb_other"]
    assert re.fullmatch("[0-9a-f]{16}", made["a", "tb_kanari"])


@pytest.mark.parametrize("length", [1, 63, 64, 65, 200])
def test_a_key_is_the_keyed_hash_of_platform_and_account(tmp_path, length):
    own = b"s" * length
    sealed = secret.seal(client(tmp_path, {".secret": own}), "tmall")
    key = own if length <= 64 else hashlib.blake2b(own).digest()
    for account in ("tb_kanari", "王某", ""):
        said = f"tmall:{account}".encode()
        assert sealed(account) == hashlib.blake2b(said, key=key, digest_size=8).hexdigest()


def test_an_account_has_another_key_at_another_client(tmp_path):
    one, two = (keys(tmp_path / name, "tb_kanari", shops=("a",)) for name in ("one", "two"))
    assert one["a", "tb_kanari"] != two["a", "tb_kanari"]


@pytest.mark.parametrize("masked", ["t**", "tb****01", "***", "王＊＊"])
def test_an_account_that_is_masked_has_no_key(tmp_path, masked):
    made = keys(tmp_path, masked, "tb_kanari", shops=("a",))
    assert made["a", masked] != made["a", masked] or made["a", masked] is None  # missing, as NaN or as None
    assert made["a", "tb_kanari"]


def test_the_raw_account_is_in_no_byte_of_the_cache(tmp_path):
    keys(tmp_path, "tb_kanari")
    assert leaks(["tb_kanari"], written(tmp_path)) != []  # the export itself
    inside = {name: text for name, text in written(tmp_path).items() if not name.startswith("exports/")}
    assert leaks(["tb_kanari"], inside) == []


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights otherwise")
def test_only_its_owner_may_read_the_secret(tmp_path):
    keys(tmp_path, "tb_kanari")
    assert stat.S_IMODE((tmp_path / ".secret").stat().st_mode) == 0o600


def at_once(here, number=8):
    """The secret as so many threads find it that begin together."""
    together = threading.Barrier(number)

    def find(_):
        together.wait()
        return secret.secret(here)

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(find, range(number)))


def no_links(*paths):
    raise PermissionError(errno.EPERM, "no hard links here")


@pytest.mark.parametrize("link", [os.link, no_links], ids=["with links", "without"])
def test_whoever_makes_the_secret_at_the_same_time_has_the_same_one(tmp_path, monkeypatch, link):
    monkeypatch.setattr(os, "link", link)
    here = client(tmp_path)
    made = {*at_once(here), secret.secret(here)}
    assert made == {(tmp_path / ".secret").read_bytes().strip()}
    assert [len(bytes.fromhex(each.decode())) for each in made] == [32]
    assert [p.name for p in tmp_path.glob(".secret*")] == [".secret"]


def test_a_secret_that_is_just_being_written_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", no_links)
    (tmp_path / ".secret").touch()
    threading.Timer(0.2, (tmp_path / ".secret").write_bytes, [b"of another process\n"]).start()
    assert secret.secret(client(tmp_path)) == b"of another process"


def test_an_empty_secret_that_nobody_writes_is_made_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(secret, "PATIENCE", 0.1)
    (tmp_path / ".secret").touch()
    assert len(secret.secret(client(tmp_path))) == 64


def test_the_secret_lies_in_the_clients_folder_and_in_no_other_file(sound):
    secrets = list(sound.root.rglob(".secret*"))
    assert secrets == [sound.root / "data" / "acme" / ".secret"]
    text = secrets[0].read_text(encoding="ascii").strip()
    others = {name: content for name, content in written(sound.root).items() if name != "data/acme/.secret"}
    assert leaks([text, bytes.fromhex(text).decode("latin-1")], others) == []


def test_another_secret_changes_every_key_and_reads_every_file_again(tmp_path):
    before = keys(tmp_path, "tb_kanari", "tb_other")
    cached = {p.name for p in (tmp_path / ".cache" / store.FILES).iterdir()}
    (tmp_path / ".secret").unlink()
    after = keys(tmp_path, "tb_kanari", "tb_other")
    assert set(before) == set(after) and not set(before.values()) & set(after.values())
    assert not cached & {p.name for p in (tmp_path / ".cache" / store.FILES).iterdir()}
