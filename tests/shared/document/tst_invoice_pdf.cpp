// The PDF as others read it: poppler finds every printed amount on the right page, qpdf finds nothing to
// complain about, Apache Preflight calls every sample valid PDF/A-1b, and drawing again gives the same bytes.

// Tests: invoice_pdf.cpp
#include "shared/document/figures.h"
#include "shared/document/invoice_layout.h"
#include "shared/document/invoice_pdf.h"
#include "shared/format/money.h"
#include "tests/shared/document/sample_invoices.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

#include <QFile>
#include <QGuiApplication>
#include <QHashSeed>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTest>

using namespace billing;

namespace {

constexpr const char* javaLibraries[] = {"preflight",       "pdfbox2",          "fontbox2", "xmpbox",
                                         "commons-logging", "javax.activation", "jaxb-api"};

bool has(const char* program)
{
    return !QStandardPaths::findExecutable(QString::fromLatin1(program)).isEmpty();
}

QByteArray readFile(const std::filesystem::path& path)
{
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Spaces of every width, and line ends, as one space: wrapped text is still the text.
QString plain(QString text)
{
    return text.replace(QChar(0xA0), QLatin1Char(' ')).replace(QChar(0x202F), QLatin1Char(' ')).simplified();
}

} // namespace

class TestInvoicePdf : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void refusesWhatTheLayoutRefuses();
    void sameBytesAgain();
    void everyAmountIsOnPaper_data();
    void everyAmountIsOnPaper();
    void pagesAreCounted();
    void qpdfIsContent();
    void preflightCallsItValid();

private:
    std::filesystem::path fileOf(const std::string& name) const { return m_directory.file(name + ".pdf"); }
    QString textOf(const std::string& name) const;

    test::TemporaryDirectory m_directory;
    std::vector<test::NamedInvoice> m_invoices = test::namedInvoices();
};

void TestInvoicePdf::initTestCase()
{
    for (const test::NamedInvoice& named : m_invoices) {
        const Result<QByteArray> pdf = document::renderInvoicePdf(named.invoice);
        QVERIFY2(pdf, named.name.c_str());
        QFile file(QString::fromStdString(fileOf(named.name).string()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(*pdf), pdf->size());
    }
}

QString TestInvoicePdf::textOf(const std::string& name) const
{
    const test::Finished finished =
        test::runToEnd({.program = "pdftotext", .arguments = {"-layout", fileOf(name).string(), "-"}});
    return finished.exitCode == 0 ? QString::fromStdString(finished.output) : QString();
}

void TestInvoicePdf::refusesWhatTheLayoutRefuses()
{
    Invoice invoice = test::liteInvoice();
    invoice.templateVersion = 0;
    QCOMPARE(document::renderInvoicePdf(invoice).error().code, ErrorCode::UnknownTemplate);
}

void TestInvoicePdf::sameBytesAgain()
{
    for (const test::NamedInvoice& named : m_invoices)
        QVERIFY2(*document::renderInvoicePdf(named.invoice) == readFile(fileOf(named.name)),
                 named.name.c_str());
    Invoice changed = test::liteInvoice();
    changed.number = "EB-2023-000018";
    QVERIFY(*document::renderInvoicePdf(changed) != readFile(fileOf("lite")));
}

void TestInvoicePdf::everyAmountIsOnPaper_data()
{
    QTest::addColumn<int>("index");
    for (std::size_t index = 0; index < m_invoices.size(); ++index)
        QTest::newRow(m_invoices[index].name.c_str()) << static_cast<int>(index);
}

void TestInvoicePdf::everyAmountIsOnPaper()
{
    if (!has("pdftotext"))
        QSKIP("pdftotext (poppler-utils) is not installed");
    QFETCH(int, index);
    const auto& [name, invoice] = m_invoices[static_cast<std::size_t>(index)];
    const QLocale locale = format::documentLocale(invoice.locale);
    const QString text = plain(textOf(name));
    const auto holds = [&](const Money& money) {
        return text.contains(plain(format::formatMoney(money, locale)));
    };
    QVERIFY(holds(invoice.net) && holds(invoice.tax) && holds(invoice.total));
    for (const TaxLine& tax : invoice.taxes)
        QVERIFY(holds(tax.base) && holds(tax.tax));
    for (const InvoiceLine& line : invoice.lines)
        QVERIFY2(holds(line.rated.amount), line.rated.amount.toText().c_str());
    QVERIFY(text.contains(invoice.number ? document::fromUtf8(*invoice.number) : QStringLiteral("DRAFT")));
    if (name == "long_texts")
        return; // wrapped texts of columns interleave
    QVERIFY(text.contains(document::fromUtf8(invoice.buyer.name)));
    for (const InvoiceLine& line : invoice.lines)
        QVERIFY(text.contains(plain(document::unitPriceText(line.rated, locale))));
}

void TestInvoicePdf::pagesAreCounted()
{
    if (!has("pdfinfo") || !has("pdftotext"))
        QSKIP("pdfinfo and pdftotext (poppler-utils) are not installed");
    const std::size_t pages = document::layOutInvoice(test::invoiceWithLines(47))->pages.size();
    const test::Finished info =
        test::runToEnd({.program = "pdfinfo", .arguments = {fileOf("lines_47").string()}});
    QVERIFY(QString::fromStdString(info.output)
                .contains(QRegularExpression(QStringLiteral("Pages: +%1\n").arg(pages))));
    QVERIFY(QString::fromStdString(info.output).contains(QLatin1String("612 x 792 pts (letter)")));
    const QStringList texts = textOf("lines_47").split(QLatin1Char('\f'));
    for (std::size_t page = 1; page <= pages; ++page)
        QVERIFY(texts.at(static_cast<qsizetype>(page) - 1)
                    .contains(QStringLiteral("EB-2023-000017 · page %1 of %2").arg(page).arg(pages)));
    const test::Finished a4 =
        test::runToEnd({.program = "pdfinfo", .arguments = {fileOf("german").string()}});
    QVERIFY(QString::fromStdString(a4.output).contains(QLatin1String("(A4)")));
}

void TestInvoicePdf::qpdfIsContent()
{
    if (!has("qpdf") || !has("pdffonts"))
        QSKIP("qpdf or pdffonts is not installed");
    for (const test::NamedInvoice& named : m_invoices) {
        const test::Finished checked =
            test::runToEnd({.program = "qpdf", .arguments = {"--check", fileOf(named.name).string()}});
        QVERIFY2(checked.exitCode == 0, (named.name + checked.output + checked.errors).c_str());
    }
    const test::Finished fonts =
        test::runToEnd({.program = "pdffonts", .arguments = {fileOf("lite").string()}});
    const QStringList lines =
        QString::fromStdString(fonts.output).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 2 + 2); // head, and the two faces
    for (const QString& line : lines.mid(2))
        QVERIFY2(line.startsWith(QLatin1String("InvoiceSans-")) &&
                     line.contains(QLatin1String("yes no  yes")),
                 qPrintable(line));
}

void TestInvoicePdf::preflightCallsItValid()
{
    std::string classPath;
    for (const char* library : javaLibraries) {
        const std::string file = std::string("/usr/share/java/") + library + ".jar";
        if (!std::filesystem::exists(file))
            QSKIP(("Apache Preflight needs " + file).c_str());
        classPath += file + ':';
    }
    if (!has("java"))
        QSKIP("java is not installed");
    const test::Finished finished =
        test::runToEnd({.program = "java",
                        .arguments = {"-cp", classPath, "org.apache.pdfbox.preflight.Validator_A1b", "xml",
                                      "batch", m_directory.path().string()}},
                       std::chrono::seconds(240));
    QCOMPARE(finished.exitCode, 0);
    for (const test::NamedInvoice& named : m_invoices) {
        const QByteArray report = readFile(fileOf(named.name).string() + ".preflight.xml");
        QVERIFY2(report.contains("<isValid type=\"PDF/A1-b\">true</isValid>"),
                 (named.name + report.toStdString()).c_str());
    }
}

int main(int argc, char* argv[])
{
    QHashSeed::setDeterministicGlobalSeed();
    QGuiApplication application(argc, argv);
    TestInvoicePdf test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_invoice_pdf.moc"
