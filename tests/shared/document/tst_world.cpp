// Invoices of everywhere, as others read them: poppler finds the names, qpdf and Apache Preflight are
// content, only the faces we name are embedded, and the same invoice gives the same bytes whatever was drawn
// before. And wild ones: whatever is stored, there is paper, whole and without overlaps.

// Tests: invoice_pdf.cpp measured_text.cpp
#include "shared/document/characters.h"
#include "shared/document/figures.h"
#include "shared/document/invoice_layout.h"
#include "shared/document/invoice_pdf.h"
#include "shared/document/printable.h"
#include "tests/shared/document/layout_faults.h"
#include "tests/shared/document/world_invoices.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

#include <QFile>
#include <QGuiApplication>
#include <QHashSeed>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTest>

#include <map>
#include <set>

using namespace billing;

namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr std::uint64_t wildOnes = 3; // each takes ten times as long there
#else
constexpr std::uint64_t wildOnes = 16;
#endif

bool has(const char* program)
{
    return !QStandardPaths::findExecutable(QString::fromLatin1(program)).isEmpty();
}

/// Only what is seen: without spaces, line ends and marks of direction, and compatible forms as one.
QString dense(const QString& text)
{
    static const QRegularExpression unseen(
        QStringLiteral("[\\s\\x{00AD}\\x{061C}\\x{180E}\\x{200B}-\\x{200F}\\x{2028}-\\x{202F}\\x{2066}-\\x{"
                       "2069}\\x{FE00}-\\x{FE0F}]"));
    return text.normalized(QString::NormalizationForm_KC).remove(unseen);
}

QString printed(const std::string& text)
{
    QString all;
    for (const document::Printable& paragraph : document::paragraphsOf(document::fromUtf8(text)))
        all += paragraph.text;
    return dense(all);
}

/// Every character that is seen as its code, so that it does not matter which ones are printed as theirs.
QString inCodes(const QString& text)
{
    QString codes;
    for (const char32_t code : text.toStdU32String()) {
        if (code < 0x80 && code > 0x20)
            codes += QChar(static_cast<char16_t>(code));
        else if (document::isSeen(code) && !QChar::isSpace(code) && code != U'‹' && code != U'›')
            codes += document::codeOf(code);
    }
    // Halves of isolates find their others when texts are put together in one line.
    static const QRegularExpression isolates(QStringLiteral("U\\+(206[6-9]|200[EF]|061C)"));
    return codes.remove(isolates);
}

/// The texts of each column on its own, so that what is cut between pages is whole again; without what only
/// turns pages.
QString columnsOf(const document::Layout& layout)
{
    std::map<int, QString> columns;
    for (const document::Page& page : layout.pages)
        for (const document::PlacedBlock& placed : page)
            for (const document::Item& item : placed.block->items)
                if (const auto* text = std::get_if<document::Text>(&item);
                    text && placed.block->kind != document::BlockKind::Footer &&
                    placed.block->kind != document::BlockKind::RunningHead &&
                    placed.block->kind != document::BlockKind::TableHead &&
                    placed.block->kind != document::BlockKind::CarriedForward &&
                    placed.block->kind != document::BlockKind::BroughtForward)
                    columns[static_cast<int>(text->box.left())] += inCodes(text->text.text());
    QString all;
    for (const auto& [left, texts] : columns)
        all += texts + QLatin1Char(' ');
    return all;
}

std::vector<std::string> textsOf(const Invoice& invoice)
{
    std::vector<std::string> texts{invoice.planName, *invoice.number, invoice.bank.bankName};
    for (const Party* party : {&invoice.seller, &invoice.buyer}) {
        texts.insert(texts.end(),
                     {party->name, party->address.line1, party->address.line2, party->address.region,
                      party->address.city, party->registration, party->email});
        texts.insert(texts.end(), party->taxIds.begin(), party->taxIds.end());
    }
    for (const InvoiceLine& line : invoice.lines)
        texts.insert(texts.end(), {line.rated.description, line.rated.unit});
    for (const TaxLine& tax : invoice.taxes)
        texts.insert(texts.end(), {tax.name, tax.note});
    texts.insert(texts.end(), invoice.notes.begin(), invoice.notes.end());
    return texts;
}

} // namespace

class TestWorld : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void namesAreFound();
    void onlyKnownFacesAreEmbedded();
    void sameBytesWhateverWasBefore();
    void wildOnesHavePaper();
    void nothingOfWildOnesIsLost();
    void qpdfIsContent();
    void preflightCallsThemValid();

private:
    std::filesystem::path fileOf(const std::string& name) const { return m_directory.file(name + ".pdf"); }

    test::TemporaryDirectory m_directory;
    std::vector<test::NamedInvoice> m_invoices = test::worldInvoices();
    std::map<std::string, QByteArray> m_pdfs;
};

void TestWorld::initTestCase()
{
    m_invoices.push_back({"tall", test::tallInvoice()});
    for (std::uint64_t seed = 1; seed <= 3; ++seed)
        m_invoices.push_back({"wild_" + std::to_string(seed), test::wildInvoice(seed)});
    for (const test::NamedInvoice& named : m_invoices) {
        const Result<QByteArray> pdf = document::renderInvoicePdf(named.invoice);
        QVERIFY2(pdf, named.name.c_str());
        QFile file(QString::fromStdString(fileOf(named.name).string()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(*pdf), pdf->size());
        m_pdfs[named.name] = *pdf;
    }
}

void TestWorld::namesAreFound()
{
    if (!has("pdftotext"))
        QSKIP("pdftotext (poppler-utils) is not installed");
    // poppler puts brackets and figures among letters from right to left in an order of its own: word by
    // word.
    const std::set<std::string> wordwise{"arabic", "arabic_eg", "hebrew", "persian", "urdu"};
    for (const test::NamedInvoice& named : test::worldInvoices()) {
        const test::Finished finished =
            test::runToEnd({.program = "pdftotext", .arguments = {"-raw", fileOf(named.name).string(), "-"}});
        const QString text = dense(QString::fromStdString(finished.output));
        const Invoice& invoice = named.invoice;
        for (const std::string& wanted :
             {invoice.buyer.name, invoice.buyer.address.line1, invoice.buyer.address.city,
              invoice.lines[1].rated.description, invoice.notes.back()}) {
            QStringList words{document::fromUtf8(wanted)};
            if (wordwise.contains(named.name))
                words = words[0].split(QRegularExpression(QStringLiteral("[^\\p{L}\\p{M}]+")),
                                       Qt::SkipEmptyParts);
            for (const QString& word : words)
                QVERIFY2(text.contains(printed(word.toStdString())), qPrintable(word));
        }
        for (const char* figure : {"EB-2023-000017", "DE89370400440532013000", "VAT123456789"})
            QVERIFY2(text.contains(QLatin1String(figure)), (named.name + figure).c_str());
    }
}

void TestWorld::onlyKnownFacesAreEmbedded()
{
    if (!has("pdffonts"))
        QSKIP("pdffonts (poppler-utils) is not installed");
    static const QRegularExpression known(
        QStringLiteral("^(Invoice(Sans|Thaana)-|Noto(Sans|Serif|Music)|Symbola ).* yes no +yes "));
    for (const test::NamedInvoice& named : m_invoices) {
        const test::Finished fonts =
            test::runToEnd({.program = "pdffonts", .arguments = {fileOf(named.name).string()}});
        const QStringList lines =
            QString::fromStdString(fonts.output).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QVERIFY(lines.size() > 2);
        for (const QString& line : lines.mid(2))
            QVERIFY2(known.match(line).hasMatch(), qPrintable(line));
    }
}

void TestWorld::sameBytesWhateverWasBefore()
{
    for (auto named = m_invoices.rbegin(); named != m_invoices.rend(); ++named)
        QVERIFY2(*document::renderInvoicePdf(named->invoice) == m_pdfs[named->name], named->name.c_str());
    // Nor does another process have other bytes: this program draws one as the first of its life.
    for (const char* name : {"thai", "emoji", "scripts"}) {
        const std::string target = m_directory.file(std::string(name) + ".again").string();
        const test::Finished again =
            test::runToEnd({.program = QCoreApplication::applicationFilePath().toStdString(),
                            .arguments = {"--draw", name, target}});
        QVERIFY2(again.exitCode == 0, again.errors.c_str());
        QFile file(QString::fromStdString(target));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY2(file.readAll() == m_pdfs[name], name);
    }
}

void TestWorld::wildOnesHavePaper()
{
    for (std::uint64_t seed = 1; seed <= wildOnes; ++seed) {
        const auto layout = document::layOutInvoice(test::wildInvoice(seed));
        QVERIFY2(layout, std::to_string(seed).c_str());
        const QString fault = test::faultOf(*layout);
        QVERIFY2(fault.isEmpty(), qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(fault)));
    }
}

void TestWorld::nothingOfWildOnesIsLost()
{
    for (std::uint64_t seed = 1; seed <= wildOnes; ++seed) {
        const Invoice invoice = test::wildInvoice(seed);
        const auto layout = document::layOutInvoice(invoice);
        const QString all = columnsOf(*layout);
        for (const std::string& text : textsOf(invoice))
            for (const document::Printable& line : document::paragraphsOf(document::fromUtf8(text)))
                QVERIFY2(all.contains(inCodes(line.text)),
                         qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(line.text)));
    }
}

void TestWorld::qpdfIsContent()
{
    if (!has("qpdf"))
        QSKIP("qpdf is not installed");
    for (const test::NamedInvoice& named : m_invoices) {
        const test::Finished checked =
            test::runToEnd({.program = "qpdf", .arguments = {"--check", fileOf(named.name).string()}});
        QVERIFY2(checked.exitCode == 0, (named.name + checked.output + checked.errors).c_str());
    }
}

void TestWorld::preflightCallsThemValid()
{
    std::string classPath;
    for (const char* library :
         {"preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "javax.activation", "jaxb-api"}) {
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
        QFile report(QString::fromStdString(fileOf(named.name).string() + ".preflight.xml"));
        QVERIFY(report.open(QIODevice::ReadOnly));
        const QByteArray text = report.readAll();
        QVERIFY2(text.contains("<isValid type=\"PDF/A1-b\">true</isValid>"),
                 (named.name + text.toStdString()).c_str());
    }
}

int main(int argc, char* argv[])
{
    QHashSeed::setDeterministicGlobalSeed();
    QGuiApplication application(argc, argv);
    if (argc == 4 && QByteArray(argv[1]) == "--draw") {
        for (const test::NamedInvoice& named : test::worldInvoices())
            if (named.name == argv[2]) {
                QFile file(QString::fromLocal8Bit(argv[3]));
                return file.open(QIODevice::WriteOnly) &&
                               file.write(*document::renderInvoicePdf(named.invoice)) > 0
                           ? 0
                           : 1;
            }
        return 1;
    }
    TestWorld test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_world.moc"
