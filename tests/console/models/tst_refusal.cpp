// Every refusal that can reach the console has words of its own, with what to do; the others have words at
// least.
#include "console/models/refusal.h"
#include "tests/support/printing.h"

using namespace billing;
using namespace billing::console;

class TestRefusal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasWords_data();
    void hasWords();
    void everyCodeHasSome();
};

void TestRefusal::hasWords_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<std::string>("subject");
    QTest::addColumn<QString>("says");

    const auto row = [](ErrorCode code, const char* subject, const char* says) {
        QTest::addRow("%s %s", wireName(code).data(), subject)
            << code << std::string(subject) << QString::fromLatin1(says);
    };
    row(ErrorCode::Offline, "not_found", "no server of that name");
    row(ErrorCode::Offline, "refused", "No billing server answers");
    row(ErrorCode::Offline, "broken", "broke off");
    row(ErrorCode::Offline, "unreachable", "cannot be reached");
    row(ErrorCode::DeadlineExceeded, "", "too long");
    row(ErrorCode::TlsFailed, "untrusted", "not the server you trust");
    row(ErrorCode::TlsFailed, "wrong_host", "another name");
    row(ErrorCode::TlsFailed, "expired", "expired");
    row(ErrorCode::TlsFailed, "not_yet_valid", "not valid yet");
    row(ErrorCode::TlsFailed, "certificate_refused", "your certificate");
    row(ErrorCode::TlsFailed, "failed", "No secure connection");
    row(ErrorCode::InvalidKey, "key", "holds no key");
    row(ErrorCode::InvalidKey, "pair", "does not belong");
    row(ErrorCode::InvalidToken, "token", "no usable token");
    row(ErrorCode::InvalidToken, "signature", "does not accept this token");
    row(ErrorCode::ExpiredToken, "exp", "expired");
    row(ErrorCode::TokenNotBoundToCertificate, "cnf", "another certificate");
    row(ErrorCode::FileUnreadable, "certificate", "certificate file");
    row(ErrorCode::FileUnreadable, "key", "key file");
    row(ErrorCode::Internal, "", "refused");
}

void TestRefusal::hasWords()
{
    QFETCH(const ErrorCode, code);
    QFETCH(const std::string, subject);
    QFETCH(const QString, says);
    const Refusal refusal = refusalOf({code, subject});
    QVERIFY2(refusal.headline.contains(says), qPrintable(refusal.headline));
    QVERIFY(!refusal.advice.isEmpty());
}

void TestRefusal::everyCodeHasSome()
{
#define X(name, number, wire) QVERIFY(!refusalOf({ErrorCode::name}).headline.isEmpty());
    BILLING_ERROR_CODES(X)
#undef X
    QVERIFY(refusalOf({ErrorCode::InvalidKey, "key", "encrypted"})
                .headline.contains(QStringLiteral("passphrase")));
}

QTEST_GUILESS_MAIN(TestRefusal)
#include "tst_refusal.moc"
