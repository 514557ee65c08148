// The file of signed checkpoints: any changed byte is found, a line cut by a power loss
// never counts and never blocks, and nothing is written when nothing happened.
// Tests: checkpoints.cpp checkpoint_file.cpp hex.h
#include "server/audit/hex.h"
#include "tests/server/audit/audit_log.h"

#include <QTest>

#include <fstream>
#include <iterator>

using namespace billing;
using namespace billing::audit;
using namespace billing::test;

namespace {

std::string contentOf(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void setContent(const std::filesystem::path& file, const std::string& content)
{
    std::ofstream(file, std::ios::binary) << content;
}

} // namespace

class TestCheckpoints : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyChangedByteIsFound();
    void removedLineIsFound();
    void otherKeyIsFound();
    void unfinishedLineDoesNotCount();
    void brokenFileIsNotExtended();
    void missingLinesAreNotReplaced();
    void nothingNewWritesNothing();
    void linesReadBack();
    void badLinesAreRefused_data();
    void badLinesAreRefused();
    void hexDigits();
};

void TestCheckpoints::everyChangedByteIsFound()
{
    const AuditLog log;
    const std::string good = contentOf(log.checkpoints());
    const auto key = log.key().publicKey();
    for (std::size_t place = 0; place + 1 < good.size();
         ++place) { // the last byte ends the last line: see below
        std::string changed = good;
        changed[place] = static_cast<char>(changed[place] ^ 1);
        setContent(log.checkpoints(), changed);
        const auto refused = readCheckpoints(log.checkpoints(), key);
        QVERIFY2(!refused, std::to_string(place).c_str());
        QCOMPARE(refused.error().code, ErrorCode::CheckpointBroken);
    }
}

void TestCheckpoints::removedLineIsFound()
{
    const AuditLog log;
    const std::string good = contentOf(log.checkpoints());
    setContent(log.checkpoints(), good.substr(good.find('\n') + 1));
    QCOMPARE(readCheckpoints(log.checkpoints(), log.key().publicKey()).error().subject, "line 1");
}

void TestCheckpoints::otherKeyIsFound()
{
    const AuditLog log;
    const AuditLog other;
    QCOMPARE(readCheckpoints(log.checkpoints(), other.key().publicKey()).error().subject, "line 1");
}

void TestCheckpoints::unfinishedLineDoesNotCount()
{
    AuditLog log;
    const std::string good = contentOf(log.checkpoints());
    setContent(log.checkpoints(), good + R"({"n":4,"at":17)");
    QCOMPARE(readCheckpoints(log.checkpoints(), log.key().publicKey())->size(), std::size_t{3});
    QCOMPARE(log.findings(), "");
    log.fixture().reopen();
    log.append("nova", "void");
    log.checkpoint();
    log.fixture().close();
    QCOMPARE(readCheckpoints(log.checkpoints(), log.key().publicKey())->size(), std::size_t{4});
    QVERIFY(contentOf(log.checkpoints()).starts_with(good));
    QCOMPARE(log.findings(), "");
}

void TestCheckpoints::brokenFileIsNotExtended()
{
    AuditLog log;
    std::string changed = contentOf(log.checkpoints());
    changed[10] = static_cast<char>(changed[10] ^ 1);
    setContent(log.checkpoints(), changed);
    log.fixture().reopen();
    log.append("nova", "void");
    Checkpointer checkpointer(log.checkpoints(), log.key());
    const auto refused = checkpointer.write(log.fixture().storage(), Instant::fromMicros(1));
    QCOMPARE(refused.error().code, ErrorCode::CheckpointBroken);
    QCOMPARE(contentOf(log.checkpoints()), changed);
}

/// The checkpoints of a running house: neither a shorter file nor none is quietly gone on with.
void TestCheckpoints::missingLinesAreNotReplaced()
{
    AuditLog log;
    const std::string good = contentOf(log.checkpoints());
    log.fixture().reopen();
    log.append("nova", "void");
    Checkpointer checkpointer(log.checkpoints(), log.key());
    QVERIFY(checkpointer.write(log.fixture().storage(), Instant::fromMicros(1)));
    log.append("nova", "void");
    setContent(log.checkpoints(), good);
    QCOMPARE(checkpointer.write(log.fixture().storage(), Instant::fromMicros(2)).error().detail,
             "lines that were written are gone");
    QVERIFY(std::filesystem::remove(log.checkpoints()));
    Checkpointer afterRestart(log.checkpoints(), log.key());
    QCOMPARE(afterRestart.write(log.fixture().storage(), Instant::fromMicros(2)).error().detail,
             "no checkpoint is left");
    QVERIFY(!std::filesystem::exists(log.checkpoints()));
}

void TestCheckpoints::nothingNewWritesNothing()
{
    AuditLog log;
    const std::string good = contentOf(log.checkpoints());
    log.fixture().reopen();
    log.checkpoint();
    QCOMPARE(contentOf(log.checkpoints()), good);

    StorageFixture empty;
    Checkpointer checkpointer(empty.directory().file("c/checkpoints.jsonl"), log.key());
    QVERIFY(checkpointer.write(empty.storage(), Instant::fromMicros(1)));
    QVERIFY(!std::filesystem::exists(empty.directory().file("c/checkpoints.jsonl")));
}

void TestCheckpoints::linesReadBack()
{
    const AuditLog log;
    const auto checkpoints = readCheckpoints(log.checkpoints(), log.key().publicKey()).value();
    QCOMPARE(checkpoints.size(), std::size_t{3});
    QCOMPARE(checkpoints.back().number, std::int64_t{3});
    QCOMPARE(checkpoints.back().heads.size(), std::size_t{3});
    QCOMPARE(checkpoints.back().heads.back().chain, "nova");
    QCOMPARE(checkpoints.back().heads.back().seq, AuditLog::size);
    QVERIFY(parseLine(toLine(checkpoints.back())).value() == checkpoints.back());
}

void TestCheckpoints::badLinesAreRefused_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::newRow("no object") << QByteArray("{\"n\"") << QByteArray("[\"n\"");
    QTest::newRow("number as text") << QByteArray("\"n\":3") << QByteArray("\"n\":\"3\"");
    QTest::newRow("fraction") << QByteArray("\"n\":3") << QByteArray("\"n\":3.0");
    QTest::newRow("no time") << QByteArray("\"at\"") << QByteArray("\"ta\"");
    QTest::newRow("no heads") << QByteArray("\"heads\"") << QByteArray("\"head\"");
    QTest::newRow("head without chain") << QByteArray("\"chain\"") << QByteArray("\"chian\"");
    QTest::newRow("short hash") << QByteArray("\"hash\":\"") << QByteArray("\"hash\":\"00");
    QTest::newRow("no signature") << QByteArray("\"signature\"") << QByteArray("\"sign\"");
}

void TestCheckpoints::badLinesAreRefused()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    const AuditLog log;
    const auto checkpoints = readCheckpoints(log.checkpoints(), log.key().publicKey()).value();
    QByteArray line = QByteArray::fromStdString(toLine(checkpoints.back()));
    QVERIFY(line.contains(from));
    line.replace(line.indexOf(from), from.size(), to);
    QCOMPARE(parseLine(line.toStdString()).error().code, ErrorCode::CheckpointBroken);
}

void TestCheckpoints::hexDigits()
{
    QCOMPARE(toHex(std::string("\x00\xff\x7f", 3)), "00ff7f");
    QCOMPARE(fromHex("00ff7f").value(), std::string("\x00\xff\x7f", 3));
    for (const char* bad : {"0", "0g", "FF", "0x", " 0"})
        QVERIFY(!fromHex(bad));
}

QTEST_GUILESS_MAIN(TestCheckpoints)

#include "tst_checkpoints.moc"
