"""A new client's folder: everything a consultant fills in, commented, and nothing overwritten."""

from __future__ import annotations

import tomllib

from kit import project
from kit.client import refuse_name
from kit.errors import WRONG_CALL, KitError, problem
from kit.text import Words


def new(slug: str, words: Words) -> list[str]:
    """Make ``data/<slug>/`` and return the paths made, relative to the project; refuses an existing client."""
    refuse_name(slug)
    folder = project.data() / slug
    if folder.exists():
        raise KitError(problem("e.client.exists", client=slug), WRONG_CALL)
    from kit.workbook import inputs

    source = project.templates() / "new"
    toml = (source / f"client.{words.locale}.toml").read_text(encoding="utf-8").format(slug=slug)
    shops = {key: shop["name"] for key, shop in tomllib.loads(toml)["shops"].items()}
    files = {
        "client.toml": toml.encode(),
        "_brand.yml": (source / "_brand.yml").read_bytes(),
        "inputs.xlsx": inputs(slug, shops, words, source / "examples.yml"),
    }
    made = [*(folder / "exports" / key for key in shops), folder / "notes"]
    for path in made:
        path.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [project.relative(path) for path in (*(folder / name for name in files), *made)]
