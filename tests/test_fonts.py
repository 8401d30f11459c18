"""The two faces in templates/fonts: static, complete, named so that every program tells them apart."""

import importlib.util
import zlib

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont

from kit import pdf, project

FOLDER = project.templates() / "fonts"
STYLES = {"Regular": 400, "Bold": 700}


@pytest.fixture(params=STYLES)
def face(request):
    with TTFont(FOLDER / f"NotoSansSC-{request.param}.ttf", lazy=True) as font:
        yield request.param, font


@pytest.fixture(scope="module")
def make():
    spec = importlib.util.spec_from_file_location("make_fonts", FOLDER / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_face_is_static_truetype(face):
    _, font = face
    assert {"fvar", "gvar", "STAT", "HVAR", "avar", "CFF "}.isdisjoint(font.keys())
    assert "glyf" in font


def test_a_face_is_called_what_it_is(face):
    style, font = face
    names = [font["name"].getDebugName(n) for n in (1, 2, 4, 6)]
    assert names == ["Noto Sans SC", style, f"Noto Sans SC {style}", f"NotoSansSC-{style}"]
    assert not any("Thin" in str(record) for record in font["name"].names)


def test_weight_and_style_bits_say_the_same(face):
    style, font = face
    bold = style == "Bold"
    assert font["OS/2"].usWeightClass == STYLES[style]
    assert (font["head"].macStyle & 1, bool(font["OS/2"].fsSelection & 1 << 5)) == (bold, bold)


def test_no_ligature_stands_between_text_and_its_copy(face):
    _, font = face
    features = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    assert features == {"ccmp", "locl"}


def test_every_character_of_gb2312_has_a_glyph():
    rows = range(0xA1, 0xF8)
    text = "".join(bytes((a, b)).decode("gb2312", "ignore") for a in rows for b in range(0xA1, 0xFF))
    assert len(text) == 7445
    assert pdf.missing_glyphs(text) == set()


def test_what_the_kit_itself_prints_has_a_glyph():
    assert pdf.missing_glyphs("〓▲▼−–—·￥¥“”‘’…÷×≥≤①") == set()


def test_both_faces_stay_small_enough_for_git():
    packed = sum(len(zlib.compress(file.read_bytes(), 6)) for file in FOLDER.glob("*.ttf"))
    assert packed < 13_200_000


def test_only_the_two_faces_lie_below_the_font_folder():
    files = sorted(p.name for p in FOLDER.rglob("*") if p.suffix.lower() in (".ttf", ".otf", ".ttc", ".woff2"))
    assert files == ["NotoSansSC-Bold.ttf", "NotoSansSC-Regular.ttf"]


def test_making_a_face_renames_it(make):
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef"])
    builder.setupCharacterMap({})
    builder.setupHorizontalMetrics({".notdef": (500, 0)})
    builder.setupOS2(usWeightClass=100, fsSelection=1 << 6)
    builder.setupNameTable({"familyName": "Noto Sans SC Thin", "styleName": "Regular", "version": "Version 2.004"})
    texts = {n: "x" for n in (0, 7, 8, 9, 10, 11, 13, 14)}
    for number, text in texts.items():
        builder.font["name"].setName(text, number, 3, 1, 0x409)
    make.name(builder.font, "Bold")
    assert builder.font["name"].getDebugName(3) == "2.004;NotoSansSC-Bold"
    assert (builder.font["OS/2"].usWeightClass, builder.font["OS/2"].fsSelection) == (700, 1 << 5)


def test_another_font_in_the_package_is_refused(make, tmp_path, monkeypatch):
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.whl", "w") as wheel:
        wheel.writestr(make.INSIDE + make.VARIABLE, b"another")
        wheel.writestr(make.INSIDE + "OFL.txt", b"licence")
    monkeypatch.setattr(make.subprocess, "run", lambda *a, **k: None)
    with pytest.raises(SystemExit, match=r"sha256 .* was written for"):
        make.fetch(tmp_path)
