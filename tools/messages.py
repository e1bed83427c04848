"""Message catalogues: collect strings, compile translations, check that nothing is missing.

    python -m tools.messages extract | compile | check

A module owns its words: each installed app has its own `locale/`, filled from its Python files and
templates. What belongs to no app goes to the nearest folder of LOCALE_PATHS. Catalogues carry
neither dates nor line numbers, so a diff shows words and nothing else.
"""

import io
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "loop28"
LANGUAGE = "zh_Hans"
CATALOGUE = Path("locale", LANGUAGE, "LC_MESSAGES", "django.po")
HEADER = """\
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


def main(command: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loop28.settings")
    if command == "compile":
        compile_all()
    elif command == "extract":
        extract_all()
    elif found := sorted(problems()):
        sys.exit("\n".join([*found, f"{len(found)} problems in translations; see `make messages`"]))


def compile_all() -> None:
    for file in PACKAGE.rglob("*.po"):
        with file.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read(file))


def extract_all() -> None:
    """Bring every catalogue up to date; what was translated stays, what nobody uses goes."""
    for home, used in used_strings().items():
        file = home / CATALOGUE
        if not entries(used) and not file.exists():
            continue
        known = read(file)
        for message in entries(used):
            old = known.get(message.id, message.context)
            if old and old.pluralizable == message.pluralizable:
                message.string, message.flags = old.string, message.flags | old.flags
        header = file.read_text().partition("\n\n")[0] + "\n" if file.exists() else HEADER
        body = io.BytesIO()
        write_po(body, used, width=0, omit_header=True, include_lineno=False)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{header}\n{body.getvalue().decode().strip()}\n")


def problems() -> Iterator[str]:
    """Say what is missing, unfinished or left over, each with its file and string."""
    translations = defaultdict(set)
    for home, used in used_strings().items():
        file = (home / CATALOGUE).relative_to(ROOT)
        known = read(ROOT / file)
        for message in entries(used):
            entry = known.get(message.id, message.context)
            if fault := fault_of(message, entry):
                yield f"{file}: {fault}: {message.id!r}"
            elif entry:
                translations[message.id, message.context].add(entry.string)
        for entry in [*entries(known), *known.obsolete.values()]:
            if entry.id and used.get(entry.id, entry.context) is None:
                yield f"{file}: not used any more: {entry.id!r}"
    for (text, _), strings in translations.items():
        if len(strings) > 1:  # at run time one of them would win everywhere
            yield f"translated in several ways, tell them apart by pgettext: {text!r} {strings}"


def fault_of(message: Message, entry: Message | None) -> str | None:
    if entry is None or entry.pluralizable != message.pluralizable:
        return "missing"
    if entry.fuzzy:
        return "fuzzy"
    if not all(texts(entry.string)):
        return "not translated"
    wanted = set(PLACEHOLDER.findall(texts(message.id)[-1]))
    if any(set(PLACEHOLDER.findall(text)) != wanted for text in texts(entry.string)):
        return "placeholders differ"
    return None


def used_strings() -> dict[Path, Catalog]:
    """Read all sources, and give the strings of each to the catalogue it belongs to."""
    from django.conf import settings

    homes = {PACKAGE.parent / app.replace(".", "/") for app in settings.INSTALLED_APPS}
    homes |= {Path(folder).parent for folder in settings.LOCALE_PATHS}
    used = {home: Catalog(LANGUAGE) for home in sorted(homes) if home.is_dir()}
    for file in sorted(PACKAGE.rglob("*")):
        for message, context in strings_in(file):
            home = next((folder for folder in file.parents if folder in used), None)
            if home is None:
                sys.exit(f"{file}: its strings belong to no app and to no folder of LOCALE_PATHS")
            used[home].add(message, context=context, locations=[(str(file.relative_to(ROOT)), 0)])
    return used


def strings_in(file: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    if file.suffix not in {".py", ".html", ".txt"}:
        return
    source = file.read_text()
    if file.suffix != ".py":
        from django.utils.translation.template import templatize

        # Looks like Python, but for its indentation, which means nothing.
        source = "\n".join(line.lstrip() for line in templatize(source).splitlines())
    lines = io.BytesIO(source.encode())
    for _, message, _, context in extract("python", lines, KEYWORDS, options={"encoding": "utf-8"}):
        yield message, context


def read(file: Path) -> Catalog:
    if not file.exists():
        return Catalog(LANGUAGE)
    return read_po(io.BytesIO(file.read_bytes()), locale=LANGUAGE)


def entries(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def texts(text: str | Iterable[str] | None) -> list[str]:
    return [text or ""] if isinstance(text, str | None) else list(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
