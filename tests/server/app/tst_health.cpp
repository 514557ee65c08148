// Readiness tells the truth: each fault, made real where it can be, is named; none is named without it.

// Tests: health.cpp observed_storage.cpp
#include "server/app/health.h"

#include "server/app/observed_storage.h"
#include "tests/support/manual_clock.h"
#include "tests/support/printing.h"
#include "tests/support/temporary_directory.h"

#include <fstream>

using namespace billing;
using namespace std::chrono_literals;

class TestHealth : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reasons_data();
    void reasons();
    void reasonsEnd();
    void whatCanWaitOnlyDegrades();
    void keysAreProbed();
    void fullDoesNotFlap();
    void fullUntilThereIsRoom();
    void theStoresOwnRefusalsHoldUntilItWrites_data();
    void theStoresOwnRefusalsHoldUntilItWrites();
};

namespace {

/// Refuses what it is told to.
class RefusingStorage final : public Storage
{
public:
    explicit RefusingStorage(std::shared_ptr<Result<void>> answer)
        : m_answer(std::move(answer))
    {
    }
    Result<void> write(const Scope&, Priority, const WorkId&, const Body&) override { return *m_answer; }
    Result<void> read(const Scope&, const Body&) override { return *m_answer; }

private:
    std::shared_ptr<Result<void>> m_answer;
};

struct Site
{
    Site()
    {
        std::ofstream(renderer) << "#!/bin/sh\n";
        std::filesystem::permissions(renderer, std::filesystem::perms::owner_all);
    }

    test::TemporaryDirectory directory;
    std::filesystem::path renderer = directory.file("billing-render");
    test::ManualClock clock{"2026-09-15T12:00:00Z"};
    Health health{clock, {1'000, 60s, renderer}};
};

std::string joined(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names)
        text += name + " ";
    return text;
}

} // namespace

void TestHealth::reasons_data()
{
    QTest::addColumn<QString>("fault");
    QTest::addColumn<QString>("reasons");
    const auto row = [](const char* fault, const char* reasons) {
        QTest::newRow(fault) << QString::fromUtf8(fault) << QString::fromUtf8(reasons);
    };
    row("none", "");
    row("store away", "storage_away ");
    row("store full", "storage_full ");
    row("store damaged", "storage_corrupt ");
    row("nobody watches", "store_not_watched ");
    row("key missing", "keys_missing ");
    row("another refusal of a job", "");
    row("backlog full", "backlog_full ");
    row("settling stuck", "settling_stuck ");
    row("settling slow", "");
    row("checkpoint refused", "checkpoint_failing ");
}

void TestHealth::reasons()
{
    QFETCH(QString, fault);
    QFETCH(QString, reasons);
    Site site;
    Result<void> storage;
    std::int64_t waiting = 999;
    StoreSample sample;
    if (fault == QLatin1String("store away"))
        storage = Error{ErrorCode::StorageUnavailable};
    else if (fault == QLatin1String("store full"))
        storage = Error{ErrorCode::StorageFull};
    else if (fault == QLatin1String("store damaged"))
        storage = Error{ErrorCode::StorageCorrupt};
    else if (fault == QLatin1String("key missing"))
        site.health.jobFailed(ErrorCode::UnknownKeyVersion);
    else if (fault == QLatin1String("another refusal of a job"))
        site.health.jobFailed(ErrorCode::RenderFailed);
    else if (fault == QLatin1String("backlog full"))
        waiting = 1'000;
    else if (fault == QLatin1String("settling stuck"))
        sample.oldestWaiting = site.clock.now().plus(-61s);
    else if (fault == QLatin1String("settling slow"))
        sample.oldestWaiting = site.clock.now().plus(-59s);
    else if (fault == QLatin1String("checkpoint refused"))
        site.health.checkpointed(Error{ErrorCode::FileUnwritable});
    if (fault == QLatin1String("nobody watches"))
        site.clock.advance(31s);
    else
        site.health.sampled(sample);
    const HealthReport report = site.health.report(storage, waiting);
    QCOMPARE(joined(report.reasons), reasons.toStdString());
    QVERIFY(report.degraded.empty());
    std::filesystem::remove(site.renderer);
    QCOMPARE(joined(site.health.report(storage, waiting).degraded), std::string("renderer_missing "));
    QCOMPARE(site.health.report(storage, waiting).reasons, report.reasons); // and is not fatal
}

void TestHealth::whatCanWaitOnlyDegrades()
{
    Site site;
    const auto degraded = [&] {
        const HealthReport report = site.health.report({}, 0);
        return joined(report.reasons) + "| " + joined(report.degraded);
    };
    QCOMPARE(degraded(), std::string("| "));
    site.health.sampled({.undrawnDocuments = 7, .deadLetters = 1});
    QCOMPARE(degraded(), std::string("| "));
    site.health.sampled({.documentsAside = 1});
    QCOMPARE(degraded(), std::string("| documents_set_aside "));
    site.health.sampled({.periodsAside = 2});
    QCOMPARE(degraded(), std::string("| periods_set_aside "));
    site.health.rendererSeen(RendererState::Failing);
    QCOMPARE(degraded(), std::string("| renderer_failing periods_set_aside "));
    site.health.rendererSeen(RendererState::Missing); // although the file is there
    site.health.sampled({});
    QCOMPARE(degraded(), std::string("| renderer_missing "));
    site.health.rendererSeen(RendererState::Works);
    QCOMPARE(degraded(), std::string("| "));
}

void TestHealth::reasonsEnd()
{
    Site site;
    site.health.checkpointed(Error{ErrorCode::FileUnwritable});
    site.clock.advance(31s);
    QCOMPARE(joined(site.health.report({}, 0).reasons), std::string("store_not_watched checkpoint_failing "));
    QVERIFY(site.health.checkpointAge() == 31s);
    site.health.checkpointed({});
    site.health.sampled({});
    QVERIFY(site.health.report({}, 0).reasons.empty());
    QVERIFY(site.health.checkpointAge() == 0s);
}

void TestHealth::keysAreProbed()
{
    Site site;
    site.health.keysProbed({});
    QVERIFY(site.health.report({}, 0).reasons.empty());
    site.health.keysProbed(Error{ErrorCode::UnknownKeyVersion, "2"});
    QCOMPARE(joined(site.health.report({}, 0).reasons), std::string("keys_missing "));
    site.health.keysProbed(Error{ErrorCode::StorageUnavailable}); // who cannot look knows nothing new
    QCOMPARE(joined(site.health.report({}, 0).reasons), std::string("keys_missing "));
    site.health.keysProbed({});
    QVERIFY(site.health.report({}, 0).reasons.empty());
    site.health.keysProbed(Error{ErrorCode::StorageUnavailable});
    QVERIFY(site.health.report({}, 0).reasons.empty());
    site.health.jobFailed(ErrorCode::UnknownKeyVersion); // an older key, which no probe asks for
    site.health.keysProbed({});
    QCOMPARE(joined(site.health.report({}, 0).reasons), std::string("keys_missing "));
}

void TestHealth::fullDoesNotFlap()
{
    Site site;
    const Result<void> refusing = Error{ErrorCode::StorageFull};
    const auto told = [&](const Result<void>& storage) {
        site.health.sampled({});
        return joined(site.health.report(storage, 0).reasons);
    };
    site.health.storageRefused(ErrorCode::StorageUnavailable);
    QCOMPARE(told({}), std::string()); // only what is full stays
    site.health.storageRefused(ErrorCode::StorageFull);
    QCOMPARE(told(refusing), std::string("storage_full "));
    site.clock.advance(9s); // small writes succeed meanwhile
    QCOMPARE(told({}), std::string("storage_full "));
    site.health.storageRefused(ErrorCode::StorageFull);
    site.clock.advance(9s);
    QCOMPARE(told({}), std::string("storage_full "));
    site.clock.advance(2s);
    QCOMPARE(told(refusing), std::string("storage_full ")); // nothing was written since
    QCOMPARE(told(Error{ErrorCode::StorageUnavailable}), std::string("storage_away "));
    QCOMPARE(told({}), std::string());
    site.clock.advance(1s);
    QCOMPARE(told({}), std::string());
}

void TestHealth::fullUntilThereIsRoom()
{
    Site site;
    Health health(site.clock, {1'000, 60s, site.renderer, site.directory.path(), INT64_MAX});
    QCOMPARE(joined(health.report({}, 0).reasons), std::string()); // nothing was refused
    health.storageRefused(ErrorCode::StorageFull);
    site.clock.advance(20s);
    QCOMPARE(joined(health.report({}, 0).reasons), std::string("storage_full "));
    Health elsewhere(site.clock, {1'000, 60s, site.renderer, site.directory.file("none"), INT64_MAX});
    elsewhere.storageRefused(ErrorCode::StorageFull);
    site.clock.advance(20s);
    elsewhere.sampled({});
    QCOMPARE(joined(elsewhere.report({}, 0).reasons), std::string()); // nobody knows
}

void TestHealth::theStoresOwnRefusalsHoldUntilItWrites_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<bool>("holds");
    QTest::newRow("away") << ErrorCode::StorageUnavailable << true;
    QTest::newRow("full") << ErrorCode::StorageFull << true;
    QTest::newRow("corrupt") << ErrorCode::StorageCorrupt << true;
    QTest::newRow("busy") << ErrorCode::StorageBusy << false;
    QTest::newRow("a body's refusal") << ErrorCode::NotFound << false;
}

void TestHealth::theStoresOwnRefusalsHoldUntilItWrites()
{
    QFETCH(ErrorCode, code);
    QFETCH(bool, holds);
    const auto answer = std::make_shared<Result<void>>(Error{code});
    ObservedStorage storage(std::make_unique<RefusingStorage>(answer));
    std::vector<ErrorCode> told;
    storage.observe([&](ErrorCode refused) { told.push_back(refused); });
    const auto body = [](Work&) { return Result<void>(); };
    QCOMPARE(storage.read(Scope::system("test"), body).error().code, code);
    QCOMPARE(storage.state().has_value(), !holds);
    QCOMPARE(told.size(), holds ? std::size_t{1} : std::size_t{0});
    *answer = {};
    QVERIFY(storage.read(Scope::system("test"), body));
    QCOMPARE(storage.state().has_value(), !holds); // a store may read and not write
    QVERIFY(storage.write(Scope::system("test"), Priority::Money, WorkId("wrk_1"), body));
    QVERIFY(storage.state());
}

QTEST_APPLESS_MAIN(TestHealth)
#include "tst_health.moc"
