// Countries are those of ISO 3166, with the EU's own two spellings; what is none is refused.
#include "shared/model/country.h"

#include <QTest>

using namespace billing;

class TestCountry : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void knowsTheUnion();
};

void TestCountry::reads_data()
{
    QTest::addColumn<std::string>("written");
    QTest::addColumn<std::string>("country"); // empty: refused
    const auto row = [](const char* written, const char* country) {
        QTest::newRow(*written ? written : "nothing") << std::string(written) << std::string(country);
    };
    for (const char* country :
         {"DE", "FR", "GB", "GR", "US", "MX", "JP", "CH", "NO", "MC", "IM", "AX", "TW", "ZW", "AD"})
        row(country, country);
    row("EL", "GR");
    row("UK", "GB");
    for (const char* other : {"",   "D",  "DEU", "Germany", "de",  "De", "276", "XI", "XX", "ZZ",
                              "EU", "AA", "QZ",  "D ",      " DE", "SU", "AN",  "YU", "XK", "D\xC3\x89"})
        row(other, "");
}

void TestCountry::reads()
{
    QFETCH(const std::string, written);
    QFETCH(const std::string, country);
    const auto read = parseCountry("country", written);
    QCOMPARE(read.has_value(), !country.empty());
    if (read) {
        QCOMPARE(*read, country);
        QVERIFY(isCountry(country));
        return;
    }
    QCOMPARE(read.error().code, ErrorCode::InvalidCountry);
    QCOMPARE(read.error().subject, std::string("country"));
    QVERIFY(!read.error().detail.empty());
    QVERIFY(!isCountry(written));
}

void TestCountry::knowsTheUnion()
{
    int states = 0;
    for (char first = 'A'; first <= 'Z'; ++first)
        for (char second = 'A'; second <= 'Z'; ++second) {
            const std::string code{first, second};
            states += isInEuropeanUnion(code) ? 1 : 0;
            QVERIFY(!isInEuropeanUnion(code) || isCountry(code));
        }
    QCOMPARE(states, 27);
    for (const char* other : {"GB", "CH", "NO", "MC", "EL", "XI", "IS", "LI", "SM", "AX", "GP"})
        QVERIFY2(!isInEuropeanUnion(other), other);
}

QTEST_APPLESS_MAIN(TestCountry)
#include "tst_country.moc"
