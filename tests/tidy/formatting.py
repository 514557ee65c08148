"""The text of C++ files is what clang-format 14 makes of them."""

import shutil
import subprocess

from tree import Skipped


def check(tree, rules):
    program = shutil.which("clang-format-14")
    if program is None:
        raise Skipped("clang-format-14 is not installed (installer/dependencies --test installs it)")
    style = tree.root / ".clang-format"
    findings = []
    for source in tree.cpp():
        formatted = subprocess.run(
            [program, f"--style=file:{style}", f"--assume-filename={source.path}"],
            input=source.text, capture_output=True, check=True, text=True, encoding="utf-8",
        ).stdout
        if formatted != source.text:
            lines = zip(source.text.splitlines(), formatted.splitlines())
            first = next((number for number, (a, b) in enumerate(lines, 1) if a != b), 1)
            findings.append(f"{source.path}:{first}: run clang-format-14 -i")
    return findings
