// The progress line: never past its ends, and without a size only a count.
#include "shared/usage_client/billing_usage/progress_bar.h"

#include <QTest>

using namespace billing::client;

class TestProgressBar : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lines_data();
    void lines();
};

void TestProgressBar::lines_data()
{
    QTest::addColumn<qint64>("read");
    QTest::addColumn<qint64>("total");
    QTest::addColumn<QByteArray>("line");
    const QByteArray spaces(30, ' ');
    const QByteArray full(30, '#');
    QTest::newRow("unknown size") << qint64(5) << qint64(0) << QByteArray("7 rows");
    QTest::newRow("nothing") << qint64(0) << qint64(100) << QByteArray("[" + spaces + "]   0 %  7 rows");
    QTest::newRow("half") << qint64(50) << qint64(100)
                          << QByteArray("[" + full.left(15) + spaces.left(15) + "]  50 %  7 rows");
    QTest::newRow("all but one") << qint64(99) << qint64(100)
                                 << QByteArray("[" + full.left(29) + " ]  99 %  7 rows");
    QTest::newRow("all") << qint64(100) << qint64(100) << QByteArray("[" + full + "] 100 %  7 rows");
    QTest::newRow("a file that grew")
        << qint64(200) << qint64(100) << QByteArray("[" + full + "] 100 %  7 rows");
    QTest::newRow("very large") << qint64(1) << (qint64(1) << 50)
                                << QByteArray("[" + spaces + "]   0 %  7 rows");
}

void TestProgressBar::lines()
{
    QFETCH(qint64, read);
    QFETCH(qint64, total);
    QTEST(QByteArray::fromStdString(progressLine(read, total, 7)), "line");
}

QTEST_APPLESS_MAIN(TestProgressBar)
#include "tst_progress_bar.moc"
