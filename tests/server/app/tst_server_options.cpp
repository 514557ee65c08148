// The command line's words: options with a value, switches, and nothing else.

// Tests: options.cpp
#include "server/app/commands.h"

#include "tests/support/printing.h"

using namespace billing;
using app::Options;

class TestServerOptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusals_data();
    void refusals();
    void reads();
    void wrongWordsEndWithTwo();
};

namespace {

QStringList words(std::initializer_list<const char*> texts)
{
    QStringList list;
    for (const char* text : texts)
        list.append(QString::fromUtf8(text));
    return list;
}

} // namespace

void TestServerOptions::refusals_data()
{
    QTest::addColumn<QStringList>("line");
    QTest::addColumn<QString>("refusal");
    QTest::newRow("a word") << words({"D"}) << "wrong_type: D (expected an option)";
    QTest::newRow("one dash") << words({"-data-dir", "D"}) << "wrong_type: -data-dir (expected an option)";
    QTest::newRow("unknown") << words({"--colour", "red"}) << "unknown_parameter: --colour";
    QTest::newRow("nothing behind the dashes") << words({"--"}) << "unknown_parameter: --";
    QTest::newRow("with an equals sign") << words({"--data-dir=D"}) << "unknown_parameter: --data-dir=D";
    QTest::newRow("no value") << words({"--quiet", "--data-dir"})
                              << "missing_field: --data-dir (needs a value)";
    QTest::newRow("a switch with a value")
        << words({"--quiet", "yes"}) << "wrong_type: yes (expected an option)";
}

void TestServerOptions::refusals()
{
    QFETCH(QStringList, line);
    QFETCH(QString, refusal);
    std::vector<std::string> texts;
    for (const QString& word : line)
        texts.push_back(word.toStdString());
    const auto options = Options::parse(texts, {"data-dir"}, {"quiet"});
    QCOMPARE(toText(options.error()), refusal.toStdString());
}

void TestServerOptions::reads()
{
    const auto options = Options::parse({"--data-dir", "--odd", "--quiet", "--listen", "a", "--listen", "b"},
                                        {"data-dir", "listen"}, {"quiet"})
                             .value();
    QCOMPARE(options.value("data-dir"), std::string("--odd")); // a value may look like an option
    QCOMPARE(options.value("listen"), std::string("b"));       // the last one holds
    QVERIFY(options.has("quiet"));
    QVERIFY(!options.has("subject"));
    QCOMPARE(options.value("subject", "kernel"), std::string("kernel"));
    QVERIFY(!Options::parse({}, {"data-dir"}, {}).value().has("data-dir"));
}

void TestServerOptions::wrongWordsEndWithTwo()
{
    QCOMPARE(app::refuse("run", Error{ErrorCode::UnknownParameter}), 2);
    QCOMPARE(app::refuse("run", Error{ErrorCode::MissingField}), 2);
    QCOMPARE(app::refuse("run", Error{ErrorCode::WrongType}), 2);
    QCOMPARE(app::refuse("run", Error{ErrorCode::ListenFailed}), 1);
}

QTEST_APPLESS_MAIN(TestServerOptions)
#include "tst_server_options.moc"
