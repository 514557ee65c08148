// D/issuer.toml is read strictly: whatever is wrong with it stops the start and is named by its key.
#include "server/app/issuer_file.h"

#include "tests/support/printing.h"
#include "tests/support/temporary_directory.h"

#include <fstream>

using namespace billing;

class TestIssuerFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusals_data();
    void refusals();
    void refusesWhatIsNoToml();
    void refusesAMissingFile();
    void theSampleReadsBack();
    void theSampleIsNeverWrittenOver();
    void whatIsOptionalMayBeMissing();
    void twins_data();
    void twins();
    void whatIsWrittenIsBroughtIntoOneForm();

private:
    Result<Issuer> read(const std::string& text)
    {
        const auto file = m_directory.file("issuer.toml");
        std::ofstream(file, std::ios::binary) << text;
        return readIssuerFile(file);
    }

    test::TemporaryDirectory m_directory;
};

namespace {

constexpr std::string_view good = R"(code = "main"
name = "ENIS Systems GmbH"
country = "DE"
time_zone = "Europe/Berlin"
tax_ids = ["DE136695976"]
[address]
line1 = "Torstrasse 49"
city = "Berlin"
[numbering]
series = "EB"
pattern = "{series}-{number}"
[bank]
account_holder = "ENIS Systems GmbH"
[[tax_rate]]
country = "DE"
category = "S"
name = "VAT"
rate = "0.16"
valid_from = "2020-07-01"
valid_until = "2021-01-01"
[[tax_rate]]
country = "DE"
category = "S"
name = "VAT"
rate = "0.19"
valid_from = "2021-01-01"
)";

std::string with(std::string text, const std::string& from, const std::string& to)
{
    const auto at = text.rfind(from);
    BILLING_ASSERT(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace

void TestIssuerFile::refusals_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("subject");
    const auto row = [](const char* name, const char* from, const char* to, const char* subject) {
        QTest::newRow(name) << QString::fromUtf8(from) << QString::fromUtf8(to) << QString::fromUtf8(subject);
    };
    row("unknown key", "code = \"main\"", "code = \"main\"\ncolour = \"red\"", "colour");
    row("unknown key of the address", "city = \"Berlin\"", "city = \"Berlin\"\ntown = \"B\"", "address.town");
    row("unknown key of the bank", "[bank]", "[bank]\npin = \"1\"", "bank.pin");
    row("unknown key of the numbering", "series = \"EB\"", "series = \"EB\"\nnext = \"1\"", "numbering.next");
    row("unknown key of a rate", "rate = \"0.19\"", "rate = \"0.19\"\nrates = \"0.2\"", "tax_rate[1].rates");
    row("no code", "code = \"main\"", "", "code");
    row("no name", "name = \"ENIS Systems GmbH\"", "", "name");
    row("no zone", "time_zone = \"Europe/Berlin\"", "", "time_zone");
    row("no such zone", "Europe/Berlin", "Europe/Berlinn", "time_zone");
    row("no numbering", "[numbering]\nseries = \"EB\"\npattern = \"{series}-{number}\"\n", "", "numbering");
    row("a pattern without number", "{series}-{number}", "{series}", "numbering.pattern");
    row("no series", "series = \"EB\"\n", "", "numbering.series");
    row("half an address", "city = \"Berlin\"\n", "", "address.city");
    row("bank without holder", "account_holder = \"ENIS Systems GmbH\"\n", "", "bank.account_holder");
    row("code is a number", "code = \"main\"", "code = 1", "code");
    row("address is a text", "[address]\nline1 = \"Torstrasse 49\"\ncity = \"Berlin\"\n",
        "address = \"Berlin\"\n",
        "bank.address"); // a key after [bank] belongs to it
    row("tax ids are no list", "[\"DE136695976\"]", "\"DE136695976\"", "tax_ids");
    row("a tax id is a number", "[\"DE136695976\"]", "[136695976]", "tax_ids");
    row("rate is a float", "rate = \"0.19\"", "rate = 0.19", "tax_rate[1].rate");
    row("rate is an integer", "rate = \"0.19\"", "rate = 0", "tax_rate[1].rate");
    row("rate in per cent", "rate = \"0.19\"", "rate = \"19\"", "tax_rate[1].rate");
    row("negative rate", "rate = \"0.19\"", "rate = \"-0.19\"", "tax_rate[1].rate");
    row("rate with a sign for per cent", "rate = \"0.19\"", "rate = \"19 %\"", "tax_rate[1].rate");
    row("first rate", "rate = \"0.16\"", "rate = \"2\"", "tax_rate[0].rate");
    row("no such category", "category = \"S\"", "category = \"X\"", "tax_rate[1].category");
    row("a TOML date", "valid_from = \"2021-01-01\"", "valid_from = 2021-01-01", "tax_rate[1].valid_from");
    row("no such day", "valid_from = \"2021-01-01\"", "valid_from = \"2021-02-29\"",
        "tax_rate[1].valid_from");
    row("empty code", "code = \"main\"", "code = \"\"", "code");
    row("code of spaces", "code = \"main\"", "code = \"  \"", "code");
    row("code too long", "code = \"main\"", "code = \"mainmainmainmainmainmainmainmainm\"", "code");
    row("empty name", "name = \"ENIS Systems GmbH\"", "name = \"\"", "name");
    row("name of an ideographic space", "name = \"ENIS Systems GmbH\"", "name = \"\u3000\"", "name");
    row("name turned round", "name = \"ENIS Systems GmbH\"", "name = \"ENIS \\u202EGmbH\"", "name");
    row("name on two lines", "name = \"ENIS Systems GmbH\"", "name = \"ENIS\\nGmbH\"", "name");
    row("name with a space behind", "name = \"ENIS Systems GmbH\"", "name = \"ENIS \"", "name");
    row("name with a hidden space", "name = \"ENIS Systems GmbH\"", "name = \"EN\\u200BIS\"", "name");
    row("country in words", "country = \"DE\"\ntime", "country = \"Germany\"\ntime", "country");
    row("country in small letters", "country = \"DE\"\ntime", "country = \"de\"\ntime", "country");
    row("no such country", "country = \"DE\"\ntime", "country = \"XX\"\ntime", "country");
    row("Northern Ireland is no country", "country = \"DE\"\ntime", "country = \"XI\"\ntime", "country");
    row("empty zone", "Europe/Berlin", "", "time_zone");
    row("tax id's check digit", "DE136695976", "DE136695977", "tax_ids");
    row("tax id too short", "DE136695976", "DE13669597", "tax_ids");
    row("tax id that only fills the field", "DE136695976", "n/a", "tax_ids");
    row("tax id twice", "[\"DE136695976\"]", "[\"DE136695976\", \"DE 136 695 976\"]", "tax_ids");
    row("no e-mail", "tax_ids", "email = \"billing\"\ntax_ids", "email");
    row("empty e-mail", "tax_ids", "email = \"\"\ntax_ids", "email");
    row("two e-mails", "tax_ids", "email = \"a@b.example, c@d.example\"\ntax_ids", "email");
    row("registration turned round", "tax_ids", "registration = \"HRB \\u202E1\"\ntax_ids", "registration");
    row("empty note", "tax_ids", "notes = [\"\"]\ntax_ids", "notes");
    row("note on two lines", "tax_ids", "notes = [\"a\\nb\"]\ntax_ids", "notes");
    row("empty street", "Torstrasse 49", "", "address.line1");
    row("empty city", "city = \"Berlin\"", "city = \"\"", "address.city");
    row("city of spaces", "city = \"Berlin\"", "city = \" \"", "address.city");
    row("region with a tab", "city = \"Berlin\"", "city = \"Berlin\"\nregion = \"a\\tb\"", "address.region");
    row("empty series", "series = \"EB\"", "series = \"\"", "numbering.series");
    row("series of a space", "series = \"EB\"", "series = \" \"", "numbering.series");
    row("series too long", "series = \"EB\"", "series = \"EBEBEBEBEBEBEBEBEBEBEBEBEBEBEBEBE\"",
        "numbering.series");
    row("a pattern with numbers", "{series}-{number}", "{series}-{year}-{numbers}", "numbering.pattern");
    row("an unclosed pattern", "{series}-{number}", "{series}-{number", "numbering.pattern");
    row("a pattern with a brace too many", "{series}-{number}", "{series}-{number}}", "numbering.pattern");
    row("a pattern without width", "{series}-{number}", "{year}{number}", "numbering.pattern");
    row("a width of nothing", "{series}-{number}", "{series}-{number:0}", "numbering.pattern");
    row("a pattern turned round", "{series}-{number}", "{series}-\\u202E{number}", "numbering.pattern");
    const char* holder = "account_holder = \"ENIS Systems GmbH\"";
    row("empty holder", holder, "account_holder = \"\"", "bank.account_holder");
    row("IBAN with swapped digits", holder, "account_holder = \"E\"\niban = \"DE89 3704 0044 0532 0103 00\"",
        "bank.iban");
    row("IBAN too short", holder, "account_holder = \"E\"\niban = \"DE8937040044053201300\"", "bank.iban");
    row("IBAN of nowhere", holder, "account_holder = \"E\"\niban = \"US89370400440532013000\"", "bank.iban");
    row("empty IBAN", holder, "account_holder = \"E\"\niban = \"\"", "bank.iban");
    row("BIC too short", holder, "account_holder = \"E\"\nbic = \"COBADEF\"", "bank.bic");
    row("BIC of nowhere", holder, "account_holder = \"E\"\nbic = \"COBAZZFF\"", "bank.bic");
    row("account with a control character", holder, "account_holder = \"E\"\nother_account = \"1\\u00072\"",
        "bank.other_account");
    row("rate of no country", "country = \"DE\"\ncategory", "country = \"Germany\"\ncategory",
        "tax_rate[1].country");
    row("rate without a name", "name = \"VAT\"", "name = \"\"", "tax_rate[1].name");
    row("exempt at a rate", "category = \"S\"", "category = \"E\"", "tax_rate[1].rate");
    row("reverse charge at a rate", "category = \"S\"", "category = \"AE\"", "tax_rate[1].rate");
    row("zero at a rate", "category = \"S\"", "category = \"Z\"", "tax_rate[1].rate");
    row("two rates on one day", "valid_from = \"2021-01-01\"", "valid_from = \"2020-12-31\"",
        "tax_rate[1].valid_from");
    row("the same rate twice", "valid_from = \"2021-01-01\"", "valid_from = \"2020-07-01\"",
        "tax_rate[1].valid_from");
    row("a rate without an end before another", "valid_until = \"2021-01-01\"\n", "",
        "tax_rate[1].valid_from");
    row("until before from", "valid_until = \"2021-01-01\"", "valid_until = \"2020-06-30\"",
        "tax_rate[0].valid_until");
    row("until is from", "valid_until = \"2021-01-01\"", "valid_until = \"2020-07-01\"",
        "tax_rate[0].valid_until");
    row("empty until", "valid_until = \"2021-01-01\"", "valid_until = \"\"", "tax_rate[0].valid_until");
    row("no such policy", "[numbering]", "[tax_policy]\neu_consumers = \"none\"\n[numbering]",
        "tax_policy.eu_consumers");
    row("an empty policy", "[numbering]", "[tax_policy]\n[numbering]", "tax_policy.eu_consumers");
    row("another policy", "[numbering]", "[tax_policy]\neu_consumers = \"oss\"\nb2c = 1\n[numbering]",
        "tax_policy.b2c");
    row("until no such day", "valid_until = \"2021-01-01\"", "valid_until = \"soon\"",
        "tax_rate[0].valid_until");
}

void TestIssuerFile::refusals()
{
    QFETCH(QString, from);
    QFETCH(QString, to);
    QFETCH(QString, subject);
    std::string text = with(std::string(good), from.toStdString(), to.toStdString());
    if (subject == QLatin1String("bank.address")) { // put it where it is the root's
        text = "address = \"Berlin\"\n" + with(text, "address = \"Berlin\"\n", "");
        subject = QStringLiteral("address");
    }
    const auto issuer = read(text);
    QVERIFY(!issuer);
    QCOMPARE(issuer.error().code, ErrorCode::InvalidConfiguration);
    QCOMPARE(issuer.error().subject, subject.toStdString());
    QVERIFY(!issuer.error().detail.empty());
}

void TestIssuerFile::refusesWhatIsNoToml()
{
    const auto issuer = read("code = \"main\"\nname = \n");
    QCOMPARE(issuer.error().code, ErrorCode::InvalidConfiguration);
    QVERIFY2(issuer.error().detail.starts_with("line 2"), issuer.error().detail.c_str());
}

void TestIssuerFile::refusesAMissingFile()
{
    QCOMPARE(readIssuerFile(m_directory.file("nothing.toml")).error().code, ErrorCode::FileUnreadable);
}

void TestIssuerFile::theSampleReadsBack()
{
    const auto file = m_directory.file("sample.toml");
    QVERIFY(writeSampleIssuer(file));
    const Issuer issuer = readIssuerFile(file).value();
    QCOMPARE(issuer.code, std::string("main"));
    QCOMPARE(issuer.party.name, std::string("ENIS Systems GmbH"));
    QCOMPARE(issuer.party.address.city, std::string("Berlin"));
    QCOMPARE(issuer.series, std::string("EB"));
    QVERIFY(issuer.taxRates.size() >= 2);
    QCOMPARE(issuer.taxRates[0].rate.toText(), std::string("0.16"));
    QCOMPARE(issuer.taxRates[0].validUntil, std::optional(LocalDate::parse("2021-01-01").value()));
    QCOMPARE(issuer.taxRates[1].rate.toText(), std::string("0.19"));
    QVERIFY(!issuer.taxRates[1].validUntil);
}

void TestIssuerFile::theSampleIsNeverWrittenOver()
{
    const auto file = m_directory.file("mine.toml");
    std::ofstream(file) << "mine";
    QCOMPARE(writeSampleIssuer(file).error().code, ErrorCode::AlreadyExists);
    QCOMPARE(std::filesystem::file_size(file), std::uintmax_t{4});
    QCOMPARE(writeSampleIssuer(m_directory.file("no/such/folder.toml")).error().code,
             ErrorCode::FileUnwritable);
}

void TestIssuerFile::whatIsOptionalMayBeMissing()
{
    const Issuer full = read(std::string(good)).value();
    QCOMPARE(full.taxRates.size(), std::size_t{2});
    const Issuer small =
        read("code = \"a\"\nname = \"b\"\ncountry = \"DE\"\ntime_zone = \"UTC\"\n[numbering]\n"
             "series = \"E\"\npattern = \"{number:6}\"\n")
            .value();
    QVERIFY(small.taxRates.empty());
    QVERIFY(small.party.taxIds.empty());
    QVERIFY(small.bank.accountHolder.empty());
}

// What stands close to a refusal and is right.
void TestIssuerFile::twins_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    const auto row = [](const char* name, const char* from, const char* to) {
        QTest::newRow(name) << QString::fromUtf8(from) << QString::fromUtf8(to);
    };
    row("as it is", "code", "code");
    row("name of another script", "ENIS Systems GmbH", "\u682A\u5F0F\u4F1A\u793E\u30C6\u30B9\u30C8");
    row("Greece", "country = \"DE\"\ntime", "country = \"EL\"\ntime");
    row("the United Kingdom", "country = \"DE\"\ntime", "country = \"UK\"\ntime");
    row("a national tax number", "DE136695976", "30/123/45678");
    row("an e-mail", "tax_ids", "email = \"billing@enis.example\"\ntax_ids");
    row("a number with a slash", "{series}-{number}", "{year}/{number:6}");
    row("a wide number", "{series}-{number}", "{year}{number:6}");
    row("a series in another script", "series = \"EB\"", "series = \"\u8ACB\u6C42\"");
    row("an account elsewhere", "[bank]", "[bank]\nother_account = \"021000021 / 12345678\"");
    row("the next rate begins as one ends", "valid_from = \"2021-01-01\"",
        "valid_from = \"2021-01-01\"\nnote = \"n\"");
    row("a gap between rates", "valid_from = \"2021-01-01\"", "valid_from = \"2021-02-01\"");
    row("a region beside its country", "valid_from = \"2021-01-01\"",
        "valid_from = \"2020-07-01\"\nregion = \"HE\"");
    row("another country on these days", "country = \"DE\"\ncategory", "country = \"FR\"\ncategory");
    row("exempt at none", "category = \"S\"\nname = \"VAT\"\nrate = \"0.19\"",
        "category = \"E\"\nname = \"VAT\"\nrate = \"0\"");
    row("home rate", "[numbering]", "[tax_policy]\neu_consumers = \"home_rate\"\n[numbering]");
    row("ask", "[numbering]", "[tax_policy]\neu_consumers = \"ask\"\n[numbering]");
}

void TestIssuerFile::twins()
{
    QFETCH(QString, from);
    QFETCH(QString, to);
    const auto issuer = read(with(std::string(good), from.toStdString(), to.toStdString()));
    QVERIFY2(issuer, issuer ? "" : toText(issuer.error()).c_str());
}

void TestIssuerFile::whatIsWrittenIsBroughtIntoOneForm()
{
    std::string text = with(std::string(good), "[bank]",
                            "[bank]\niban = \"de89 3704 0044 0532 0130 00\"\nbic = \"cobadeff\"");
    text = with(text, "DE136695976", "de 136.695.976");
    text = with(text, "country = \"DE\"\ncategory", "country = \"EL\"\ncategory");
    const Issuer issuer =
        read(with(text, "[numbering]", "[tax_policy]\neu_consumers = \"oss\"\n[numbering]")).value();
    QCOMPARE(issuer.bank.iban, std::string("DE89370400440532013000"));
    QCOMPARE(issuer.bank.bic, std::string("COBADEFF"));
    QCOMPARE(issuer.party.taxIds, std::vector<std::string>{"DE136695976"});
    QCOMPARE(issuer.taxRates[1].country, std::string("GR"));
    QVERIFY(issuer.euConsumers == EuConsumerTax::OneStopShop);
    QVERIFY(read(std::string(good)).value().euConsumers == EuConsumerTax::Automatic);
}

QTEST_APPLESS_MAIN(TestIssuerFile)
#include "tst_issuer_file.moc"
