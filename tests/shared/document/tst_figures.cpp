// An invoice's fields as the texts on its paper. "_" stands for a no-break space.

// Tests: figures.cpp texts.cpp
#include "shared/document/figures.h"

#include "shared/format/document_locale.h"
#include "tests/shared/document/sample_invoices.h"

#include <QTest>

using namespace billing;

namespace {

QString visible(QString text)
{
    return text.replace(QChar(0xA0), QLatin1Char('_'));
}

RatedLine line(const char* price, const char* from, const char* upTo)
{
    RatedLine rated = test::liteInvoice().lines[1].rated;
    rated.unitPrice = test::decimal(price);
    rated.stepFrom = test::decimal(from);
    rated.stepUpTo = *upTo != '\0' ? std::optional(test::decimal(upTo)) : std::nullopt;
    return rated;
}

} // namespace

class TestFigures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void steps_data();
    void steps();
    void quantitiesAndPrices();
    void addresses();
    void ibansAreGrouped();
    void sums();
};

void TestFigures::steps_data()
{
    QTest::addColumn<QString>("price");
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("upTo");
    QTest::addColumn<QString>("expected");
    QTest::newRow("one step") << "0.5"
                              << "0"
                              << ""
                              << "";
    QTest::newRow("included") << "0"
                              << "0"
                              << "100000"
                              << "first 100,000 included";
    QTest::newRow("first, priced") << "0.5"
                                   << "0"
                                   << "100000"
                                   << "first 100,000";
    QTest::newRow("above") << "0.5"
                           << "100000"
                           << ""
                           << "above 100,000";
    QTest::newRow("between") << "0.5"
                             << "1000"
                             << "5000.5"
                             << "above 1,000 up to 5,000.5";
}

void TestFigures::steps()
{
    QFETCH(QString, price);
    QFETCH(QString, from);
    QFETCH(QString, upTo);
    QFETCH(QString, expected);
    const RatedLine rated = line(qPrintable(price), qPrintable(from), qPrintable(upTo));
    QCOMPARE(document::stepText(rated, format::documentLocale("en-US")), expected);
}

void TestFigures::quantitiesAndPrices()
{
    const QLocale english = format::documentLocale("en-US");
    const Invoice invoice = test::liteInvoice();
    QCOMPARE(document::quantityText(invoice.lines[3].rated, english), QStringLiteral("22,361,870 tokens"));
    QCOMPARE(document::quantityText(invoice.lines[0].rated, english), QStringLiteral("1"));
    QCOMPARE(document::unitPriceText(invoice.lines[3].rated, english), QStringLiteral("$0.03 per 1,000"));
    QCOMPARE(document::unitPriceText(invoice.lines[2].rated, english), QStringLiteral("$0.0005"));
    QCOMPARE(document::unitPriceText(invoice.lines[1].rated, english), QStringLiteral("included"));
    RatedLine freeFee = invoice.lines[0].rated;
    freeFee.unitPrice = Decimal();
    QCOMPARE(document::unitPriceText(freeFee, english), QStringLiteral("$0.00"));
    const Invoice german = test::germanInvoice();
    QCOMPARE(visible(document::unitPriceText(german.lines[3].rated, format::documentLocale("de-DE"))),
             QStringLiteral("0,03_€ per 1.000"));
}

void TestFigures::addresses()
{
    const document::Texts& texts = document::textsFor(format::documentLocale("en-US"));
    const auto lines = [&](const Party& party) {
        return document::partyLines(party, texts).join(QLatin1Char('|'));
    };
    QCOMPARE(
        lines(test::liteInvoice().buyer),
        QStringLiteral(
            "Azure Conversations, Inc.|548 Market Street|Suite 900|San Francisco, CA 94104|United States|"
            "Tax ID US94-3081234|accounts.payable@azure.example"));
    QCOMPARE(
        lines(test::germanInvoice().buyer),
        QStringLiteral("Müller & Söhne Maschinenbau GmbH & Co. KG|Königstraße 12|70173 Stuttgart|Germany|"
                       "Tax ID DE811569869"));
    QCOMPARE(lines({.name = "N", .country = "US"}), QStringLiteral("N|United States"));
    QCOMPARE(lines({.name = "N", .country = "??"}), QStringLiteral("N|??"));
}

void TestFigures::ibansAreGrouped()
{
    QCOMPARE(visible(document::groupedIban(QStringLiteral("DE89370400440532013000"))),
             QStringLiteral("DE89_3704_0044_0532_0130_00"));
    QCOMPARE(document::groupedIban(QString()), QString());
}

void TestFigures::sums()
{
    Invoice invoice = test::liteInvoice();
    QCOMPARE(document::sumOfLines(invoice, 0)->minorUnits(), 0);
    QCOMPARE(document::sumOfLines(invoice, 4)->minorUnits(), 19900 + 0 + 1171 + 67086);
    const Money most = Money::fromMinor(std::numeric_limits<std::int64_t>::max(), invoice.currency);
    invoice.lines[0].rated.amount = most;
    QCOMPARE(document::sumOfLines(invoice, 4).error().code, ErrorCode::AmountOverflow);
}

QTEST_APPLESS_MAIN(TestFigures)
#include "tst_figures.moc"
