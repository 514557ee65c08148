"""Files of at most 500 lines, functions of at most 70: a ratchet. The tables of tests (functions x_data) count only as
part of their file. What is larger stands in size_baseline.toml with its
size and a reason, may not grow, and must be written down smaller once it has shrunk."""

import ast
import re
import tomllib

from tree import CPP, blank, line_of

FILE_LINES = 500
FUNCTION_LINES = 70

DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
SCOPE = re.compile(r"\b(?:namespace|class|struct|union|enum|extern)\b[^()]*$")
LABEL = re.compile(r"\b(?:(?:public|private|protected)(?:\s+Q_SLOTS)?|Q_SIGNALS)\s*:(?!:)")
NAME = re.compile(r"(operator\s*[^\s(]+|~?\w+)\s*\(")


def cpp_functions(source):
    """(name, first line, lines) of each function body, by its braces: those whose head holds a parenthesis."""
    code = DIRECTIVE.sub(lambda match: blank(match[0]), source.code)
    at = head = 0
    while at < len(code):
        if code[at] in ";}":
            head = at + 1
        elif code[at] == "{":
            label = [match.end() for match in LABEL.finditer(code, head, at)]
            head = label[-1] if label else head
            text = code[head:at]
            if "(" in text and not SCOPE.search(text) and not text.rstrip().endswith("="):
                end = body_end(code, at)
                first = line_of(code, head + len(text) - len(text.lstrip()))
                name = NAME.search(text)
                yield name[1] if name else "?", first, line_of(code, end) - first + 1
                at = end
            elif not SCOPE.search(text):
                at = matching(code, at)  # an initialiser
            head = at + 1
        at += 1


def matching(code, opening):
    depth = 0
    for at in range(opening, len(code)):
        depth += (code[at] == "{") - (code[at] == "}")
        if depth == 0:
            return at
    return len(code) - 1


def body_end(code, opening):
    """The closing brace of the body; m_a{1}, m_b{2} of a constructor's list come before it."""
    end = matching(code, opening)
    following = code[end + 1 :].lstrip()[:1]
    while following and following in ",{":
        opening = code.find("{", end + 1)
        if opening < 0:
            break
        end = matching(code, opening)
        following = code[end + 1 :].lstrip()[:1]
    return end


def python_functions(source):
    for node in ast.walk(ast.parse(source.text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, node.end_lineno - node.lineno + 1


def ratchet(name, lines, limit, allowed):
    """What is wrong with that size, or nothing. allowed is the baseline's entry."""
    if allowed is None:
        return f"has {lines} lines, more than {limit}" if lines > limit else None
    if not allowed.get("why"):
        return "stands in size_baseline.toml without a reason"
    if lines > allowed["lines"]:
        return f"has grown from {allowed['lines']} to {lines} lines"
    if lines < allowed["lines"]:
        return f"has shrunk to {lines} lines: write that into size_baseline.toml (or take it out, at {limit})"
    return None


def check(tree, rules):
    baseline = tomllib.loads((rules / "size_baseline.toml").read_text(encoding="utf-8"))
    files = dict(baseline.get("files", {}))
    functions = dict(baseline.get("functions", {}))
    for source in tree.files(*CPP, ".py"):
        lines = source.text.count("\n")
        problem = ratchet(source.path, lines, FILE_LINES, files.pop(source.path, None))
        if problem:
            yield f"{source.path}:1: the file {problem}"
        largest = {}
        for name, first, count in python_functions(source) if source.path.endswith(".py") else cpp_functions(source):
            if name.endswith("_data") and source.path.startswith("tests/"):
                continue
            if count > largest.get(name, (0, 0))[1]:
                largest[name] = (first, count)
        for name, (first, count) in largest.items():
            problem = ratchet(name, count, FUNCTION_LINES, functions.pop(f"{source.path}:{name}", None))
            if problem:
                yield f"{source.path}:{first}: {name} {problem}"
    for gone in [*files, *functions]:
        yield f"{gone}: stands in size_baseline.toml but is not there"
