// The log: one line per event, of allowed fields only; no text of anybody else's can end a line or pose as a
// field.
#include "server/app/log.h"

#include "tests/support/manual_clock.h"
#include "tests/support/printing.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace billing;

class TestLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hostileTextStaysInItsField_data();
    void hostileTextStaysInItsField();
    void everyEventIsAJsonObject();
    void textIsTheSameWords();
    void levels();
};

namespace {

struct Written
{
    explicit Written(LogSettings settings = {})
        : log(clock, settings, [this](const std::string& line) { lines.push_back(line); })
    {
    }
    QJsonObject object(std::size_t index = 0) const
    {
        return QJsonDocument::fromJson(QByteArray::fromStdString(lines.at(index))).object();
    }

    test::ManualClock clock{"2026-09-15T12:00:00Z"};
    std::vector<std::string> lines;
    Log log;
};

} // namespace

void TestLog::hostileTextStaysInItsField_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("line feed") << QByteArray("inv_1\n{\"event\":\"forged\"}");
    QTest::newRow("carriage return") << QByteArray("inv_1\rforged");
    QTest::newRow("quote") << QByteArray(R"(inv_1","event":"forged)");
    QTest::newRow("backslash") << QByteArray(R"(inv_1\)");
    QTest::newRow("escape sequence") << QByteArray("inv_1\x1b[2J\x1b]0;owned\x07");
    QTest::newRow("NUL") << QByteArray("inv\0_1", 6);
    QTest::newRow("DEL and C1") << QByteArray("inv_1\x7f\xc2\x9b"
                                              "31m");
    QTest::newRow("bad UTF-8") << QByteArray("inv_1\xc0\xaf\xff");
    QTest::newRow("right to left") << QByteArray("inv_\xe2\x80\xae"
                                                 "1");
    QTest::newRow("line separator") << QByteArray("inv_\xe2\x80\xa8"
                                                  "1");
}

void TestLog::hostileTextStaysInItsField()
{
    QFETCH(QByteArray, text);
    for (const LogFormat format : {LogFormat::Json, LogFormat::Text}) {
        Written written({LogLevel::Info, format});
        written.log.write(LogEvent::DocumentNotDrawn,
                          {.error = ErrorCode::RenderFailed, .invoice = InvoiceId(text.toStdString())});
        QCOMPARE(written.lines.size(), std::size_t{1});
        const std::string& line = written.lines.front();
        QCOMPARE(line.find('\n'), line.size() - 1);
        for (const char character : line.substr(0, line.size() - 1))
            QVERIFY2(character >= ' ' && character <= '~', line.c_str());
        if (format == LogFormat::Json) {
            QCOMPARE(written.object().size(), 5);
            QCOMPARE(written.object()[QLatin1String("event")].toString(),
                     QStringLiteral("document_not_drawn"));
            QCOMPARE(written.object()[QLatin1String("invoice")].toString(), QString::fromLatin1(text));
        }
    }
}

void TestLog::everyEventIsAJsonObject()
{
    Written written;
#define X(name, level, text) written.log.write(LogEvent::name);
    BILLING_LOG_EVENTS(X)
#undef X
    std::size_t index = 0;
#define X(name, level, text)                                                                                 \
    QCOMPARE(written.object(index)[QLatin1String("event")].toString(), QStringLiteral(text));                \
    QCOMPARE(written.object(index++)[QLatin1String("time")].toString(),                                      \
             QStringLiteral("2026-09-15T12:00:00Z"));
    BILLING_LOG_EVENTS(X)
#undef X
    QCOMPARE(index, written.lines.size());
}

void TestLog::textIsTheSameWords()
{
    Written written({LogLevel::Info, LogFormat::Text});
    written.log.write(LogEvent::AdminCommand,
                      {.command = "backup", .count = 3, .exitCode = 0, .microseconds = -1, .peerUser = 7});
    QCOMPARE(written.lines.front(),
             std::string("time=\"2026-09-15T12:00:00Z\" level=\"info\" event=\"admin_command\" "
                         "command=\"backup\" count=3 exit_code=0 microseconds=-1 peer_user=7\n"));
}

void TestLog::levels()
{
    Written written({LogLevel::Error, LogFormat::Json});
    written.log.write(LogEvent::ServerStarted);
    written.log.write(LogEvent::NotReady);
    QVERIFY(written.lines.empty());
    written.log.write(LogEvent::JobFailed, {.job = "checkpoint", .error = ErrorCode::StorageFull});
    QCOMPARE(written.object()[QLatin1String("job")].toString(), QStringLiteral("checkpoint"));
    QCOMPARE(written.object()[QLatin1String("error")].toString(), QStringLiteral("storage_full"));
}

QTEST_APPLESS_MAIN(TestLog)
#include "tst_log.moc"
