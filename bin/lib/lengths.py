"""How long files and functions may be: what is longer is about more than one thing."""

from __future__ import annotations

import ast

FILE = 400
FUNCTION = 40


def functions(text):
    """Yield ``(name, first line, lines of its body)`` of the functions in Python code.

    The docstring does not count, and a text of several lines, such as a query, counts as one.
    """
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first, *others = node.body
            body = others if others and _is_text(first) else node.body
            texts = [n for item in body for n in ast.walk(item) if _is_long_text(n)]
            in_texts = {
                line for text in texts for line in range(text.lineno + 1, text.end_lineno + 1)
            }
            lines = range(body[0].lineno, node.end_lineno + 1)
            yield node.name, node.lineno, len(set(lines) - in_texts)


def _is_text(statement):
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _is_long_text(node):
    return isinstance(node, (ast.Constant, ast.JoinedStr)) and node.end_lineno > node.lineno
