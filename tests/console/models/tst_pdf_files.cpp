// Names that every file system takes, and files that appear whole or not at all and never replace another.
#include "console/models/pdf_files.h"
#include "tests/support/printing.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace billing;
using namespace billing::console;

class TestPdfFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesAreSafe_data();
    void namesAreSafe();
    void namesAreUnique();
    void storesOnce();
    void refusesWhatCannotBeWritten_data();
    void refusesWhatCannotBeWritten();
};

void TestPdfFiles::namesAreSafe_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("safe");

    const auto row = [](const char* title, const QString& name, const QString& safe) {
        QTest::newRow(title) << name << safe;
    };
    row("number", QStringLiteral("EB-2023-000017"), QStringLiteral("EB-2023-000017"));
    row("unicode", QStringLiteral("Müller & Söhne 会社"), QStringLiteral("Müller & Söhne 会社"));
    row("path up", QStringLiteral("../../etc/passwd"), QStringLiteral("_.._etc_passwd"));
    row("root", QStringLiteral("/etc/passwd"), QStringLiteral("_etc_passwd"));
    row("Windows path", QStringLiteral("C:\\x"), QStringLiteral("C__x"));
    row("refused by Windows", QStringLiteral("a*b?c\"d<e>f|g"), QStringLiteral("a_b_c_d_e_f_g"));
    row("control", QStringLiteral("a\nb\x01") + QChar(0) + QLatin1Char('c'), QStringLiteral("a_b__c"));
    row("right to left override", QStringLiteral("fdp\u202Eexe"), QStringLiteral("fdp_exe"));
    row("zero width", QStringLiteral("a\u200Bb"), QStringLiteral("a_b"));
    row("half a surrogate", QString(QChar(0xd800)), QStringLiteral("_"));
    row("hidden", QStringLiteral(".bashrc"), QStringLiteral("bashrc"));
    row("dots and spaces", QStringLiteral(" . a. . "), QStringLiteral("a"));
    row("device", QStringLiteral("NUL"), QStringLiteral("_NUL"));
    row("device with a suffix", QStringLiteral("com7.txt"), QStringLiteral("_com7.txt"));
    row("no device", QStringLiteral("company"), QStringLiteral("company"));
    row("empty", QString(), QStringLiteral("document"));
    row("dots", QStringLiteral("..."), QStringLiteral("document"));
    row("long", QString(300, QLatin1Char('x')), QString(150, QLatin1Char('x')));
    row("long in UTF-8", QString(300, QChar(0x4f1a)), QString(50, QChar(0x4f1a)));
    row("long in pairs", QStringLiteral("\U0001F600").repeated(100),
        QStringLiteral("\U0001F600").repeated(37));
}

void TestPdfFiles::namesAreSafe()
{
    QFETCH(const QString, name);
    QFETCH(const QString, safe);
    QCOMPARE(safeFileName(name), safe);
    QCOMPARE(safeFileName(safe), safe);
}

void TestPdfFiles::namesAreUnique()
{
    const auto unique =
        uniqueFileNames({QStringLiteral("EB-1"), QStringLiteral("eb-1"), QStringLiteral("EB-1"),
                         QStringLiteral("EB-1 (2)"), QStringLiteral("a/b"), QStringLiteral("a:b")});
    QCOMPARE(unique, (std::vector<QString>{QStringLiteral("EB-1"), QStringLiteral("eb-1 (2)"),
                                           QStringLiteral("EB-1 (3)"), QStringLiteral("EB-1 (2) (2)"),
                                           QStringLiteral("a_b"), QStringLiteral("a_b (2)")}));
}

void TestPdfFiles::storesOnce()
{
    const QTemporaryDir folder;
    const QString name = QStringLiteral("EB-1");
    const auto store = [&](const QByteArray& bytes) { return storePdf(folder.path(), name, bytes).value(); };
    QCOMPARE(store("one"), StoredAs::Written);
    QCOMPARE(store("one"), StoredAs::AlreadyThere);
    QCOMPARE(store("two"), StoredAs::Written); // the first one stays
    QCOMPARE(store("two"), StoredAs::AlreadyThere);
    QCOMPARE(store("one"), StoredAs::AlreadyThere);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files),
             (QStringList{QStringLiteral("EB-1 (2).pdf"), QStringLiteral("EB-1.pdf")}));
    QFile first(folder.filePath(QStringLiteral("EB-1.pdf")));
    QVERIFY(first.open(QIODevice::ReadOnly));
    QCOMPARE(first.readAll(), QByteArray("one"));
}

void TestPdfFiles::refusesWhatCannotBeWritten_data()
{
    QTest::addColumn<QString>("folder");

    QTest::newRow("absent") << QStringLiteral("absent");
    QTest::newRow("a file") << QStringLiteral("file");
    QTest::newRow("no room for files") << QStringLiteral("/proc");
}

void TestPdfFiles::refusesWhatCannotBeWritten()
{
    QFETCH(const QString, folder);
    const QTemporaryDir root;
    QFile file(root.filePath(QStringLiteral("file")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto stored = storePdf(QDir(root.path()).absoluteFilePath(folder), QStringLiteral("EB-1"), "bytes");
    QVERIFY(!stored);
    QCOMPARE(stored.error().code, ErrorCode::FileUnwritable);
    QCOMPARE(QDir(root.path()).entryList(QDir::Files), QStringList(QStringLiteral("file")));
}

QTEST_GUILESS_MAIN(TestPdfFiles)
#include "tst_pdf_files.moc"
