"""Every table is of a class (table_classes.toml), and tenant tables are led by their tenant.

The migrations are run on an empty SQLite database in memory, and SQLite itself is asked for the keys."""

import sqlite3
import tomllib

MIGRATIONS = "resources/migrations/sqlite"
CLASSES = ("tenant", "issuer", "system")


def check(tree, rules):
    classes = tomllib.loads((rules / "table_classes.toml").read_text(encoding="utf-8"))
    class_of = {}
    for name in CLASSES:
        for table in classes.get(name, []):
            if table in class_of:
                yield f"table_classes.toml: {table} is of two classes"
            class_of[table] = name

    migrations = sorted((tree.root / MIGRATIONS).glob("*.sql"))
    database = sqlite3.connect(":memory:")
    for migration in migrations:
        try:
            database.executescript(migration.read_text(encoding="utf-8"))
        except sqlite3.Error as error:
            yield f"{MIGRATIONS}/{migration.name}:1: does not run: {error}"
            return
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    tables = {name for (name,) in database.execute(query)}

    for table in sorted(tables - set(class_of)):
        yield f"{MIGRATIONS}: {table} has no class in table_classes.toml"
    for table in sorted(set(class_of) - tables):
        yield f"table_classes.toml: {table} is in no migration"
    for table in sorted(tables & set(class_of)):
        if class_of[table] == "tenant":
            yield from led_by_tenant(database, table, class_of)


def led_by_tenant(database, table, class_of):
    columns = database.execute(f"PRAGMA table_info({table})").fetchall()
    key = [name for name, place in sorted(((c[1], c[5]) for c in columns), key=lambda c: c[1]) if place > 0]
    if key[:1] != ["tenant_id"]:
        yield f"{MIGRATIONS}: {table}: tenant_id does not lead the primary key ({', '.join(key) or 'none'})"
    foreign = {}
    for identity, _, target, column, *_ in database.execute(f"PRAGMA foreign_key_list({table})"):
        foreign.setdefault((identity, target), []).append(column)
    for (_, target), own in foreign.items():
        if class_of.get(target) == "tenant" and own[0] != "tenant_id":
            yield f"{MIGRATIONS}: {table}: tenant_id does not lead the foreign key to {target} ({', '.join(own)})"
