"""What our linters cannot see: where time comes from, what money is made of, banned statements."""

import ast

from tests.laws import code

CLOCKS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"),
    *("timezone.now", "functions.Now", "Now"),
}
MAY_ASK = {
    "loop28.kernel.clock",
    "loop28.doors.cli.doctor",  # compares the machine's clock with it
    "loop28.doors.sessions",  # end in the time of people: moving the clock signs nobody out
}
WITHOUT_A_MOMENT = {"timezone.localtime", "timezone.localdate"}


NO_MONEY = {
    "loop28.front.playbooks.reading",  # reads YAML's own numbers; the schema takes money as text
    "loop28.kernel.tables",  # reads a spreadsheet's own numbers and hands them on as text
    "loop28.kernel.sql",  # waits for fractions of a second
}


def test_only_the_kernels_clock_asks_what_time_it_is():
    """Everything else uses `journal.now()` or `clock.now()`: a rehearsal moves exactly those."""
    found = [
        f"{name}:{call.lineno} {code.spelled(call.func)}"
        for name, tree in code.parsed().items()
        for call in code.calls(tree)
        if asks_the_time(call) and name not in MAY_ASK
    ]
    assert found == []


def asks_the_time(call):
    asked = ".".join(code.spelled(call.func).split(".")[-2:])
    return asked in CLOCKS or (asked in WITHOUT_A_MOMENT and not call.args)


def test_no_field_fills_itself_with_the_time():
    found = [
        f"{name}:{call.lineno}"
        for name, tree in code.parsed().items()
        for call in code.calls(tree)
        if {word.arg for word in call.keywords} & {"auto_now", "auto_now_add", "db_default"}
    ]
    assert found == []


def test_no_statement_drops_rows_that_break_any_constraint():
    """`kernel.sql.insert` names the columns over which a row may meet another."""
    found = [
        f"{name}:{call.lineno}"
        for name, tree in code.parsed().items()
        for call in code.calls(tree)
        if {word.arg for word in call.keywords} & {"ignore_conflicts", "update_conflicts"}
    ]
    assert found == []


def test_where_money_is_counted_there_are_no_floats():
    """No float, no true division, no fields for either. A share of something is `//` and `%`."""
    found = [
        f"{name}: {ast.unparse(node)}"
        for name, tree in code.business().items()
        for node in ast.walk(tree)
        if is_float(node) and name not in NO_MONEY
    ]
    assert found == []


def is_float(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return not isinstance(node.right, ast.Constant | ast.JoinedStr)  # a path has such a right
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    return code.spelled(node).rpartition(".")[2] in {"float", "Decimal", "FloatField", "truediv"}


def test_every_action_takes_the_actor_first():
    found = [
        f"{name}.{function.name}"
        for name, tree in code.parsed().items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        and any(code.spelled(d).endswith("action") for d in function.decorator_list)
        and [argument.arg for argument in function.args.args[:1]] != ["actor"]
    ]
    assert found == []


def test_every_module_of_the_house_says_what_it_is_for():
    found = [
        name
        for name, tree in code.parsed().items()
        if name.rpartition(".")[2] in {"actions", "queries", "rules"}
        and not ast.get_docstring(tree)
    ]
    assert found == []
