import pytest

from kit import brand
from kit.brand import Brand, contrast, load
from kit.errors import KitError
from kit.text import Words

SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'


def written(folder, text, **files):
    (folder / "_brand.yml").write_text(text, encoding="utf-8")
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_text(content, encoding="utf-8")
    return folder


def faults(folder):
    with pytest.raises(KitError, match=r"e\.brand") as caught:
        load(folder)
    return [(p.id, p.args.get("key") or p.args.get("logo") or p.args.get("row")) for p in caught.value.problems]


def test_without_a_file_the_kit_has_a_look_of_its_own(tmp_path):
    assert load(tmp_path, "green") == Brand(up_color="green")


def test_colours_are_taken_by_name_from_the_palette(tmp_path):
    text = 'color:\n  palette:\n    leaf: "#1F6F54"\n    sun: "#C60"\n  primary: leaf\n  secondary: sun\n'
    made = load(written(tmp_path, text))
    assert (made.primary, made.highlight) == ("#1f6f54", "#cc6600")


def test_the_palettes_own_highlight_comes_before_the_secondary_colour(tmp_path):
    text = 'color:\n  palette:\n    highlight: "#c03"\n  secondary: "#555555"\n'
    assert load(written(tmp_path, text)).highlight == "#cc0033"


@pytest.mark.parametrize("pale", ["#ffd000", "#9be7c4", "#ffffff", "#f0f0ff"])
def test_a_pale_brand_is_darkened_until_it_can_be_read(tmp_path, pale):
    made = load(written(tmp_path, f'color:\n  primary: "{pale}"\n  secondary: "{pale}"\n  foreground: "{pale}"\n'))
    for text in (made.primary, made.grey, made.ink):
        assert min(contrast(text, "#ffffff"), contrast(text, made.tint)) >= 4.5
    assert contrast(made.highlight_text, made.highlight_tint) >= 4.5
    assert contrast(made.on_highlight, made.highlight) >= 4.5
    assert contrast(made.highlight, "#ffffff") >= 3


def test_a_colour_that_can_be_read_stays_as_it_is(tmp_path):
    assert load(written(tmp_path, 'color:\n  primary: "#1f5a8a"\n')).primary == "#1f5a8a"


@pytest.mark.parametrize(("up", "rise", "fall"), [("red", brand.RED, brand.GREEN), ("green", brand.GREEN, brand.RED)])
def test_the_client_says_which_colour_a_rise_has(up, rise, fall):
    made = Brand(up_color=up)
    assert (made.good, made.bad) == (rise, fall)
    assert min(contrast(rise, "#ffffff"), contrast(fall, "#ffffff")) >= 4.5


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


LOGOS = """
logo:
  images:
    mark:
      path: a.svg
      alt: 青禾的标志
  small: b.svg
  large:
    light: mark
    dark: c.svg
"""


def test_the_largest_logo_for_a_light_page_is_taken(tmp_path):
    made = load(written(tmp_path, LOGOS, a_svg=SVG, b_svg="<svg/>", c_svg="<svg/>"))
    assert (made.logo, made.logo_media, made.logo_alt) == (SVG.encode(), "image/svg+xml", "青禾的标志")


@pytest.mark.parametrize(
    ("logo", "fault"),
    [
        ("absent.svg", "e.brand.logo.missing"),
        ("../other/logo.svg", "e.brand.logo.outside"),
        ("https://example.com/logo.svg", "e.brand.logo.web"),
        ("logo.gif", "e.brand.logo.kind"),
    ],
)
def test_a_logo_that_cannot_be_used_is_named(tmp_path, logo, fault):
    folder = tmp_path / "acme"
    folder.mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "logo.svg").write_text(SVG, encoding="utf-8")
    assert faults(written(folder, f"logo: {logo}\n", logo_gif="GIF89a")) == [(fault, logo)]


def test_a_link_out_of_the_folder_is_outside(tmp_path):
    folder = tmp_path / "acme"
    folder.mkdir()
    (tmp_path / "secret.svg").write_text(SVG, encoding="utf-8")
    (folder / "logo.svg").symlink_to(tmp_path / "secret.svg")
    assert faults(written(folder, "logo: logo.svg\n")) == [("e.brand.logo.outside", "logo.svg")]


def test_a_logo_too_large_for_every_page_is_refused(tmp_path):
    assert faults(written(tmp_path, "logo: logo.svg\n", logo_svg="x" * 400_001)) == [("e.brand.logo.large", "logo.svg")]


def test_every_fault_is_told_at_once(tmp_path):
    text = 'color:\n  primary: "blue-ish"\n  secondary: "rgb(1,2,3)"\nlogo: absent.png\n'
    assert faults(written(tmp_path, text)) == [
        ("e.brand.color", "color.primary"),
        ("e.brand.color", "color.secondary"),
        ("e.brand.logo.missing", "absent.png"),
    ]


def test_a_misspelt_key_is_refused(tmp_path):
    assert faults(written(tmp_path, 'color:\n  prmary: "#123456"\n')) == [("e.brand.key", "color.prmary")]


def test_broken_yaml_names_its_row(tmp_path):
    assert faults(written(tmp_path, 'color:\n  primary: "#123456\nlogo: [\n')) == [("e.brand.yaml", 4)]


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_fault_has_a_sentence(tmp_path, locale):
    with pytest.raises(KitError, match=r"e\.brand\.color") as caught:
        load(written(tmp_path, "color:\n  primary: teal-ish\nlogo: ../x.svg\n"))
    told = [Words(locale).problem(p) for p in caught.value.problems]
    assert ["_brand.yml" in t and "e.brand" not in t for t in told] == [True, True]


def test_the_document_gets_colours_and_the_logo_in_base64():
    plain = Brand(logo=b"abc", logo_media="image/png").plain()
    assert plain["logo"] == "YWJj"
    assert {"primary", "highlight", "ink", "grey", "rule", "tint", "good", "bad"} <= plain.keys()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.png", "hello"),
        ("logo.jpg", "<svg/>"),
        ("logo.svg", ""),
        ("logo.svg", "<html/>"),
        ("logo.svg", "<svg><script>alert(1)</script></svg>"),
        ("logo.svg", '<svg><image href="https://example.com/a.png"/></svg>'),
        ("logo.svg", "<svg><style>@import 'a.css';</style></svg>"),
    ],
)
def test_a_logo_that_is_no_drawing_of_its_own_is_refused(tmp_path, name, content):
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert faults(written(tmp_path, f"logo: {name}\n")) == [("e.brand.logo.kind", name)]


def test_a_logo_may_point_into_itself(tmp_path):
    svg = '<svg><path id="a" fill="url(#b)"/><use href="#a"/></svg>'
    assert load(written(tmp_path, "logo: logo.svg\n", logo_svg=svg)).logo == svg.encode()


def test_colours_that_name_each_other_in_a_circle_are_a_fault(tmp_path):
    text = "color:\n  primary: a\n  palette:\n    a: b\n    b: a\n"
    assert faults(written(tmp_path, text)) == [("e.brand.key", "color.palette")]


def test_a_value_of_no_possible_kind_is_named_once(tmp_path):
    assert faults(written(tmp_path, "logo: /etc/logo.png\n")) == [("e.brand.key", "logo")]
