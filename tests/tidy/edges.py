"""Which room may include which (edges.toml)."""

import functools
import tomllib

from tree import under


class Rooms:
    """The allowed graph: a room may include what it can reach."""

    def __init__(self, direct):
        self.direct = direct

    def room_of(self, path):
        rooms = [room for room in self.direct if under(path, [room])]
        return max(rooms, key=len, default=None)

    @functools.cache
    def reachable(self, room):
        seen = {room}
        waiting = [room]
        while waiting:
            for target in self.expanded(waiting.pop()) - seen:
                seen.add(target)
                waiting.append(target)
        return frozenset(seen)

    def expanded(self, room):
        targets = set()
        for target in self.direct[room]:
            matches = {name for name in self.direct if target.endswith("/*") and name.startswith(target[:-1])}
            targets |= matches or {target}
        unknown = targets - set(self.direct)
        if unknown:
            raise SystemExit(f"edges.toml: {room} may include rooms that are not in the list: {sorted(unknown)}")
        return targets


def check(tree, rules):
    table = tomllib.loads((rules / "edges.toml").read_text(encoding="utf-8"))
    rooms = Rooms(table["rooms"])
    for name in rooms.direct:
        rooms.reachable(name)
    for source in tree.cpp():
        for line, include in source.includes:
            for message in problems(tree, table, rooms, source.path, include):
                yield f"{source.path}:{line}: {message}"
        if not source.path.startswith("tests/") and rooms.room_of(source.path) is None:
            yield f"{source.path}:1: is in no room of edges.toml"


def problems(tree, table, rooms, path, include):
    for only in table["only"]:
        if under(include, only["includes"]) and not under(path, only["rooms"]):
            yield f'includes <{include}>, which only {", ".join(only["rooms"])} may'
    for never in table["never"]:
        if under(include, never["includes"]) and under(path, never["rooms"]):
            yield f'includes <{include}>: {never["why"]}'
    if path.startswith("tests/"):
        return
    if include.startswith("tests/"):
        yield f'includes "{include}": only tests may'
        return
    own = rooms.room_of(path)
    target = rooms.room_of(include)
    if target is None:
        folder = path.rsplit("/", 1)[0]
        if tree.exists(f"{folder}/{include}"):
            yield f'includes "{include}" from beside it: write it from the root'
    elif own is not None and target not in rooms.reachable(own):
        yield f'includes "{include}": {own} may not know {target}'
