"""The catalogues: both languages complete, in step, and within the wording rules. Every domain file is read."""

import ast
import re

import pytest
from babel.messages.pofile import read_po

from kit import catalogue, client, faults, findings, tables
from kit.text import FOR_TEMPLATES

KIT = catalogue.FOLDER.parent
LOCALES = ("zh", "en")
FILES = [p for loc in LOCALES for p in sorted((catalogue.FOLDER / loc / "LC_MESSAGES").glob("*.po"))]
DOMAINS = sorted({p.stem for p in FILES} - {"notebooks"})
ENTRIES = {loc: {d: catalogue.files(catalogue.FOLDER, loc)[f"{d}.po"] for d in DOMAINS} for loc in LOCALES}
KEYED = {loc: {key: forms for domain in ENTRIES[loc].values() for key, forms in domain.items()} for loc in LOCALES}

# What may stand after which no digit can be mistaken for a part of it, and what never begins with one.
ENDS_SAFELY = ("period", "date", "from", "to", "month", "base", "span", "week", "due")
BEGINS_SAFELY = ("category", "metric", "basis", "report", "guard", "unit", "brand", "rival", "driver", "label", "kind")
TOUCHING = {"page.kpi.change": "a change begins with its sign", "num.band": "an en dash stands between"}

# Which rule an entry may break, by the beginning of its key, and why.
CONSULTANT = ("e.", "say.", "sheet.")  # read at a terminal by whoever builds, never by a client
ALLOWED = {
    "stop": ("g.", "alt."),  # running text: explained terms, and what is read aloud
    "person": CONSULTANT,
    "space": CONSULTANT,  # commands stand apart from Chinese, and no engine spaces a terminal
    "causal": CONSULTANT,  # a broken file is a cause
    "no_effect": CONSULTANT,  # so is a row that does nothing
    "untested": ("verdict.clear", "g.p_value."),  # the words for a clear difference, and their explanation
}


def texts():
    return [(loc, key, form) for loc in LOCALES for key, forms in KEYED[loc].items() for form in forms]


def placeholders(text):
    return set(catalogue.PLACEHOLDER.findall(text))


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parts[-3]}-{p.stem}")
def test_a_catalogue_is_complete_and_has_its_header(path):
    with path.open("rb") as file:
        read = read_po(file, abort_invalid=True)
    locale = path.parts[-3]
    assert read.charset.lower() == "utf-8"
    assert read.num_plurals == {"zh": 1, "en": 2}[locale] or path.stem == "notebooks"
    for message in read:
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert not message.fuzzy or not message.id, message.id
        assert message.context is None, message.id
        assert not message.id or all(forms), f"{message.id} has no text"


def test_both_languages_have_the_same_files_and_keys():
    assert {loc: {d: sorted(e) for d, e in ENTRIES[loc].items()} for loc in LOCALES} == {
        loc: {d: sorted(e) for d, e in ENTRIES["zh"].items()} for loc in LOCALES
    }


def test_no_key_stands_in_two_files():
    seen = [key for domain in ENTRIES["zh"].values() for key in domain]
    assert sorted(key for key in set(seen) if seen.count(key) > 1) == []


def test_every_form_of_an_entry_has_the_same_placeholders():
    forms = {key: [form for loc in LOCALES for form in KEYED[loc][key]] for key in KEYED["zh"].keys() & KEYED["en"]}
    assert sorted(k for k, all_of in forms.items() if len({frozenset(placeholders(f)) for f in all_of}) > 1) == []


def test_every_brace_holds_a_name():
    assert sorted(key for _, key, text in texts() if re.search(r"[{}]", catalogue.PLACEHOLDER.sub("", text))) == []


def test_a_plural_in_english_is_one_form_in_chinese():
    plural = {key for key, forms in KEYED["en"].items() if len(forms) == 2}
    assert plural and all(len(KEYED["zh"][key]) == 1 for key in plural)
    assert all({"n", "k"} & placeholders(KEYED["en"][key][1]) for key in plural)


def test_no_entry_breaks_a_wording_rule():
    broken = [
        f"{locale} {key}: {reason}: {text}"
        for locale, key, text in texts()
        for reason in faults.faults(text, locale, clear=key.endswith(".clear"))
        if not key.startswith(ALLOWED.get(reason, ("\n",)))
    ]
    assert not broken, "\n".join(broken)


def test_a_placeholder_never_touches_one_that_may_begin_with_a_digit():
    touching = [
        f"{locale} {key}: {left} touches {right}"
        for locale, key, text in texts()
        for left, right in re.findall(r"{(\w+)}(?={(\w+)})", text)
        if left not in ENDS_SAFELY and right not in BEGINS_SAFELY and not right.endswith("_s") and key not in TOUCHING
    ]
    assert not touching, "\n".join(touching)


def test_a_sentence_that_says_up_also_says_down_and_level():
    directed = {found[1] for key in KEYED["zh"] if (found := re.match(r"(.+?)\.(?:up|down)(?:\.|$)", key))}
    starts = catalogue.keyed(catalogue.FOLDER, "zh")[1]
    assert {f"{key}.{way}" for key in directed for way in ("up", "down", "flat")} - starts == set()


# ---- what the code asks for ----------------------------------------------------------------------------


def asked():
    """Every call of the kit that names an entry: place, key, and its arguments' names when all are written out."""
    for path in sorted(KIT.rglob("*.py")):
        for call in (n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            first = call.args[0] if call.args else None
            if (
                name in ("problem", "warning", "label")
                and isinstance(first, ast.Constant)
                and isinstance(first.value, str)
            ):
                names = {k.arg for k in call.keywords}
                yield f"{path.relative_to(KIT)}:{call.lineno}", first.value, None if None in names else names


def test_every_entry_that_the_code_names_exists():
    lacking = sorted({f"{key} ({where})" for where, key, _ in asked() if key not in KEYED["zh"]})
    assert not lacking, "\n".join(lacking)


def test_every_placeholder_gets_its_argument():
    lacking = [
        f"{key} ({where}): {', '.join(sorted(wanted - given))}"
        for where, key, given in asked()
        if given is not None and key not in FOR_TEMPLATES
        for wanted in [placeholders("".join(KEYED["zh"].get(key, ())))]
        if wanted - given
    ]
    assert not lacking, "\n".join(lacking)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_code_that_is_shown_has_a_name(locale):
    codes = {
        "platform": client.PLATFORMS,
        "shop": client.Shop.model_fields["kind"].annotation.__args__,
        "price": client.Market.model_fields["price_kind"].annotation.__args__,
        "kind": findings.Kind,
        "severity": findings.Severity,
        "table": tables.TABLES,
        "sales": tables.LISTINGS.field("sales_kind").words,
        "value": tables.MARKET_MONTHLY.field("value_kind").words,
        "page.kind": ("month", "quarter", "year", "week", "day", "span", "campaign"),
    }
    wanted = {f"{prefix}.{code}" for prefix, names in codes.items() for code in names}
    assert wanted - set(KEYED[locale]) == set()


def test_every_report_has_a_title_and_a_scope():
    names = [
        "review",
        "market",
        "swot",
        "abtest",
        "campaign",
        "customers",
        "ads",
        "products",
        "service",
        "risk",
        "plan",
        "profit",
        "renewal",
        "summary",
    ]
    assert [n for n in names if not {f"report.{n}", f"report.{n}.scope"} <= set(KEYED["zh"])] == []


def test_every_term_is_explained():
    terms = [key.removesuffix(".term") for key in KEYED["zh"] if key.startswith("g.") and key.endswith(".term")]
    assert len(terms) >= 40
    assert [t for t in terms if f"{t}.text" not in KEYED["zh"]] == []


def test_every_reason_to_refuse_a_rewording_has_its_sentence():
    reasons = {*faults.RULES["zh"], *faults.RULES["en"], "percent"}
    assert reasons - {key.removeprefix("e.edit.style.") for key in KEYED["zh"]} == set()
