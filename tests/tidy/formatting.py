"""The text of C++ files is what clang-format 14 makes of them."""

import re
import shutil
import subprocess

from tree import Skipped

COMPLAINT = re.compile(r"^(.+?):(\d+):\d+: error: code should be clang-formatted", re.MULTILINE)


def check(tree, rules):
    program = shutil.which("clang-format-14")
    if program is None:
        raise Skipped("clang-format-14 is not installed (installer/dependencies --test installs it)")
    files = [source.path for source in tree.cpp()]
    if not files:
        return []
    style = (tree.root / ".clang-format").resolve()
    run = subprocess.run(
        [program, f"--style=file:{style}", "--dry-run", "--Werror", *files],
        cwd=tree.root, capture_output=True, text=True, encoding="utf-8", check=False,
    )
    first = {}
    for path, line in COMPLAINT.findall(run.stderr):
        first.setdefault(path, line)
    if run.returncode != 0 and not first:
        raise SystemExit(run.stderr)
    return [f"{path}:{line}: run clang-format-14 -i" for path, line in first.items()]
