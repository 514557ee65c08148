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

QTEST_APPLESS_MAIN(TestIssuerFile)
#include "tst_issuer_file.moc"
