// Goal: a target decodes to one path only, or is refused. Method: a table, refusals first.
#include "server/http/request_target.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;

class TestRequestTarget : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decodes_data();
    void decodes();
};

void TestRequestTarget::decodes_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("expected"); ///< path, then "?name=value" for each parameter
    const QByteArray refused = "malformed_request";
    const char* refusals[] = {
        "",     "a",     "*",    "/a b",   "/a#b",    "/\xC3\xA4", "/%",       "/%4",        "/%4g",
        "/%00", "/%0a",  "/%7f", "/a%2Fb", "/a%5cb",  "/%c0%af",   "/%ff",     "/%ed%a0%80", "/%f5%80%80%80",
        "//",   "/a//b", "/a/",  "/.",     "/a/../b", "/%2e%2e/b", "/a?x=%0d", "/a?%fe=1"};
    for (const char* target : refusals)
        QTest::newRow(target) << QByteArray(target) << refused;
    const std::pair<const char*, const char*> accepted[] = {
        {"/", "/"},
        {"/a/b", "/a/b"},
        {"/a%20b", "/a b"},
        {"/%c3%a4", "/\xC3\xA4"},
        {"/%41...", "/A..."},
        {"/a?", "/a"},
        {"/a?x", "/a?x="},
        {"/a?x=1&x=2&&y=a%26b=c", "/a?x=1?x=2?y=a&b=c"},
        {"/a?t=2024-01-01T00:00:00+02:00", "/a?t=2024-01-01T00:00:00+02:00"},
    };
    for (const auto& [target, expected] : accepted)
        QTest::newRow(target) << QByteArray(target) << QByteArray(expected);
}

void TestRequestTarget::decodes()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, expected);
    const auto parsed = http::parseRequestTarget(target.toStdString());
    const std::string outcome = billing::test::outcome(parsed, [](const http::RequestTarget& value) {
        std::string text = value.path;
        for (const auto& [name, parameter] : value.query)
            text += "?" + name + "=" + parameter;
        return text;
    });
    QCOMPARE(outcome, expected.toStdString());
}

QTEST_APPLESS_MAIN(TestRequestTarget)
#include "tst_request_target.moc"
