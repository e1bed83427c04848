"""Small wrongs planted in a source, one at a time: what `tools.mutants` runs the tests against."""

import ast
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import partial
from types import CodeType
from typing import Any

MUTANT = "<mutant>"
NOTE = "__note__"
Put = Callable[[Any], None]

# A neighbour that is wrong in a few cases only, where there is one: it is the hardest to find.
_SWAPS: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_OPPOSITES = {"min": "max", "max": "min", "any": "all", "all": "any"}

# What only narrows or sorts what comes before it. Locks are not among them: SQLite has none, and on
# PostgreSQL the races of the tests look after them.
_NARROWING = {"filter", "exclude", "order_by"}

# How rows are locked, and `zip`'s own check: nothing goes wrong on SQLite without them.
_SAFETY = {"no_key", "skip_locked", "of", "strict"}

_NOT_DONE = {"annotation", "returns", "decorator_list"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A source with one wrong in it; ``where`` names the function, ``change`` shows the wrong."""

    where: str
    line: int
    change: str
    code: CodeType


def mutants(source: str) -> Iterator[Mutant]:
    """Every wrong this module knows, in the order of the source.

    Not touched are words (a reference that is spelled otherwise everywhere is as good), types,
    decorators, what a class declares, and texts for people to read.
    """
    tree = ast.parse(source)
    _without_decorators(tree)
    for where, node, put in _places(tree, ""):
        for change, wrong in _wrongs(node):
            put(wrong)
            code = compile(ast.fix_missing_locations(tree), MUTANT, "exec")
            yield Mutant(where or "module", node.lineno, " ".join(change.split()), code)
            put(node)


def noting(source: str) -> CodeType:
    """The source with nothing wrong in it, whose functions say by `NOTE` that they run."""
    tree = ast.parse(source)
    _without_decorators(tree)
    for where, node, _ in list(_places(tree, "")):
        if isinstance(node, ast.FunctionDef):
            name = ast.Constant(".".join(filter(None, (where, node.name))))
            node.body.insert(0, ast.Expr(ast.Call(ast.Name(NOTE, ast.Load()), [name], [])))
    return compile(ast.fix_missing_locations(tree), MUTANT, "exec")


def _without_decorators(tree: ast.Module) -> None:
    """A module that is run a second time for its functions must not register them again."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = []


def _places(parent: ast.AST, where: str) -> Iterator[tuple[str, Any, Put]]:
    """Every node that may be wrong, in which function, and how to put another in its place."""
    for name, value in ast.iter_fields(parent):
        if name in _NOT_DONE:
            continue
        places: list[tuple[object, Put]] = [(value, partial(setattr, parent, name))]
        if isinstance(value, list):
            places = [(item, partial(value.__setitem__, i)) for i, item in enumerate(value)]
        for node, put in places:
            if isinstance(node, ast.AST) and not _is_said(parent, node):
                if hasattr(node, "lineno"):
                    yield where, node, put
                yield from _places(node, ".".join(filter(None, (where, _name(node)))))


def _name(node: ast.AST) -> str:
    return node.name if isinstance(node, ast.FunctionDef | ast.ClassDef) else ""


def _is_said(parent: ast.AST, node: ast.AST) -> bool:
    """Whether a node only declares or tells something."""
    if isinstance(parent, ast.ClassDef):
        return not isinstance(node, ast.FunctionDef)
    if isinstance(node, ast.keyword):
        return node.arg in _SAFETY
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) == "__all__"
    return isinstance(node, ast.Assert) or _name(node) == "__str__"


def _wrongs(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for wrong in (*_other_expressions(node), *_other_statements(node)):
        yield f"{_first_line(node)} → {_first_line(wrong)}", wrong
    match node:
        case ast.Set(elts=elements) if len(elements) > 1:
            for i, left_out in enumerate(elements):
                yield f"without {ast.unparse(left_out)}", ast.Set(_but(elements, i))
        case ast.Dict(keys=keys, values=values) if len(keys) > 1:
            for i, key in enumerate(keys):
                wrong = ast.Dict(_but(keys, i), _but(values, i))
                yield f"without {ast.unparse(key) if key else ast.unparse(values[i])}", wrong
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            if not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp):
                wrong = _with(node, test=ast.UnaryOp(ast.Not(), test))
                yield f"if {ast.unparse(test)} → if not {ast.unparse(test)}", wrong


def _first_line(node: ast.AST) -> str:
    return ast.unparse(node).partition("\n")[0]


def _other_expressions(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=ops):
            for i, op in enumerate(ops):
                yield _with(node, ops=[*ops[:i], _SWAPS[type(op)](), *ops[i + 1 :]])
        case ast.BoolOp(op=op) | ast.BinOp(op=op) if type(op) in _SWAPS:
            yield _with(node, op=_SWAPS[type(op)]())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
        case ast.Call(func=ast.Name(id=name)) if name in _OPPOSITES:
            yield _with(node, func=ast.Name(_OPPOSITES[name], ast.Load()))
        case ast.Call(func=ast.Name(id="sorted"), args=[first]):
            yield ast.Call(ast.Name("list", ast.Load()), [first], [])
        case ast.Call(func=ast.Attribute(value=before, attr=name)) if name in _NARROWING:
            yield before if name != "filter" else _with(node, args=[], keywords=[])


def _other_statements(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield ast.Pass()
        case ast.AugAssign(op=op) if type(op) in _SWAPS:
            yield _with(node, op=_SWAPS[type(op)]())
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield ast.Return(ast.Constant(None))
        case ast.Continue():
            yield ast.Break()


def _but(items: list[Any], index: int) -> list[Any]:
    return items[:index] + items[index + 1 :]


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _with(node: ast.AST, **changed: Any) -> ast.AST:
    other = copy(node)
    for name, value in changed.items():
        setattr(other, name, value)
    return other
