"""Words that do not belong in some rooms (banned.toml), and connect() without a context object."""

import re
import tomllib

from tree import under

CONNECT = re.compile(r"(?P<before>[\w>)]?)(?P<scope>\s*::\s*)?\bconnect\s*\(")
SIGNAL = re.compile(r"&\s*[\w:<>]*::\s*\w+|\bSIGNAL\s*\(|\bq(?:Const|NonConst)?Overload\b")


def arguments(code, opening):
    """The text of each argument of the call whose parenthesis opens there."""
    depth = 0
    start = opening + 1
    found = []
    for at in range(opening, len(code)):
        depth += (code[at] in "([{") - (code[at] in ")]}")
        if depth == 0 or (depth == 1 and code[at] == ","):
            found.append(code[start:at])
            start = at + 1
        if depth == 0:
            break
    return found


def three_argument_connects(source):
    for match in CONNECT.finditer(source.code):
        if match["scope"] and not match["before"]:
            continue  # ::connect(), the socket call
        call = arguments(source.code, match.end() - 1)
        if len(call) == 3 and SIGNAL.search(call[1]):
            yield source.finding(
                match.end() - 1, "connect() of three arguments: name a context object that ends the connection"
            )


def check(tree, rules):
    table = tomllib.loads((rules / "banned.toml").read_text(encoding="utf-8"))
    for rule in table["rule"]:
        rule["expression"] = re.compile(rule["pattern"])
    for source in tree.cpp():
        yield from three_argument_connects(source)
        for rule in table["rule"]:
            if under(source.path, rule["in"]) and not under(source.path, rule.get("except", [])):
                yield from matches(source, rule)


def matches(source, rule):
    if rule.get("where") == "strings":
        for position, text in source.strings:
            match = rule["expression"].search(text)
            if match:
                yield source.finding(position, f'"{match[0].strip()}": {rule["why"]}')
    else:
        for match in rule["expression"].finditer(source.code):
            yield source.finding(match.start(), f"{match[0].strip()}: {rule['why']}")
