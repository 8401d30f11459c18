"""The scan before anything leaves: other clients' words, secrets and personal data, in every kind of file."""

import io
import json
import time
from email.message import EmailMessage

import openpyxl
import pytest
from making import client

from kit import catalogue, project, store
from kit.deliver import scan, strangers, texts
from kit.errors import KitError, problem
from kit.text import Words

OTHER = """
name = { zh = "乙禾护肤", en = "Yihe Skincare" }
[shops.tmall]
name = "乙禾护肤旗舰店"
aliases = ["乙禾天猫店"]
[market]
brand = ["乙禾", "Yihe"]
[delivery]
to = ["李 <li@yihe-brand.com>"]
cc = ["li.yihe@qq.com"]
private = ["极光计划"]
"""
PHONE = "13812345678"
CARD = "11010519491231002X"
"""The example of GB 11643."""


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A project with another client, ``yihe``; files written by path below data/."""
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    monkeypatch.setattr(scan.project, "templates", lambda: project.PACKAGE.parent / "templates")

    def put(name, content):
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    put("yihe/client.toml", OTHER)
    put("yihe/.secret", "5e" * 32 + "\n")
    return put


class Tables:
    """A store of these tables: the part of one that the scan asks for."""

    def __init__(self, tables=()):
        self.frames = dict(tables)
        self.tables = {name: "hash" for name in self.frames}

    def get(self, name):
        return self.frames.get(name)


@pytest.fixture
def acme(root, tmp_path, monkeypatch):
    def make(tables=(), **settings):
        monkeypatch.setattr(store, "load", lambda client: Tables(tables))
        (tmp_path / "data" / "acme").mkdir(exist_ok=True)
        return client(tmp_path / "data" / "acme", None, None, **{"name": "甲木茶", "agency": "漫川电商", **settings})

    return make


def found(client, text, name="a.txt"):
    """The hits in a text: kind, and word or nothing."""
    made = scan.hits(client, {name: text if isinstance(text, bytes) else text.encode()})
    return [(p.args["of_hit"], p.args.get("word", "")) for p in made if not p.warning]


# ---- words of others ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "word"),
    [
        ("仅供乙禾护肤内部使用", "name", "乙禾护肤"),
        ("for YIHE  skincare only", "name", "Yihe Skincare"),
        ("见乙禾护肤旗舰店", "shop", "乙禾护肤旗舰店"),
        ("乙禾天猫店的流量", "shop", "乙禾天猫店"),
        ("与乙禾相比", "brand", "乙禾"),
        ("与乙\u200b禾相比", "brand", "乙禾"),
        ("ｙｉｈｅ的新品", "brand", "Yihe"),
        ("写给LI@yihe-brand.com", "recipient", "li@yihe-brand.com"),
        ("www.yihe-brand.com", "domain", "yihe-brand.com"),
        ("写给li.yihe@qq.com", "recipient", "li.yihe@qq.com"),
        ("极光\n计划下月上线", "private", "极光计划"),
        ("a" + "5e" * 32, "secret", ""),
    ],
)
def test_another_clients_word_is_found_however_it_is_written(acme, text, kind, word):
    assert (kind, word) in found(acme(), text)


@pytest.mark.parametrize(
    "text",
    [
        "乙类商品禾苗",  # not next to each other
        "yihealth",  # a part of another word
        "qq.com",  # where anybody has an address
        "天猫旗舰店",
    ],
)
def test_what_only_looks_like_it_is_no_hit(acme, text):
    assert found(acme(), text) == []


@pytest.mark.parametrize(
    ("settings", "text", "left"),
    [
        ({"name": "乙禾护肤海外"}, "乙禾护肤海外", []),  # two folders of one brand: no text can tell them apart
        ({"market": {"category": "茶", "brand": ["Yihe"]}}, "Yihe Skincare", [("name", "Yihe Skincare")]),
        ({"delivery": {"cc": ["a@yihe-brand.com"]}}, "yihe-brand.com", []),
        ({"delivery": {"allowed": ["乙禾"]}}, "与乙禾相比", []),
        ({"name": "Yihealth"}, "Yihe", [("brand", "Yihe")]),
    ],
)
def test_a_word_that_the_clients_own_settings_name_is_its_own(acme, settings, text, left):
    assert found(acme(**settings), text) == left


def test_a_rival_of_the_clients_own_market_tables_is_its_own(acme):
    import pandas as pd

    listings = pd.DataFrame({"brand": ["乙禾"], "title": ["Yihe 精华 30ml"]})
    assert found(acme({"listings": listings}), "乙禾降价，Yihe跟进") == []
    assert found(acme({"listings": listings}), "乙禾护肤") == [("name", "乙禾护肤")]


def test_a_sales_table_excuses_no_word(acme):
    import pandas as pd

    assert found(acme({"item_daily": pd.DataFrame({"title": ["乙禾精华"]})}), "乙禾") == [("brand", "乙禾")]


def test_confidential_words_and_recipients_are_excused_by_no_market_table(acme):
    import pandas as pd

    titles = pd.DataFrame({"brand": ["极光计划"], "title": ["www.yihe-brand.com"]})
    assert found(acme({"listings": titles}), "极光计划") == [("private", "极光计划")]
    assert found(acme({"listings": titles}), "yihe-brand.com") == [("domain", "yihe-brand.com")]


def test_the_confidentiality_note_may_name_no_rival_either(acme):
    import pandas as pd

    rivals = {"listings": pd.DataFrame({"brand": ["乙禾护肤"], "title": ["霜"]})}
    made = scan.hits(acme(rivals, confidentiality="仅供乙禾护肤内部使用"), {"a.txt": "乙禾护肤".encode()})
    assert {p.args["file"] for p in made} == {"data/acme/client.toml"}


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ('name = "茶"', "茶"),  # one character
        ('name = "标题"', "标题"),  # kit's own word
        ('name = "QC"', "QC"),
        ('name = "品牌中文名"', "品牌中文名"),  # not filled in yet
        ('[shops.a]\nname = "天猫官方旗舰店"', "天猫官方旗舰店"),
        ('[shops.a]\nname = "Tmall flagship store"', "Tmall flagship store"),
    ],
)
def test_a_word_that_stands_everywhere_tells_nothing(acme, root, setting, text):
    root("demo/client.toml", setting)
    assert found(acme(), f"{text} demo") == []


def test_a_folder_is_searched_for_if_its_name_is_a_word_of_its_own(acme, root):
    root("yuanmu/client.toml", "")
    assert found(acme(), "output/yuanmu/2024-11") == [("slug", "yuanmu")]


def test_settings_that_cannot_be_read_are_told_and_stop_nothing(acme, root):
    root("bingye/client.toml", "name = ")
    root("dingzhu/client.toml", 'name = 3\nshops = "x"\nmarket = []\ndelivery = {to = [1, "x"]}')
    made = scan.refuse(acme(), {"a.txt": b"x"})
    assert [(p.id, p.args, p.warning) for p in made] == [("e.deliver.other", {"client": "bingye"}, True)]


# ---- personal data -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"电话{PHONE}", "mobile"),
        ("138-1234-5678", "mobile"),
        ("+86 138 1234 5678", "mobile"),
        ("１３８１２３４５６７８", "mobile"),
        (f"tel{PHONE}x", "mobile"),
        (CARD, "card"),
        ("110105 19491231 002x", "card"),
        ("buyer.one+a@brand.com.cn", "email"),
        ("浙江省杭州市西湖区文三路969号3幢1单元", "address"),
        ("收货地址：西湖区文三路\n969号", "address"),
    ],
)
def test_personal_data_are_found_and_never_quoted(acme, text, kind):
    (fault,) = scan.hits(acme(), {"a.txt": text.encode()})
    assert fault.args["of_hit"] == kind
    told = Words("zh").problem(fault) + Words("en").problem(fault)
    assert not [part for part in (PHONE, CARD, "1234", "buyer", "文三") if part in told]


@pytest.mark.parametrize(
    "text",
    [
        "13,812,345,678",
        "13812345678.55",
        "0.13812345678",
        "138 2024 2023",  # a row of a table
        "138\n1234\n5678",
        "12812345678",
        "612345678901",
        "3f13812345678a" + "b" * 20,  # of a hash
        "110105194912310021",  # the last character does not fit
        "110105194913310026",  # no such month
        "2号链接1-8单元试卷",
        "agency@manchuan.com",
        "brand@jiamu.com",
    ],
)
def test_figures_hashes_and_our_own_addresses_are_not_personal(acme, text):
    delivery = {"sender": "a@manchuan.com", "to": ["品牌 <Brand@jiamu.com>"]}
    assert found(acme(delivery=delivery), text) == []


def test_a_public_number_or_address_can_be_allowed(acme):
    allowed = acme(delivery={"allowed": ["138-1234-5678", "杭州市西湖区文三路969号"]})
    assert found(allowed, f"热线{PHONE}，自提：杭州市西湖区文三路969号") == []
    assert found(allowed, "杭州市西湖区文二路12号") == [("address", "")]


def test_the_number_of_an_own_item_is_no_phone(root, tmp_path):
    rows = "采集日期,商品ID,商品标题,品牌,页面价,近30天销量\n2024-11-05,13812345678,甲霜,甲,99,7\n"
    made = client(tmp_path / "data" / "acme", {"exports/tmall/a.csv": rows})
    assert found(made, PHONE) == []
    assert found(made, "13812345679") == [("mobile", "")]


@pytest.mark.parametrize("code", ["QH-13812345678", "SKU13812345678_A", CARD])
def test_a_code_of_an_own_item_is_no_phone_and_no_card_whatever_it_holds(root, tmp_path, code):
    rows = f"采集日期,商品ID,商品标题,品牌,页面价,近30天销量\n2024-11-05,{code},甲霜,甲,99,7\n"
    made = client(tmp_path / "data" / "acme", {"exports/tmall/a.csv": rows})
    assert found(made, f"主推款{code}断货") == []
    assert found(made, "主推款X13812345678断货") == [("mobile", "")]


# ---- files -------------------------------------------------------------------------------------------------------


def book(cell):
    made = openpyxl.Workbook()
    made.active.title = "表1"
    made.active["B3"] = cell
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def deck(text):
    pptx = pytest.importorskip("pptx")
    made = pptx.Presentation()
    made.slides.add_slide(made.slide_layouts[6])
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = text
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def paper(text):
    import typst

    return typst.compile(b"A\n#pagebreak()\n#sys.inputs.text", sys_inputs={"text": text})


def mail(text):
    made = EmailMessage()
    made["Subject"] = "A"
    made.set_content("A")
    made.add_attachment(book(text), maintype="application", subtype="octet-stream", filename="月报.xlsx")
    return made.as_bytes()


FILES = {
    "a.txt": (str.encode, {"code": "whole"}),
    "a.json": (
        lambda text: json.dumps({"findings": [{"key": "market.size", "text": {"zh": text}}]}).encode(),
        {"code": "key", "key": "findings[market.size].text.zh"},
    ),
    "a.html": (
        lambda text: f"<h2 id=s1>A</h2><p>与<b>{text[:1]}</b>{text[1:]}相比</p>".encode(),
        {"code": "key", "key": "s1"},
    ),
    "a.xlsx": (book, {"code": "cell", "sheet": "表1", "cell": "B3"}),
    "a.pptx": (deck, {"code": "page", "page": 2}),
    "a.pdf": (paper, {"code": "page", "page": 2}),
}


@pytest.mark.parametrize("name", FILES)
def test_the_place_of_a_hit_is_named(acme, name):
    make, place = FILES[name]
    (fault,) = scan.hits(acme(), {name: make("Yihe")})
    assert {k: fault.args[k] for k in ("file", "n", *place)} == {"file": name, "n": 1, **place}
    assert scan.hits(acme(), {name: make("Yoho")}) == []


def test_what_is_attached_to_a_mail_is_looked_through(acme):
    (fault,) = scan.hits(acme(), {"a.eml": mail("乙禾")})
    assert fault.args["file"] == "a.eml › 月报.xlsx" and fault.args["cell"] == "B3"


@pytest.mark.parametrize(
    "page",
    [
        '<img alt="乙禾">',
        '<svg aria-label="与乙禾相比"></svg>',
        "<svg><text><tspan>乙</tspan><tspan>禾</tspan></text></svg>",
        '<a href="mailto:x@yihe-brand.com">a</a>',
        "<p><!-- 乙禾 -->a</p>",
        "<title>乙禾</title>",
        "<p>乙<wbr>禾</p>",
    ],
)
def test_a_page_is_read_with_what_is_said_of_its_pictures(acme, page):
    assert found(acme(), page.encode(), "a.html")


def test_a_paper_is_read_with_its_links_facts_and_what_is_said_of_its_pictures(acme):
    import typst

    source = b"""#set document(title: "Yihe", date: none)
= A
#figure(image(bytes("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"), alt: "Yihe"), alt: "of Yihe")
#link("mailto:x@yihe-brand.com")[A]
"""
    made = scan.hits(acme(), {"a.pdf": typst.compile(source, pdf_standards="ua-1")})
    kinds = {p.args["of_hit"]: (p.args["n"], p.args["code"]) for p in made}
    assert kinds["brand"][0] >= 2 and kinds["domain"] == kinds["email"] == (1, "page")


def test_a_cell_is_read_by_the_number_of_its_string(acme):
    import zipfile

    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts = {
        "xl/workbook.xml": f'<workbook {space} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="表1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/sharedStrings.xml": f"<sst {space}><si><t>A</t></si><si><r><t>乙</t></r><r><t>禾</t></r></si></sst>",
        "xl/worksheets/sheet1.xml": f'<worksheet {space}><sheetData><row><c r="B3" t="s"><v>1</v></c></row></sheetData>'
        "<headerFooter><oddHeader>Yihe</oddHeader></headerFooter></worksheet>",
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    made = scan.hits(acme(), {"a.xlsx": target.getvalue()})
    assert {(p.args["word"], p.args["n"], p.args.get("cell")) for p in made} == {("乙禾", 1, "B3"), ("Yihe", 1, "—")}


def test_two_cells_of_a_page_make_no_word(acme):
    assert found(acme(), "<table><tr><td>乙</td><td>禾</td></tr></table>".encode(), "a.html") == []


def test_a_file_name_is_read_as_well(acme):
    (fault,) = scan.hits(acme(), {"乙禾_2024年11月.txt": b"x"})
    assert fault.args["code"] == "whole"


def test_hits_are_counted_once_a_file_and_word(acme):
    text = json.dumps(["乙禾", "乙禾和甲木", "甲木"]).encode()
    (fault,) = scan.hits(acme(), {"a.json": text})
    assert fault.args["n"] == 2 and fault.args["key"] == "[0]"


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.pdf", b"%PDF-1.7 x"), ("a.xlsx", b"PK"), ("a.json", b"{"), ("a.txt", b"\xff"), ("a.html", b"")],
)
def test_a_file_that_cannot_be_read_does_not_leave(acme, name, data):
    with pytest.raises(KitError, match=r"e\.deliver\.unread"):
        scan.hits(acme(), {name: data})


def test_a_file_of_an_unknown_kind_does_not_leave(acme):
    with pytest.raises(KitError, match=r"e\.deliver\.kind"):
        scan.hits(acme(), {"a.docx": b"x"})


def test_places_stay_right_whatever_marks_a_text_holds(acme):
    text = json.dumps(["a\0\nb", "İẞ\u200b", "乙禾"]).encode()
    (fault,) = scan.hits(acme(), {"a.json": text})
    assert fault.args["key"] == "[2]"


def test_a_hit_is_refused(acme):
    with pytest.raises(KitError, match=r"e\.deliver\.foreign"):
        scan.refuse(acme(), {"a.txt": "乙禾".encode()})


def test_a_hundred_other_clients_cost_little(acme, root):
    for n in range(100):
        root(f"client{n}/client.toml", OTHER.replace("乙禾", f"乙{chr(0x4E00 + 37 * n)}{chr(0x5E00 + n)}"))
    lines = "\n".join(f"{n}天{chr(0x4E00 + n % 999)}旗舰店成交￥{n}万，较上期+{n}%" for n in range(20_000))
    started = time.process_time()
    scan.hits(acme(), {"a.txt": lines.encode()})
    assert time.process_time() - started < 1.5  # 0.3 s measured; a machine that is shared takes longer


# ---- messages ----------------------------------------------------------------------------------------------------

FOREIGN = {"client": "yihe", "of_hit": "brand", "word": "乙禾", "file": "review.zh.pdf", "n": 2}
SAID = [
    (
        "e.deliver.foreign",
        {**FOREIGN, "code": "page", "page": 3},
        "review.zh.pdf第3页有另一客户“yihe”的品牌名“乙禾”，共2处，已停止交付。请查来源并改正；确属本客户的内容，就在client.toml的[delivery]里用allowed列出",
        "review.zh.pdf, page 3, has “乙禾”, a brand name of another client, yihe (2 places). Nothing was delivered. Find where it comes from and correct it; if it belongs here, list it under allowed in [delivery] of client.toml",
    ),
    (
        "e.deliver.personal",
        {"of_hit": "mobile", "file": "a.xlsx", "code": "cell", "sheet": "表1", "cell": "B3", "n": 1},
        "a.xlsx的工作表“表1”B3有手机号码，共1处，已停止交付。请删去后重新生成；若是公开的号码或地址，就在client.toml的[delivery]里用allowed列出",
        "a.xlsx, sheet “表1”, B3, has a mobile number (1 place). Nothing was delivered. Remove it and build again; if it is public, list it under allowed in [delivery] of client.toml",
    ),
    (
        "e.deliver.secret",
        {"client": "yihe", "of_hit": "secret", "file": "a.json", "code": "key", "key": "tables.a", "n": 1},
        "a.json的tables.a有客户“yihe”的密钥，共1处，已停止交付。请查来源，删去后重新生成",
        "a.json (tables.a) has the secret key of yihe (1 place). Nothing was delivered. Find where it comes from, remove it and build again",
    ),
    (
        "e.deliver.other",
        {"client": "bing"},
        "提醒：data/bing/client.toml读不出来，无法核对文件里有没有该客户的名称。请改正后再交付一次",
        "Note: data/bing/client.toml cannot be read, so the files were not checked for that client's names. Correct it, then deliver again",
    ),
    (
        "e.deliver.kind",
        {"file": "a.docx", "allowed": "pdf, html"},
        "a.docx不能核对，已停止交付。可交付的类型：pdf, html",
        "a.docx cannot be checked, so nothing was delivered. Kinds that can: pdf, html",
    ),
    (
        "e.deliver.unread",
        {"file": "a.pdf"},
        "a.pdf打不开，无法核对，已停止交付。请重新生成",
        "a.pdf cannot be opened and checked, so nothing was delivered. Build it again",
    ),
]


@pytest.mark.parametrize(("id", "args", "zh", "en"), SAID, ids=[row[0] for row in SAID])
def test_a_message_says_where_and_what_next(id, args, zh, en):
    assert (Words("zh").problem(problem(id, **args)), Words("en").problem(problem(id, **args))) == (zh, en)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_kind_of_hit_and_place_has_its_words(locale):
    keys = catalogue.keyed(catalogue.FOLDER, locale)[0]
    kinds = ("name", "shop", "brand", "slug", *strangers.FOREVER[:-1], "mobile", "card", "email", "address")
    ids = [
        f"e.deliver.{id}.{code}"
        for id in ("foreign", "personal", "secret")
        for code in ("whole", "page", "cell", "key")
    ]
    assert {*(f"hit.{kind}" for kind in kinds), *ids} <= set(keys)
    assert set(texts.READERS) == {name.partition(".")[2] for name in FILES} | {"eml", "md"}
