// Cursors come back as they were written, and nobody can make or bend one.
#include "server/api/cursor.h"

#include "tests/support/printing.h"

using namespace billing;
using Key = std::vector<std::string>;

class TestCursor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBack_data();
    void comesBack();
    void refusesAnyChangedCharacter();
    void refusesAnythingShorterOrLonger();
    void refusesAnotherListOrKey();
    void refusesInventedOnes_data();
    void refusesInventedOnes();

private:
    const api::Cursors m_cursors{"a key"};
};

void TestCursor::comesBack_data()
{
    QTest::addColumn<Key>("key");
    QTest::newRow("one part") << Key{"acme"};
    QTest::newRow("two parts") << Key{"acme", "inv_01"};
    QTest::newRow("what stands between parts") << Key{"\x1f", "1:a", "", ":"};
    QTest::newRow("bytes of every kind") << Key{"\xC3\xA9 \"'\n", std::string("\0\x01\xFF", 3)};
}

void TestCursor::comesBack()
{
    QFETCH(Key, key);
    const std::string cursor = m_cursors.write("tenants", key);
    QVERIFY(cursor.find_first_not_of("0123456789abcdef") ==
            std::string::npos); // needs no escaping in an address
    QCOMPARE(m_cursors.read("tenants", cursor).value(), key);
}

void TestCursor::refusesAnyChangedCharacter()
{
    const std::string good = m_cursors.write("invoices", {"acme", "inv_01"});
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const char other : {'0', '7', 'f'}) {
            std::string bent = good;
            bent[at] = other;
            const auto read = m_cursors.read("invoices", bent);
            QVERIFY2(read.has_value() == (bent == good), bent.c_str());
            if (!read)
                QCOMPARE(read.error().code, ErrorCode::InvalidCursor);
        }
    }
}

void TestCursor::refusesAnythingShorterOrLonger()
{
    const std::string good = m_cursors.write("invoices", {"acme", "inv_01"});
    for (std::size_t size = 0; size < good.size(); ++size)
        QVERIFY(!m_cursors.read("invoices", good.substr(0, size)));
    QVERIFY(!m_cursors.read("invoices", good + "0"));
    QVERIFY(!m_cursors.read("invoices", good + "00"));
}

void TestCursor::refusesAnotherListOrKey()
{
    const std::string good = m_cursors.write("tenants", {"acme"});
    QCOMPARE(m_cursors.read("invoices", good).error().code, ErrorCode::InvalidCursor);
    QVERIFY(!m_cursors.read("tenant", good));
    QVERIFY(!m_cursors.read("", good));
    QVERIFY(m_cursors.read("tenants", good, 1));
    QVERIFY(!m_cursors.read("tenants", good, 2)); // of a release whose keys had another number of parts
    QVERIFY(!m_cursors.read("tenants", m_cursors.write("tenants", {}), 1));
    QVERIFY(!api::Cursors("another key").read("tenants", good));
}

void TestCursor::refusesInventedOnes_data()
{
    QTest::addColumn<QString>("cursor");
    QTest::newRow("empty") << "";
    QTest::newRow("a page number") << "2";
    QTest::newRow("not hexadecimal") << "zz";
    QTest::newRow("capital letters") << "AB";
    QTest::newRow("zeros") << QString(64, QLatin1Char('0'));
    QTest::newRow("an id") << "inv_01HFA3Z0W0000000000000000";
}

void TestCursor::refusesInventedOnes()
{
    QFETCH(QString, cursor);
    QCOMPARE(m_cursors.read("tenants", cursor.toStdString()).error(),
             (Error{ErrorCode::InvalidCursor, "cursor"}));
}

QTEST_APPLESS_MAIN(TestCursor)
#include "tst_cursor.moc"
