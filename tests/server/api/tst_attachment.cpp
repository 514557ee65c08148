// No name of a file can end the header's value or add to it, and every name arrives whole.
#include "server/api/attachment.h"

#include <QTest>

using namespace billing;

class TestAttachment : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void values_data();
    void values();
};

void TestAttachment::values_data()
{
    QTest::addColumn<std::string>("name");
    QTest::addColumn<std::string>("value");
    const auto row = [](const std::string& name, const char* value) {
        QTest::newRow(name.c_str()) << name << std::string(value);
    };
    row("EB-2026-000017.pdf", "attachment; filename=\"EB-2026-000017.pdf\"");
    row("N 17 (a).pdf", "attachment; filename=\"N 17 (a).pdf\"");
    row("請求-17.pdf", "attachment; filename=\"__-17.pdf\"; filename*=UTF-8''%E8%AB%8B%E6%B1%82-17.pdf");
    row("n\u00b0 1.pdf", "attachment; filename=\"n_ 1.pdf\"; filename*=UTF-8''n%C2%B0%201.pdf");
    row("a\"; x=\"b", "attachment; filename=\"a_; x=_b\"; filename*=UTF-8''a%22%3B%20x%3D%22b");
    row("a\\b%41", "attachment; filename=\"a_b_41\"; filename*=UTF-8''a%5Cb%2541");
    row("a\r\nX: y", "attachment; filename=\"a__X: y\"; filename*=UTF-8''a%0D%0AX%3A%20y");
}

void TestAttachment::values()
{
    QFETCH(const std::string, name);
    QFETCH(const std::string, value);
    QCOMPARE(api::attachment(name), value);
}

QTEST_APPLESS_MAIN(TestAttachment)
#include "tst_attachment.moc"
