// An IBAN passes only when its country, length and check digits are right, a BIC when it has the shape.
#include "shared/model/bank_account.h"

#include <QTest>

using namespace billing;

class TestBankAccount : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ibansPass();
    void aChangedDigitIsNoticed();
    void ibansAreNormalised();
    void ibansAreRefused_data();
    void ibansAreRefused();
    void bics_data();
    void bics();
};

namespace {

// The examples of SWIFT's registry of IBANs.
const std::vector<std::string> ibans{"AD1200012030200359100100",
                                     "AE070331234567890123456",
                                     "AL47212110090000000235698741",
                                     "AT611904300234573201",
                                     "AZ21NABZ00000000137010001944",
                                     "BA391290079401028494",
                                     "BE68539007547034",
                                     "BG80BNBG96611020345678",
                                     "BH67BMAG00001299123456",
                                     "BR1800360305000010009795493C1",
                                     "BY13NBRB3600900000002Z00AB00",
                                     "CH9300762011623852957",
                                     "CR05015202001026284066",
                                     "CY17002001280000001200527600",
                                     "CZ6508000000192000145399",
                                     "DE89370400440532013000",
                                     "DK5000400440116243",
                                     "DO28BAGR00000001212453611324",
                                     "EE382200221020145685",
                                     "ES9121000418450200051332",
                                     "FI2112345600000785",
                                     "FO6264600001631634",
                                     "FR1420041010050500013M02606",
                                     "GB29NWBK60161331926819",
                                     "GE29NB0000000101904917",
                                     "GI75NWBK000000007099453",
                                     "GL8964710001000206",
                                     "GR1601101250000000012300695",
                                     "GT82TRAJ01020000001210029690",
                                     "HR1210010051863000160",
                                     "HU42117730161111101800000000",
                                     "IE29AIBK93115212345678",
                                     "IL620108000000099999999",
                                     "IS140159260076545510730339",
                                     "IT60X0542811101000000123456",
                                     "JO94CBJO0010000000000131000302",
                                     "KW81CBKU0000000000001234560101",
                                     "KZ86125KZT5004100100",
                                     "LB62099900000001001901229114",
                                     "LI21088100002324013AA",
                                     "LT121000011101001000",
                                     "LU280019400644750000",
                                     "LV80BANK0000435195001",
                                     "MC5811222000010123456789030",
                                     "MD24AG000225100013104168",
                                     "ME25505000012345678951",
                                     "MK07250120000058984",
                                     "MR1300020001010000123456753",
                                     "MT84MALT011000012345MTLCAST001S",
                                     "MU17BOMM0101101030300200000MUR",
                                     "NL91ABNA0417164300",
                                     "NO9386011117947",
                                     "PK36SCBL0000001123456702",
                                     "PL61109010140000071219812874",
                                     "PS92PALS000000000400123456702",
                                     "PT50000201231234567890154",
                                     "QA58DOHB00001234567890ABCDEFG",
                                     "RO49AAAA1B31007593840000",
                                     "RS35260005601001611379",
                                     "SA0380000000608010167519",
                                     "SE4550000000058398257466",
                                     "SI56191000000123438",
                                     "SK3112000000198742637541",
                                     "SM86U0322509800000000270100",
                                     "TN5910006035183598478831",
                                     "TR330006100519786457841326",
                                     "UA213223130000026007233566001",
                                     "VG96VPVG0000012345678901",
                                     "XK051212012345678906"};

} // namespace

void TestBankAccount::ibansPass()
{
    for (const std::string& iban : ibans) {
        const auto read = parseIban("bank.iban", iban);
        QVERIFY2(read, (iban + " " + (read ? "" : read.error().detail)).c_str());
        QCOMPARE(*read, iban);
    }
}

void TestBankAccount::aChangedDigitIsNoticed()
{
    for (const std::string& iban : ibans)
        for (std::size_t at = 2; at < iban.size(); ++at) {
            if (iban[at] < '0' || iban[at] > '9')
                continue;
            std::string other = iban;
            other[at] = other[at] == '9' ? '0' : static_cast<char>(other[at] + 1);
            QVERIFY2(!parseIban("bank.iban", other), other.c_str());
        }
}

void TestBankAccount::ibansAreNormalised()
{
    for (const char* written :
         {"DE89 3704 0044 0532 0130 00", "de89 3704 0044 0532 0130 00", " DE89370400440532013000 ",
          "DE89\xC2\xA0"
          "3704\xC2\xA0"
          "0044053201 3000"})
        QCOMPARE(parseIban("bank.iban", written).value_or(""), std::string("DE89370400440532013000"));
}

void TestBankAccount::ibansAreRefused_data()
{
    QTest::addColumn<std::string>("iban");
    QTest::addColumn<std::string>("detail");
    const auto row = [](const char* name, const char* iban, const char* detail) {
        QTest::newRow(name) << std::string(iban) << std::string(detail);
    };
    row("nothing", "", "expected an IBAN");
    row("spaces", "   ", "expected an IBAN");
    row("a word", "n/a", "expected an IBAN");
    row("hyphens", "DE89-3704-0044-0532-0130-00", "expected an IBAN");
    row("a letter of another script",
        "D\xD0\x95"
        "89370400440532013000",
        "expected an IBAN");
    row("a line end", "DE89370400440532013000\n", "expected an IBAN");
    row("an account number", "0532013000", "there are no IBANs");
    row("a country without", "US89370400440532013000", "there are no IBANs");
    row("too short", "DE8937040044053201300", "an IBAN of DE has 22 characters, not 21");
    row("too long", "DE893704004405320130000", "an IBAN of DE has 22 characters, not 23");
    row("swapped digits", "DE89370400440532010300", "its check digits");
    row("wrong check digits", "DE88370400440532013000", "its check digits");
    row("another country's", "AT893704004405320130", "its check digits");
    row("letters for check digits", "DEAB370400440532013000", "its check digits");
    // 01 and 99 pass the sum where 98 and 02 do, and are never given out.
    row("check digits 01", "NL01ABNA0417164368", "its check digits");
    row("check digits 99", "NL99ABNA0417164350", "its check digits");
}

void TestBankAccount::ibansAreRefused()
{
    QFETCH(const std::string, iban);
    QFETCH(const std::string, detail);
    const auto read = parseIban("bank.iban", iban);
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::InvalidBankAccount);
    QCOMPARE(read.error().subject, std::string("bank.iban"));
    QVERIFY2(read.error().detail.starts_with(detail), read.error().detail.c_str());
}

void TestBankAccount::bics_data()
{
    QTest::addColumn<std::string>("written");
    QTest::addColumn<std::string>("bic"); // empty: refused
    const auto row = [](const char* written, const char* bic) {
        QTest::newRow(*written ? written : "nothing") << std::string(written) << std::string(bic);
    };
    for (const char* bic : {"COBADEFF", "COBADEFFXXX", "DEUTDEFF500", "NWBKGB2L", "E097AEXX", "NLPRXKPR"})
        row(bic, bic);
    row("coba de ff xxx", "COBADEFFXXX");
    for (const char* other : {"", "COBA", "COBADEF", "COBADEFFX", "COBADEFFXX", "COBADEFFXXXX", "COBA99FF",
                              "COBAZZFF", "COBAUKFF", "COBA-EFF",
                              "COBADE\xC3\x84"
                              "F"})
        row(other, "");
}

void TestBankAccount::bics()
{
    QFETCH(const std::string, written);
    QFETCH(const std::string, bic);
    const auto read = parseBic("bank.bic", written);
    QCOMPARE(read.value_or(""), bic);
    if (!read) {
        QCOMPARE(read.error().code, ErrorCode::InvalidBankAccount);
        QCOMPARE(read.error().subject, std::string("bank.bic"));
    }
}

QTEST_APPLESS_MAIN(TestBankAccount)
#include "tst_bank_account.moc"
