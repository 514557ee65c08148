// Tax ids as people write them: one form for a VAT id, nothing that only fills the field, free text for the
// rest.
#include "shared/model/tax_id.h"

#include <QTest>

using namespace billing;

class TestTaxId : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void listsAreBoundedAndWithoutRepeats();
    void knowsWhoGaveIt_data();
    void knowsWhoGaveIt();
};

void TestTaxId::reads_data()
{
    QTest::addColumn<std::string>("country");
    QTest::addColumn<std::string>("written");
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("prefix");
    const auto row = [](const char* country, const char* written, const char* text, const char* prefix) {
        QTest::newRow(written) << std::string(country) << std::string(written) << std::string(text)
                               << std::string(prefix);
    };
    row("DE", "DE136695976", "DE136695976", "DE");
    row("DE", "de 136 695 976", "DE136695976", "DE");
    row("DE", " DE-136.695.976 ", "DE136695976", "DE");
    row("DE",
        "DE\xC2\xA0"
        "136695976",
        "DE136695976", "DE");
    row("FR", "FR 40 303 265 045", "FR40303265045", "FR");
    row("FR",
        "\xE2\x80\x8E"
        "FR40303265045\xE2\x80\x8F",
        "FR40303265045", "FR");
    row("MC", "FR4Z123456782", "FR4Z123456782", "FR");
    row("GR", "GR 094259216", "EL094259216", "EL");
    row("GR", "EL094259216", "EL094259216", "EL");
    row("BE", "BE 428.759.497", "BE0428759497", "BE");
    row("BE", "BE0438.390.312", "BE0438390312", "BE");
    row("AT", "ATU 13585627", "ATU13585627", "AT");
    row("ES", "ES B-58378431", "ESB58378431", "ES");
    row("IE", "IE6433435OA", "IE6433435OA", "IE");
    row("GB", "UK 980 7806 84", "GB980780684", "GB");
    row("GB", "XI 434031494", "XI434031494", "XI");
    row("CH", "CHE-107.787.577 IVA", "CHE107787577IVA", "CH");
    row("NO", "NO 995 525 828 MVA", "NO995525828MVA", "NO");
    row("NO", "995 525 828 MVA", "NO995525828MVA", "NO");
    row("US", "FR40303265045", "FR40303265045", "FR"); // registered abroad
    // No VAT ids, and left as they are.
    row("US", "12-3456789", "12-3456789", "");
    row("DE", "30/123/45678", "30/123/45678", "");
    row("FR", "SIREN 404833048", "SIREN 404833048", "");
    row("DE", "DE-EORI-1234567890123", "DE-EORI-1234567890123", "");
    row("IN", "ATXPK1234F", "ATXPK1234F", "");
    row("IN", "27AAPFU0939F1ZV", "27AAPFU0939F1ZV", "");
    row("AU", "51 824 753 556", "51 824 753 556", "");
    row("BR", "11.222.333/0001-81", "11.222.333/0001-81", "");
    row("JP", "T1234567890123", "T1234567890123", "");
    row("MX", "EKU9003173C9", "EKU9003173C9", "");
    row("MX", "gode 561231 gr8", "GODE561231GR8", "");
    row("MX", "ATM030101AB1", "ATM030101AB1", ""); // begins like an Austrian one
    row("MX", "XAXX010101000", "XAXX010101000", "");
    row("MX", "\xC3\x91&A030101AB1", "\xC3\x91&A030101AB1", "");
}

void TestTaxId::reads()
{
    QFETCH(const std::string, country);
    QFETCH(const std::string, written);
    QFETCH(const std::string, text);
    QFETCH(const std::string, prefix);
    const auto read = parseTaxId("tax_ids[0]", written, country);
    QVERIFY2(read, read ? "" : read.error().detail.c_str());
    QCOMPARE(read->text, text);
    QCOMPARE(read->vatPrefix, prefix);
    QCOMPARE(*parseTaxId("tax_ids[0]", read->text, country), *read); // reading it again changes nothing
}

void TestTaxId::refuses_data()
{
    QTest::addColumn<std::string>("country");
    QTest::addColumn<std::string>("written");
    QTest::addColumn<int>("code");
    QTest::addColumn<std::string>("detail");
    const auto row = [](const char* country, const std::string& written, const char* detail,
                        ErrorCode code = ErrorCode::InvalidTaxId) {
        QTest::newRow((country + (" " + written)).c_str())
            << std::string(country) << written << static_cast<int>(code) << std::string(detail);
    };
    for (const char* behindWords : {"VAT FR40303265045", "USt-IdNr.: DE136695977", "TVA: FR 40 303 265 045"})
        row("FR", behindWords, "a VAT id is written alone, without words before it");
    for (const char* filler :
         {"",    " ", "n/a", "N/A",       "na",   "-",    "--",   "\xE2\x80\x93", "\xC2\xA0", "\xE3\x80\x80",
          ".",   "0", "00",  "000000000", "none", "None", "null", "unknown",      "keine",    "x",
          "tbd", "1", "12",  "DE",        "DE0",  "ABC",  "?"})
        for (const char* country : {"DE", "US"})
            row(country, filler, "no tax id");
    for (const char* invisible :
         {"\xE2\x80\x8B", "\xEF\xBB\xBF", "DE136695976\xE2\x80\xAE", "DE136695976\n", "\xC2\xAD"})
        row("DE", invisible, "U+", ErrorCode::InvalidCharacter);
    row("DE", std::string(41, '7'), "more than 40 bytes", ErrorCode::TooLong);
    row("DE", "DE13669597", "a VAT id of DE is DE and 9 digits");
    row("DE", "DE1366959760", "a VAT id of DE is DE and 9 digits");
    row("DE", "DE136695977", "its check digits are wrong");
    row("DE", "DE000000000", "no tax id");
    row("US", "DE123", "a VAT id of DE");
    row("FR", "FR123", "a VAT id of FR is FR and a key of 2");
    row("FR", "FR41303265045", "its check digits are wrong");
    row("DE", "DEABC123456", "a VAT id of DE");
    row("GR", "EL094259217", "its check digits are wrong");
    row("GR", "GR094259217", "its check digits are wrong");
    row("AT", "AT13585627", "a VAT id of AT is AT and U and 8 digits");
    row("US", "ATU1358562", "a VAT id of AT");
    row("GB", "UK980780685", "its check digits are wrong");
    row("GB", "XI12", "no tax id");
    row("GB", "XI1234567", "a VAT id of XI");
    row("CH", "CHE-107.787.577", "a VAT id of CH is CH and E, 9 digits and MWST");
    row("CH", "CHE-107.787.578 IVA", "its check digits are wrong");
    row("NO", "NO995525828", "a VAT id of NO is NO and 9 digits and MVA");
    row("NO", "995525829MVA", "its check digits are wrong");
    row("MX", "EKU900317", "an RFC");
    row("MX", "EKU9013173C9", "an RFC");
    row("MX", "EKU9003323C9", "an RFC");
    row("MX", "12-3456789", "an RFC");
}

void TestTaxId::refuses()
{
    QFETCH(const std::string, country);
    QFETCH(const std::string, written);
    QFETCH(const int, code);
    QFETCH(const std::string, detail);
    const auto read = parseTaxId("tax_ids[0]", written, country);
    QVERIFY2(!read, read ? read->text.c_str() : "");
    QCOMPARE(static_cast<int>(read.error().code), code);
    QCOMPARE(read.error().subject, std::string("tax_ids[0]"));
    QVERIFY2(read.error().detail.starts_with(detail), read.error().detail.c_str());
}

void TestTaxId::listsAreBoundedAndWithoutRepeats()
{
    using Ids = std::vector<std::string>;
    QCOMPARE(*parseTaxIds("tax_ids", {"de 136695976", "30/123/45678"}, "DE"),
             (Ids{"DE136695976", "30/123/45678"}));
    QCOMPARE(*parseTaxIds("tax_ids", {}, "DE"), Ids{});
    const auto twice = parseTaxIds("tax_ids", {"DE136695976", "30/123/45678", "de 136.695.976"}, "DE");
    QCOMPARE(twice.error().code, ErrorCode::InvalidTaxId);
    QCOMPARE(twice.error().subject, std::string("tax_ids[2]"));
    QCOMPARE(parseTaxIds("tax_ids", {"30/123/45678", "30 123 45678"}, "DE").error().subject,
             std::string("tax_ids[1]"));
    QCOMPARE(parseTaxIds("tax_ids", {"DE136695976", "n/a"}, "DE").error().subject, std::string("tax_ids[1]"));
    Ids many;
    for (int id = 0; id < 11; ++id)
        many.push_back("12-34567" + std::to_string(10 + id));
    QCOMPARE(parseTaxIds("tax_ids", many, "US").error().code, ErrorCode::TooManyItems);
    many.pop_back();
    QVERIFY(parseTaxIds("tax_ids", many, "US"));
}

void TestTaxId::knowsWhoGaveIt_data()
{
    QTest::addColumn<std::string>("id");
    QTest::addColumn<std::string>("state");
    const auto row = [](const char* id, const char* state) {
        QTest::newRow(*id ? id : "nothing") << std::string(id) << std::string(state);
    };
    row("DE136695976", "DE");
    row("fr 40 303 265 045", "FR");
    row("EL094259216", "GR");
    row("GR094259216", "GR");
    for (const char* other :
         {"", "n/a", "-", "none", "\xC2\xA0", "DE136695977", "DE13669597", "GB980780684", "XI434031494",
          "CHE107787577IVA", "NO995525828MVA", "12-3456789", "EKU9003173C9", "EU372022452", "136695976"})
        row(other, "");
}

void TestTaxId::knowsWhoGaveIt()
{
    QFETCH(const std::string, id);
    QFETCH(const std::string, state);
    QCOMPARE(memberStateOfVatId(id), state);
}

QTEST_APPLESS_MAIN(TestTaxId)
#include "tst_tax_id.moc"
