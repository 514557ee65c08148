// Whatever a number holds, its file lands in its folder under a name that every system takes.
#include "shared/model/file_name.h"

#include <QTest>

using namespace billing;

class TestFileName : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void names_data();
    void names();
};

void TestFileName::names_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("name");
    const auto row = [](const std::string& text, const std::string& name) {
        QTest::newRow(text.empty() ? "nothing" : text.c_str()) << text << name;
    };
    row("EB-2026-000017", "EB-2026-000017");
    row("2026/000017", "2026_000017");
    row("a\\b:c*d?e\"f<g>h|i", "a_b_c_d_e_f_g_h_i");
    row("../../etc/passwd", "_.._etc_passwd");
    row("..", "document");
    row(".hidden", "hidden");
    row("trailing. ", "trailing");
    row("a\nb\x7F", "a_b_");
    row(std::string("a\0b", 3), "a_b");
    row("", "document");
    row("   ", "document");
    row("CON", "_CON");
    row("nul.2026", "_nul.2026");
    row("com1", "_com1");
    row("COMPANY", "COMPANY");
    row("請求-17", "請求-17");
    row(std::string(149, 'a') + "請", std::string(149, 'a'));
    row(std::string(200, 'a'), std::string(150, 'a'));
}

void TestFileName::names()
{
    QFETCH(const std::string, text);
    QFETCH(const std::string, name);
    QCOMPARE(fileNameOf(text), name);
}

QTEST_APPLESS_MAIN(TestFileName)
#include "tst_file_name.moc"
