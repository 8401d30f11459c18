"""Make the two static faces of Noto Sans SC that every page is set in.

    python templates/fonts/make.py [FOLDER]

The variable font comes from a PyPI package, is pinned by its hash, instanced at the regular and the bold weight,
named as the static family it then is, and stripped of what a horizontal page never uses (vertical metrics, hinting,
optional features). The same input gives the same bytes. Takes about a minute; the results are committed.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

PACKAGE = "justmytype-intl-cjk==0.1.0"
INSIDE = "justmytype_intl_cjk/fonts/ofl/notosanssc/"
VARIABLE = "NotoSansSC[wght].ttf"
SHA256 = "a3041811a78c361b1de50f953c805e0244951c21c5bd412f7232ef0d899af0da"
FAMILY = "Noto Sans SC"
WEIGHTS = {"Regular": 400, "Bold": 700}

# Kept: composition and local forms, kerning and marks, narrow punctuation. Ligatures are left out: text
# copied from a page must equal the text that was set.
FEATURES = ["ccmp", "locl", "kern", "mark", "mkmk", "halt", "palt"]
# Vertical metrics, and the tables that describe a variable font.
UNUSED = ["vhea", "vmtx", "VORG", "STAT", "HVAR", "MVAR", "avar", "fvar", "gvar"]

BOLD_SELECTION, REGULAR_SELECTION = 1 << 5, 1 << 6
WINDOWS, UNICODE_BMP, ENGLISH = 3, 1, 0x409


def fetch(folder: Path) -> tuple[bytes, bytes]:
    """The variable font and its licence, out of the package's wheel."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), PACKAGE]
    subprocess.run(command, check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        font, licence = archive.read(INSIDE + VARIABLE), archive.read(INSIDE + "OFL.txt")
    found = hashlib.sha256(font).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{VARIABLE} in {PACKAGE} has sha256 {found}; this script was written for {SHA256}")
    return font, licence


def name(font: TTFont, style: str) -> None:
    """Give the instance its own names, weight class and style bits; the variable file calls itself Thin."""
    table = font["name"]
    kept = {i: str(table.getName(i, WINDOWS, UNICODE_BMP, ENGLISH)) for i in (0, 5, 7, 8, 9, 10, 11, 13, 14)}
    full, postscript = f"{FAMILY} {style}", f"{FAMILY.replace(' ', '')}-{style}"
    version = kept[5].split(";")[0].removeprefix("Version ")
    table.names = []
    own = {1: FAMILY, 2: style, 3: f"{version};{postscript}", 4: full, 6: postscript}
    for number, text in sorted({**kept, **own}.items()):
        table.setName(text, number, WINDOWS, UNICODE_BMP, ENGLISH)
    bold = style == "Bold"
    selection = font["OS/2"].fsSelection & ~(BOLD_SELECTION | REGULAR_SELECTION)
    font["OS/2"].fsSelection = selection | (BOLD_SELECTION if bold else REGULAR_SELECTION)
    font["OS/2"].usWeightClass = WEIGHTS[style]
    font["head"].macStyle = 1 if bold else 0


def strip(font: TTFont) -> None:
    """Drop hinting and the layout features that are not in ``FEATURES``; every character stays."""
    options = Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.drop_tables += UNUSED
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.notdef_outline = True
    options.recalc_timestamp = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap())
    subsetter.subset(font)


def make(variable: Path, style: str, target: Path) -> None:
    """Write the static face ``style`` of the font file ``variable`` to ``target``."""
    font = TTFont(variable, recalcTimestamp=False)
    font = instantiateVariableFont(font, {"wght": WEIGHTS[style]}, inplace=True)
    strip(font)
    name(font, style)
    font.save(target)


def main(target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data, licence = fetch(Path(folder))
        variable = Path(folder) / VARIABLE
        variable.write_bytes(data)
        (target / "OFL.txt").write_bytes(licence)
        for style in WEIGHTS:
            file = target / f"{FAMILY.replace(' ', '')}-{style}.ttf"
            make(variable, style, file)
            print(f"{file.name}: {file.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
