// Card numbers are found however they are spaced, and ordinary numbers are not.
#include "shared/model/card_data.h"

#include <QTest>

using namespace billing;

class TestCardData : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finds_data();
    void finds();
    void refusesWithoutRepeating();
};

void TestCardData::finds_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("found");
    const auto row = [](const char* text, bool found) { QTest::newRow(text) << QByteArray(text) << found; };
    for (const char* card :
         {"4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "378282246310005",
          "5555555555554444", "2223003122003222", "6011111111111117", "3530111333300000", "30569309025904",
          "4222222222222", "paid with 4111 1111 1111 1111, thanks", "ref0004111111111111111",
          "４１１１１１１１１１１１１１１１"})
        row(card, true);
    for (const char* other :
         {"", "4111111111111112", "411111111111", "4111  1111  1111  1111", "4111.1111.1111.1111",
          "DE89370400440532013000", "+49 30 1234567", "Torstrasse 49", "9111111111111110"})
        row(other, false);
}

void TestCardData::finds()
{
    QFETCH(const QByteArray, text);
    QFETCH(const bool, found);
    QCOMPARE(holdsCardNumber(text.toStdString()), found);
}

void TestCardData::refusesWithoutRepeating()
{
    const auto refused = refuseCardNumber("notes", "4111111111111111");
    QCOMPARE(refused.error().code, ErrorCode::CardDataRefused);
    QCOMPARE(refused.error().subject, std::string("notes"));
    QVERIFY(refused.error().detail.find("4111") == std::string::npos);
    QVERIFY(refuseCardNumber("notes", "invoice 17"));
}

QTEST_APPLESS_MAIN(TestCardData)
#include "tst_card_data.moc"
