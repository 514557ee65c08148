// Which value was probably meant: the same but for case and what people add or leave out.
#include "shared/model/nearest_value.h"

#include <QTest>

#include <vector>

using namespace billing;

class TestNearestValue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finds_data();
    void finds();
};

void TestNearestValue::finds_data()
{
    QTest::addColumn<QString>("asked");
    QTest::addColumn<QString>("found"); // "none"
    const auto row = [](const char* asked, const char* found) {
        QTest::addRow("'%s'", asked) << QString::fromUtf8(asked) << QString::fromUtf8(found);
    };
    row("gpt4", "gpt4");
    row("GPT4", "gpt4");
    row("gpt-4", "gpt4");
    row(" g p t 4\t", "gpt4");
    row("GPT_3.5", "gpt-35");
    row("gpt", "none");
    row("gpt44", "none");
    row("", "none");
    row(" ", "none");
    row("\xC3\x84pfel", "none"); // only ASCII letters have a case here
    row("\xC3\xA4pfel", "\xC3\xA4pfel");
}

void TestNearestValue::finds()
{
    QFETCH(QString, asked);
    QFETCH(QString, found);
    const std::vector<std::string> values{"claude", "gpt-35", "gpt4", "\xC3\xA4pfel"};
    const std::string* value = nearestValue(values, asked.toStdString());
    QCOMPARE(value ? *value : "none", found.toStdString());
    QVERIFY(!nearestValue({}, "gpt4"));
}

QTEST_APPLESS_MAIN(TestNearestValue)
#include "tst_nearest_value.moc"
