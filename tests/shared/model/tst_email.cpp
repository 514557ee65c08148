// One e-mail address and nothing around it.
#include "shared/model/email.h"

#include <QTest>

using namespace billing;

class TestEmail : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void passes_data();
    void passes();
    void refuses_data();
    void refuses();
};

void TestEmail::passes_data()
{
    QTest::addColumn<std::string>("address");
    for (const char* address :
         {"a@example.com", "billing@enis.example", "first.last+tag@sub.example.co.uk", "o'brien@example.ie",
          "1@2.example", "用户@例子.公司", "müller@bücher.example", "a_b-c@xn--bcher-kva.example"})
        QTest::newRow(address) << std::string(address);
    QTest::newRow("longest local part") << std::string(64, 'a') + "@example.com";
}

void TestEmail::passes()
{
    QFETCH(const std::string, address);
    QVERIFY(checkEmail("email", address));
}

void TestEmail::refuses_data()
{
    QTest::addColumn<std::string>("address");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, const std::string& address,
                        ErrorCode code = ErrorCode::InvalidValue) {
        QTest::newRow(name) << address << static_cast<int>(code);
    };
    for (const char* address : {"",
                                "a",
                                "@",
                                "a@",
                                "@example.com",
                                "a@example",
                                "a@@example.com",
                                "a@b@example.com",
                                "a@.com",
                                "a@example..com",
                                "a@example.com.",
                                ".a@example.com",
                                "a.@example.com",
                                "a..b@example.com",
                                "a b@example.com",
                                " a@example.com",
                                "a@example.com ",
                                "a@exa mple.com",
                                "a@-example.com",
                                "a@example-.com",
                                "a,b@example.com",
                                "a@example.com,b@example.com",
                                "a@example.com;b",
                                "<a@example.com>",
                                "A <a@example.com>",
                                "\"a b\"@example.com",
                                "a@[192.0.2.1]",
                                "mailto:a@example.com",
                                "a@exam_ple.com",
                                "a@ex\xC2\xA0"
                                "ample.com",
                                "a\xE3\x80\x80@example.com"})
        row(*address ? address : "nothing", address);
    row("local part too long", std::string(65, 'a') + "@example.com");
    row("label too long", "a@" + std::string(64, 'b') + ".com");
    row("too long",
        "a@" + std::string(60, 'b') + "." + std::string(60, 'b') + "." + std::string(60, 'b') + "." +
            std::string(60, 'b') + "." + std::string(60, 'b'),
        ErrorCode::TooLong);
    row("header injected", "a@example.com\r\nBcc: b@example.com", ErrorCode::InvalidCharacter);
    row("turned round", "a@example.com\xE2\x80\xAE", ErrorCode::InvalidCharacter);
    row("malformed", "a@example.com\xFF", ErrorCode::InvalidUtf8);
}

void TestEmail::refuses()
{
    QFETCH(const std::string, address);
    QFETCH(const int, code);
    const auto checked = checkEmail("email", address);
    QVERIFY(!checked);
    QCOMPARE(static_cast<int>(checked.error().code), code);
    QCOMPARE(checked.error().subject, std::string("email"));
}

QTEST_APPLESS_MAIN(TestEmail)
#include "tst_email.moc"
