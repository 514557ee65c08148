// Dimension keys have one text for one meaning, and only texts that a key can have are read back.
#include "shared/model/dimensions.h"

#include <QTest>

using namespace billing;

class TestDimensions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesKey_data();
    void refusesKey();
    void writesKey_data();
    void writesKey();
    void finds();
};

void TestDimensions::refusesKey_data()
{
    QTest::addColumn<QByteArray>("key");
    for (const char* key : {"model", "=gpt4", "model=gpt4,direction", "model=%", "model=%2", "model=%2c",
                            "model=%41", "mo%del=x", ",", "model=a,,direction=b"})
        QTest::newRow(key) << QByteArray(key);
}

void TestDimensions::refusesKey()
{
    QFETCH(QByteArray, key);
    const auto parsed = parseDimensionKey(key.toStdString());
    QVERIFY(!parsed);
    QCOMPARE(int(parsed.error().code), int(ErrorCode::InvalidValue));
}

void TestDimensions::writesKey_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("key");
    QTest::newRow("plain") << QByteArray("gpt4") << QByteArray("direction=input,model=gpt4");
    QTest::newRow("comma") << QByteArray("a,b") << QByteArray("direction=input,model=a%2Cb");
    QTest::newRow("equals") << QByteArray("a=b") << QByteArray("direction=input,model=a%3Db");
    QTest::newRow("percent") << QByteArray("%2C") << QByteArray("direction=input,model=%252C");
    QTest::newRow("a whole key") << QByteArray(",model=x")
                                 << QByteArray("direction=input,model=%2Cmodel%3Dx");
    QTest::newRow("other letters") << QByteArray("\xC3\xA9") << QByteArray("direction=input,model=\xC3\xA9");
}

void TestDimensions::writesKey()
{
    QFETCH(QByteArray, model);
    const Dimensions dimensions{{"direction", "input"}, {"extra", "x"}, {"model", model.toStdString()}};
    const std::vector<std::string> declared{"direction", "model"};
    const std::string key = dimensionKey(dimensions, declared);
    QTEST(QByteArray::fromStdString(key), "key");
    QCOMPARE(*parseDimensionKey(key), (Dimensions{{"direction", "input"}, {"model", model.toStdString()}}));
}

void TestDimensions::finds()
{
    const Dimensions dimensions{{"a", "1"}, {"b", ""}};
    QCOMPARE(*findDimension(dimensions, "a"), "1");
    QCOMPARE(*findDimension(dimensions, "b"), "");
    QVERIFY(!findDimension(dimensions, "c"));
    QCOMPARE(dimensionKey(dimensions, {}), "");
    QVERIFY(parseDimensionKey("")->empty());
    const std::vector<std::string> declared{"a", "c"};
    QCOMPARE(dimensionKey(dimensions, declared), "a=1,c=");
    QCOMPARE(*parseDimensionKey("a=1,c="), (Dimensions{{"a", "1"}, {"c", ""}}));
}

QTEST_APPLESS_MAIN(TestDimensions)
#include "tst_dimensions.moc"
