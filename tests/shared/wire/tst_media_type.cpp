// Media types as RFC 9110 writes them: what is read, and what is none.
#include "shared/wire/media_type.h"

#include <QTest>

using namespace billing::wire;

class TestMediaType : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void knowsJsonAndCharsets();
};

namespace {

/// "application/json charset=utf-8", or "none".
std::string told(std::string_view text)
{
    const auto media = parseMediaType(text);
    if (!media)
        return "none";
    std::string all = media->essence;
    for (const auto& [name, value] : media->parameters)
        all.append(" ").append(name).append("=").append(value);
    return all;
}

} // namespace

void TestMediaType::reads_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("told");
    const auto row = [](const char* text, const char* told) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(told);
    };
    row("application/json", "application/json");
    row("  Application/VND.Acme+JSON\t", "application/vnd.acme+json");
    row("a/b;c=d", "a/b c=d");
    row("a/b ; C=D\t;e=f ", "a/b c=D e=f");
    row("a/b;c=\"d;e, f\"", "a/b c=d;e, f");
    row(R"(a/b;c="ut\f\"8")", "a/b c=utf\"8");
    row("a/b;c=\"\"", "a/b c=");
    row("a/b;c=\"d\xC3\xA9\"", "a/b c=d\xC3\xA9");
    row("a/b;", "a/b");
    row("a/b;;c=d; ;", "a/b c=d");
    for (const char* none : {"",
                             "  ",
                             "a",
                             "a/",
                             "/b",
                             "a /b",
                             "a/ b",
                             "a/b c",
                             "a/b,c/d",
                             "a/b;c",
                             "a/b;c=",
                             "a/b;c =d",
                             "a/b;c= d",
                             "a/b;=d",
                             "a/b;c=\"d",
                             "a/b;c=\"",
                             "a/b;c=\"d\\",
                             "a/b;c=\"d\\\"",
                             "a/b;c=\"d\"e",
                             "a/b;c=d;c=d",
                             "a/b;c=d;C=e",
                             "a/b;c=\"\x01\"",
                             "a/b;c=\xC3\xA9",
                             "a/b/c"})
        row(none, "none");
}

void TestMediaType::reads()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, told);
    QCOMPARE(::told(text.toStdString()), told.toStdString());
}

void TestMediaType::knowsJsonAndCharsets()
{
    for (const char* json : {"application/json", "text/JSON", "application/a.b+json;charset=latin1"})
        QVERIFY(parseMediaType(json)->isJson());
    for (const char* other : {"application/jsonx", "application/xjson", "application/json+xml"})
        QVERIFY(!parseMediaType(other)->isJson());
    QVERIFY(!parseMediaType("a/b")->foreignCharset());
    QVERIFY(!parseMediaType("a/b;charset=Utf-8")->foreignCharset());
    QVERIFY(!parseMediaType("a/b;other=latin1")->foreignCharset());
    QCOMPARE(*parseMediaType("a/b;charset=\"UTF-16\"")->foreignCharset(), std::string("UTF-16"));
}

QTEST_APPLESS_MAIN(TestMediaType)
#include "tst_media_type.moc"
