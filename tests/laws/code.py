"""The source as the laws look at it: parsed once."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"
BUSINESS = ("kernel", "back", "middle", "front")


@cache
def parsed() -> dict[str, ast.Module]:
    """The tree of every module but the migrations, by its name: ``loop28.kernel.clock``."""
    files = [file for file in SOURCE.rglob("*.py") if "migrations" not in file.parts]
    return {_name(file): ast.parse(file.read_text()) for file in sorted(files)}


def business() -> dict[str, ast.Module]:
    """The modules in which money is counted: all below insight and the doors."""
    storeys = tuple(f"loop28.{storey}." for storey in BUSINESS)
    return {name: tree for name, tree in parsed().items() if name.startswith(storeys)}


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def spelled(node: ast.AST) -> str:
    """``timezone.now`` for such an expression; empty for one that is no dotted name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (stem := spelled(node.value)):
        return f"{stem}.{node.attr}"
    return ""


def _name(file: Path) -> str:
    parts = file.relative_to(SOURCE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")
