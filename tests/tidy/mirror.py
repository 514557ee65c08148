"""A test for every source, and nothing that is written but not built.

shared/kernel/money.cpp is tested by tests/shared/kernel/tst_money.cpp (or, for a room inside a room, by one of that name
in the folder above), or by a test that names it in a line "// Tests: money.cpp currency.cpp". Names are relative to the
mirrored folder, or written from the root. tests/contract mirrors server/storage: what holds for every engine."""

import posixpath
import re

TESTS = re.compile(r"^// Tests:((?: \S+)+)$", re.MULTILINE)


def check(tree, rules):
    sources = {source.path: source for source in tree.files(".cpp")}
    named = {}
    for path, source in sources.items():
        if not path.startswith("tests/"):
            continue
        folder = posixpath.dirname(path).removeprefix("tests/")
        mirrored = "server/storage" if folder == "contract" else folder
        for match in TESTS.finditer(source.text):
            for name in match[1].split():
                rooted = name.startswith(("shared/", "server/", "console/"))
                named[name if rooted else posixpath.join(mirrored, name)] = source.finding(match.start(), "")
    for path, where in named.items():
        if not tree.exists(path) and not tree.exists(f"tests/{path}"):
            yield f"{where}says that it tests {path}, which is not there"
    for path in sources:
        if needs_test(path) and path not in named and not any(test in sources for test in tests_of(path)):
            yield f"{path}:1: has no test: {tests_of(path)[0]}, or a line // Tests: in its folder"
    yield from unbuilt(tree, sources)


def needs_test(path):
    return path.startswith(("shared/", "server/")) and posixpath.basename(path) != "main.cpp"


def tests_of(path):
    """The tests by whose name it is tested, the nearest first."""
    folder, name = posixpath.split(path)
    folders = [folder]
    while "/" in posixpath.dirname(folders[-1]):
        folders.append(posixpath.dirname(folders[-1]))
    return [f"tests/{folder}/tst_{name}" for folder in folders]


def unbuilt(tree, sources):
    """A source that no CMakeLists.txt of its folder or one above names is dead; a dead test never fails."""
    lists = {}
    for path in sources:
        folder, name = posixpath.split(path)
        stem = re.escape(name.removesuffix(".cpp"))
        word = rf"\b{stem}\.cpp\b"
        if name.startswith("tst_"):  # add_room_test(tst_money), or a loop over names that lack the prefix
            word = rf"\b(?:tst_)?{stem.removeprefix('tst_')}\b"
        texts = []
        while folder:
            if folder not in lists:
                file = tree.root / folder / "CMakeLists.txt"
                lists[folder] = file.read_text(encoding="utf-8") if file.is_file() else ""
            texts.append(lists[folder])
            folder = posixpath.dirname(folder)
        if not any(re.search(word, text) for text in texts):
            yield f"{path}:1: no CMakeLists.txt builds it"
