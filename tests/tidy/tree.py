"""Reading the source tree: which files there are, and C++ text with its comments and strings told apart."""

import dataclasses
import fnmatch
import functools
import pathlib
import re

TOP = ("shared", "server", "console", "tests", "resources", "installer")
CPP = (".cpp", ".h")

# In this order: a quote inside a comment is no string, a // inside a string is no comment, and the ' of 1'000 opens
# no character.
LEXEMES = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<raw>\b(?:u8|[uUL])?R"(?P<delimiter>[^()\\\s]{0,16})\((?P<rawtext>.*?)\)(?P=delimiter)")
      | (?P<string>"(?:\\.|[^"\\\n])*")
      | (?P<number>\b[0-9](?:'?[\w.])*)
      | (?P<character>'(?:\\.|[^'\\\n])+')""",
    re.DOTALL | re.VERBOSE,
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]', re.MULTILINE)


class Skipped(Exception):
    """The check cannot run on this machine; its text says why."""


def blank(text):
    """As many spaces, with the line feeds kept, so that positions stay."""
    return re.sub(r"[^\n]", " ", text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def under(path, patterns):
    """Whether a path is one of these files, in one of these folders, or matches one with a star."""
    return any(
        path == pattern or path.startswith(pattern + "/") or ("*" in pattern and fnmatch.fnmatch(path, pattern))
        for pattern in patterns
    )


@dataclasses.dataclass(frozen=True)
class Source:
    """One file; path is relative to the root, with slashes."""

    path: str
    text: str

    @functools.cached_property
    def _split(self):
        strings = []

        def replace(match):
            if match["number"]:
                return match[0]
            if match["string"] or match["raw"]:
                content = match["rawtext"] if match["raw"] else match["string"][1:-1]
                strings.append((match.start(), match.end(), content))
            return blank(match[0])

        return LEXEMES.sub(replace, self.text), strings

    @property
    def code(self):
        """The text with comments, strings and characters blanked."""
        return self._split[0]

    @property
    def strings(self):
        """(position, text) of each string; neighbours that the compiler joins are joined."""
        joined = []
        for start, end, content in self._split[1]:
            if joined and not self.text[joined[-1][1] : start].strip():
                joined[-1] = (joined[-1][0], end, joined[-1][2] + content)
            else:
                joined.append((start, end, content))
        return [(start, content) for start, end, content in joined]

    @property
    def includes(self):
        """(line, name) of each include that is not commented out."""
        kept = LEXEMES.sub(lambda match: blank(match[0]) if match["comment"] else match[0], self.text)
        return [(line_of(kept, match.start(1)), match[1]) for match in INCLUDE.finditer(kept)]

    def finding(self, position, message):
        return f"{self.path}:{line_of(self.text, position)}: {message}"


class Tree:
    """The files below the root's own folders; build directories are no part of it."""

    def __init__(self, root):
        self.root = pathlib.Path(root)

    def files(self, *suffixes):
        for top in TOP:
            for path in sorted((self.root / top).rglob("*")):
                if path.suffix in suffixes and path.is_file():
                    yield Source(path.relative_to(self.root).as_posix(), path.read_text(encoding="utf-8"))

    def cpp(self):
        return self.files(*CPP)

    def exists(self, path):
        return (self.root / path).is_file()
