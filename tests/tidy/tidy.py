"""The house's own rules, as ctest tests: one check each, every finding one line.

Usage: tidy.py CHECK [--root DIR] [--rules DIR]
CHECK is one of: edges sizes banned tests tables format. Exit code 0: nothing found; 1: findings, on standard output as
path:line: message; 77: the check cannot run here (ctest counts it as skipped). The rules are the .toml files beside
this one, so that a rule is changed by a reviewed line of data. Standard library only.
"""

import argparse
import pathlib
import sys

import banned
import edges
import formatting
import mirror
import sizes
import tables
from tree import Skipped, Tree

CHECKS = {
    "edges": edges.check,
    "sizes": sizes.check,
    "banned": banned.check,
    "tests": mirror.check,
    "tables": tables.check,
    "format": formatting.check,
}


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description="Checks the source tree against one of the house's rules.")
    parser.add_argument("check", choices=CHECKS)
    parser.add_argument("--root", type=pathlib.Path, default=here.parents[1])
    parser.add_argument("--rules", type=pathlib.Path, default=here)
    options = parser.parse_args()

    try:
        findings = sorted(CHECKS[options.check](Tree(options.root), options.rules))
    except Skipped as reason:
        print(f"skipped: {reason}")
        return 77
    for finding in findings:
        print(finding)
    print(f"tidy {options.check}: {len(findings)} finding(s)")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
