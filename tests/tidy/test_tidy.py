"""Proof that every check of tidy.py can fail: small trees with one planted fault each, and the same without it."""

import io
import pathlib
import shutil
import sys
import tempfile
import unittest
from contextlib import redirect_stdout
from unittest import mock

import tidy
from tree import Source

RULES = pathlib.Path(__file__).resolve().parent


class TreeTest(unittest.TestCase):
    check = ""

    def findings(self, files, rules=None):
        """What the check prints for a tree of {path: text}; rules replaces rule files by {name: text}."""
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory)
            for path, text in files.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text, encoding="utf-8")
            own_rules = root / "rules"
            own_rules.mkdir()
            for rule in RULES.glob("*.toml"):
                shutil.copy(rule, own_rules)
            for name, text in (rules or {}).items():
                (own_rules / name).write_text(text, encoding="utf-8")
            output = io.StringIO()
            arguments = ["tidy.py", self.check, "--root", str(root), "--rules", str(own_rules)]
            with mock.patch.object(sys, "argv", arguments), redirect_stdout(output):
                self.code = tidy.main()
        return output.getvalue().splitlines()[:-1]

    def assert_clean(self, files, rules=None):
        self.assertEqual(self.findings(files, rules), [])
        self.assertEqual(self.code, 0)

    def assert_found(self, expected, files, rules=None):
        """Exactly one finding, which holds the text."""
        found = self.findings(files, rules)
        self.assertEqual(len(found), 1, found)
        self.assertIn(expected, found[0])
        self.assertEqual(self.code, 1)


class Edges(TreeTest):
    check = "edges"

    def test_direct_and_transitive_edges_are_allowed(self):
        self.assert_clean({"shared/wire/a.h": '#include "shared/model/b.h"\n#include "shared/kernel/result.h"\n'})
        self.assert_clean({"server/api/a.cpp": '#include "server/rating/rate.h"\n#include "shared/calendar/zone.h"\n'})
        self.assert_clean({"server/app/main.cpp": '#include "server/api/x.h"\n#include "server/rating/x.h"\n'})

    def test_back_edge(self):
        self.assert_found("kernel/a.h:2: includes", {"shared/kernel/a.h": '\n#include "shared/model/b.h"\n'})
        self.assert_found("rating may not know server/storage", {"server/rating/a.h": '#include "server/storage/b.h"\n'})
        self.assert_found("http may not know shared/model", {"server/http/a.h": '#include "shared/model/b.h"\n'})

    def test_server_and_console_never_meet(self):
        self.assert_found("console", {"server/app/a.cpp": '#include "console/app/b.h"\n'})
        self.assert_found("server", {"console/screens/a.cpp": '#include "server/rating/b.h"\n'})

    def test_verifier_shares_no_code(self):
        self.assert_found("verify may not know", {"server/audit/verify/a.cpp": '#include "shared/kernel/result.h"\n'})

    def test_libraries_of_one_room(self):
        beast = "#include <boost/beast/http.hpp>\n"
        self.assert_clean({"server/http/a.cpp": beast, "tests/server/http/a.cpp": beast})
        self.assert_found("boost/beast", {"server/api/a.cpp": beast})
        self.assert_found("boost/asio.hpp", {"server/app/a.cpp": "#include <boost/asio.hpp>\n"})
        self.assert_found("QSqlQuery", {"server/invoicing/a.cpp": "#include <QSqlQuery>\n"})
        self.assert_found("sqlite3.h", {"server/app/a.cpp": "#include <sqlite3.h>\n"})
        self.assert_found("QGuiApplication", {"server/app/a.cpp": "#include <QGuiApplication>\n"})
        self.assert_clean({"server/documents/billing_render/main.cpp": "#include <QGuiApplication>\n"})

    def test_rooms_without_qt(self):
        self.assert_found("without Qt", {"shared/wire/a.cpp": "#include <QString>\n"})
        self.assert_clean({"shared/format/a.cpp": "#include <QString>\n"})

    def test_include_from_beside(self):
        self.assert_found("from the root", {"shared/kernel/a.cpp": '#include "b.h"\n', "shared/kernel/b.h": ""})

    def test_tests_stay_out_of_the_house(self):
        self.assert_found("only tests may", {"server/api/a.cpp": '#include "tests/support/process.h"\n'})

    def test_file_outside_every_room(self):
        self.assert_found("in no room", {"server/elsewhere/a.cpp": ""})

    def test_comment_is_no_include(self):
        self.assert_clean({"shared/kernel/a.h": '/*\n#include "shared/model/b.h"\n*/\n// #include "server/x/y.h"\n'})


class Sizes(TreeTest):
    check = "sizes"

    @staticmethod
    def function(lines, head="int Class::name(int a) const\n"):
        return head + "{\n" + "    step();\n" * (lines - 3) + "}\n"

    @staticmethod
    def baseline(kind, name, lines, why="a table"):
        return {"size_baseline.toml": f'[{kind}]\n"{name}" = {{ lines = {lines}, why = "{why}" }}\n'}

    def test_file_at_and_over_the_limit(self):
        self.assert_clean({"shared/a.h": "\n" * 500})
        self.assert_found("the file has 501 lines", {"shared/a.h": "\n" * 501})

    def test_function_at_and_over_the_limit(self):
        self.assert_clean({"shared/a.cpp": "namespace b {\n\n" + self.function(70) + "\n}\n"})
        self.assert_found("a.cpp:3: name has 71 lines", {"shared/a.cpp": "namespace b {\n\n" + self.function(71) + "\n}\n"})

    def test_functions_in_all_their_clothes(self):
        long = self.function(71, head="Class::Class(int a)\n    : m_a{a}\n    , m_b(2)\n")
        self.assert_found("Class has 73 lines", {"shared/a.cpp": long})
        inline = "class A\n{\npublic:\n" + self.function(71, "    void inner()\n") + "};\n"
        self.assert_found("inner has 71 lines", {"shared/a.h": inline})
        self.assert_found("long_one has 71 lines", {"tests/a.py": "def long_one():\n" + "    x = 1\n" * 70})

    def test_long_classes_and_tables_are_no_functions(self):
        self.assert_clean({"shared/a.h": "struct A\n{\n" + "    int a = f(1);\n" * 80 + "};\n"})
        self.assert_clean({"shared/a.cpp": "const int a[] = {\n" + "    1,\n" * 80 + "};\n"})
        self.assert_clean({"tests/a.cpp": self.function(90, "void Test::rows_data()\n")})

    def test_braces_in_strings_do_not_count(self):
        self.assert_clean({"shared/a.cpp": 'void f()\n{\n    s = "{{";\n    c = \'{\';\n}\n' + self.function(60)})

    def test_ratchet(self):
        files = {"shared/a.h": "\n" * 510}
        self.assert_clean(files, self.baseline("files", "shared/a.h", 510))
        self.assert_found("has grown", files, self.baseline("files", "shared/a.h", 509))
        self.assert_found("has shrunk", files, self.baseline("files", "shared/a.h", 511))
        self.assert_found("without a reason", files, self.baseline("files", "shared/a.h", 510, why=""))
        self.assert_found("is not there", {}, self.baseline("functions", "shared/a.cpp:name", 80))
        self.assert_clean({"shared/a.cpp": self.function(80)}, self.baseline("functions", "shared/a.cpp:name", 80))


class Banned(TreeTest):
    check = "banned"

    def found(self, path, line, word):
        self.assert_found(word, {path: line + "\n"})

    def test_connect_without_context(self):
        self.found("console/a.cpp", "connect(m_b, &B::done, [this] { go(1, 2); });", "three arguments")
        self.found("console/a.cpp", "QObject::connect(b, qOverload<int>(&B::done), f);", "three arguments")
        self.assert_clean({"console/a.cpp": "connect(m_b, &B::done, this, [this] { go(); });\n"})
        self.assert_clean({"server/http/a.cpp": "::connect(socket, &address, sizeof address);\nconnect(a, b, c);\n"})

    def test_binary_fractions(self):
        self.found("server/rating/a.cpp", "double price = 1;", "double")
        self.found("shared/wire/a.h", "const float rate;", "float")
        self.assert_clean({"server/rating/a.cpp": '// double entry\nauto a = "double"; int double_entry;\n'})
        self.assert_clean({"shared/document/a.cpp": "double width = 1;\n"})

    def test_sql_outside_storage(self):
        self.found("server/invoicing/a.cpp", 'auto a = "SELECT number FROM invoice";', "SQL")
        self.found("server/invoicing/a.cpp", 'auto a = "INSERT "\n    "INTO invoice";', "SQL")
        self.found("server/app/a.cpp", 'auto a = R"(\n  UPDATE invoice SET n = 1)";', "SQL")
        self.found("console/a.cpp", 'auto a = "DELETE FROM invoice";', "SQL")
        self.assert_clean({"server/storage/a.cpp": 'auto a = "SELECT 1";\n'})
        self.assert_clean({"server/audit/verify/a.cpp": 'auto a = "SELECT 1";\n'})
        self.assert_clean({"server/api/a.cpp": '// SELECT x FROM y\nauto a = "select a plan from the list";\n'})

    def test_time(self):
        for word in ("std::chrono::system_clock::now();", "std::chrono::steady_clock a;", "time(nullptr);",
                     "gettimeofday(&a, &b);", "QDateTime::currentDateTimeUtc();", "QElapsedTimer timer;"):
            self.found("server/api/a.cpp", word, "Clock")
            self.assert_clean({"server/app/a.cpp": word + "\n", "tests/a.cpp": word + "\n"})
        self.assert_clean({"server/api/a.cpp": "event.time(); Instant time() const; clock.now(); runtime(0);\n"})

    def test_sleep(self):
        for word in ("std::this_thread::sleep_for(1s);", "usleep(5);", "sleep(5);", "QThread::msleep(5);"):
            self.assertTrue(self.findings({"server/api/a.cpp": word + "\n"}), word)
            self.assertTrue(self.findings({"tests/a.cpp": word + "\n"}), word)
        self.found("server/api/a.cpp", "std::this_thread::yield();", "spins")
        self.assert_clean({"server/api/a.cpp": "std::this_thread::get_id();\n"})

    def test_threads(self):
        for word in ("std::thread a;", "std::jthread a;", "QThread a;", "std::async(f);"):
            self.found("server/metering/a.cpp", word, "threads")
            self.assert_clean({"server/app/a.cpp": word + "\n", "shared/usage_client/a.cpp": word + "\n"})

    def test_chance(self):
        for word in ("std::random_device a;", "rand();", "std::mt19937 a;", "QRandomGenerator::global();", "RAND_bytes(a, 1);"):
            self.found("server/api/a.cpp", word, "Random")
        self.assert_clean({"server/api/a.cpp": "random.next(); m_a.rand();\n"})

    def test_application_objects(self):
        self.found("server/app/a.cpp", "QGuiApplication application(argc, argv);", "billing-render")
        self.assert_clean({"server/app/a.cpp": "QCoreApplication application(argc, argv);\n"})


class Tests(TreeTest):
    check = "tests"
    house = {
        "shared/kernel/CMakeLists.txt": "add_room(Kernel SOURCES money.cpp)\n",
        "shared/kernel/money.cpp": "",
        "tests/shared/kernel/CMakeLists.txt": "add_room_test(tst_money)\n",
    }

    def test_test_of_the_same_name(self):
        self.assert_clean({**self.house, "tests/shared/kernel/tst_money.cpp": ""})

    def test_named_in_another(self):
        named = {"tests/shared/kernel/CMakeLists.txt": "add_room_test(tst_all)\n"}
        line = "// What it is.\n// Tests: money.cpp\n"
        self.assert_clean({**self.house, **named, "tests/shared/kernel/tst_all.cpp": line})
        self.assert_found("which is not there", {
            **self.house, **named, "tests/shared/kernel/tst_all.cpp": line.replace("money", "money.cpp gone")})

    def test_room_inside_a_room(self):
        self.assert_clean({
            "server/storage/sqlite/CMakeLists.txt": "lock.cpp", "server/storage/sqlite/lock.cpp": "",
            "tests/server/storage/CMakeLists.txt": "tst_lock", "tests/server/storage/tst_lock.cpp": ""})
        self.assert_found("lock.cpp:1: has no test", {
            "server/storage/sqlite/CMakeLists.txt": "lock.cpp", "server/storage/sqlite/lock.cpp": "",
            "tests/server/CMakeLists.txt": "tst_lock", "tests/server/tst_lock.cpp": ""})

    def test_named_from_the_root(self):
        contract = {"tests/contract/CMakeLists.txt": "add_room_test(tst_all)\n"}
        self.assert_clean({
            **self.house, **contract, "tests/contract/tst_all.cpp": "// Tests: shared/kernel/money.cpp\n"})

    def test_no_test(self):
        self.assert_found("money.cpp:1: has no test", self.house)
        self.assert_clean({"server/app/CMakeLists.txt": "main.cpp", "server/app/main.cpp": ""})

    def test_written_but_not_built(self):
        lists = {"shared/kernel/CMakeLists.txt": "add_room(Kernel)\n"}
        self.assert_found("money.cpp:1: no CMakeLists", {
            **self.house, **lists, "tests/shared/kernel/tst_money.cpp": ""})
        lists = {"tests/shared/kernel/CMakeLists.txt": "# nothing\n"}
        self.assert_found("tst_money.cpp:1: no CMakeLists", {
            **self.house, **lists, "tests/shared/kernel/tst_money.cpp": ""})

    def test_loop_over_names(self):
        lists = {"tests/shared/kernel/CMakeLists.txt": "foreach(name decimal money)\n"}
        self.assert_clean({**self.house, **lists, "tests/shared/kernel/tst_money.cpp": ""})


class Tables(TreeTest):
    check = "tables"
    rules = {"table_classes.toml": 'tenant = ["account", "entry"]\nissuer = ["series"]\nsystem = []\n'}
    account = "CREATE TABLE account (tenant_id TEXT, id TEXT, PRIMARY KEY (tenant_id, id));\n"
    entry = ("CREATE TABLE entry (tenant_id TEXT, id TEXT, account TEXT, PRIMARY KEY (tenant_id, id), "
             "FOREIGN KEY (tenant_id, account) REFERENCES account (tenant_id, id));\n")
    series = "CREATE TABLE series (issuer TEXT PRIMARY KEY);\n"

    def migrations(self, *texts):
        return {f"resources/migrations/sqlite/{n:04}.sql": text for n, text in enumerate(texts)}

    def test_led_by_their_tenant(self):
        self.assert_clean(self.migrations(self.account + self.entry, self.series), self.rules)

    def test_table_without_class(self):
        more = "CREATE TABLE other (id TEXT);\n"
        self.assert_found("other has no class", self.migrations(self.account, self.entry, self.series, more), self.rules)

    def test_class_without_table(self):
        self.assert_found("series is in no migration", self.migrations(self.account, self.entry), self.rules)

    def test_table_of_two_classes(self):
        rules = {"table_classes.toml": 'tenant = ["account", "entry"]\nissuer = ["series"]\nsystem = ["series"]\n'}
        self.assert_found("two classes", self.migrations(self.account, self.entry, self.series), rules)

    def test_key_led_by_another_column(self):
        turned = self.account.replace("KEY (tenant_id, id)", "KEY (id, tenant_id)")
        self.assert_found("primary key (id, tenant_id)", self.migrations(turned, self.entry, self.series), self.rules)
        keyless = "CREATE TABLE account (tenant_id TEXT, id TEXT);\n"
        self.assert_found("primary key (none)", self.migrations(keyless, self.entry, self.series), self.rules)

    def test_foreign_key_led_by_another_column(self):
        turned = self.entry.replace("(tenant_id, account)", "(account, tenant_id)")
        self.assert_found("foreign key to account", self.migrations(self.account, turned, self.series), self.rules)

    def test_migration_that_does_not_run(self):
        self.assert_found("0000.sql:1: does not run", self.migrations("CREATE TABEL a;"), self.rules)


class Format(TreeTest):
    check = "format"
    style = {".clang-format": "BasedOnStyle: LLVM\n"}

    @unittest.skipUnless(shutil.which("clang-format-14"), "clang-format-14 is not installed")
    def test_text_of_another_shape(self):
        self.assert_clean({**self.style, "shared/a.h": "int a = 1;\n"})
        self.assert_found("a.h:2: run clang-format-14", {**self.style, "shared/a.h": "int a = 1;\nint  b=2;\n"})

    def test_missing_program_skips(self):
        with mock.patch("shutil.which", return_value=None):
            self.findings(self.style)
        self.assertEqual(self.code, 77)


class Lexing(unittest.TestCase):
    def test_comments_strings_and_digit_separators(self):
        source = Source("a.cpp", "int a = 1'000; // 'x\nauto s = \"a // b\"; /* \" */ char c = '\"'; auto r = R\"x(\"q\")x\";\n")
        self.assertIn("1'000", source.code)
        self.assertNotIn("x", source.code.split("\n")[0])
        self.assertEqual([text for _, text in source.strings], ["a // b", '"q"'])
        self.assertEqual(len(source.code), len(source.text))


if __name__ == "__main__":
    unittest.main()
