// The storage contract under many hands: whoever does the same thing at the same moment, on any number of
// threads, every effect is there once. How often each race is run is BILLING_TRIALS' to say.
#include "server/audit/append_entry.h"
#include "server/invariants/check_invariants.h"
#include "server/invoicing/numbering.h"
#include "server/jobs/close_due_periods.h"
#include "server/storage/audit_entries.h"
#include "server/storage/journal.h"
#include "server/storage/journal_state.h"
#include "server/storage/usage.h"
#include "server/tenants/change_tenant.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"
#include "tests/support/trials.h"

#include <QTest>

#include <atomic>
#include <barrier>
#include <set>

using namespace billing;
using namespace billing::storage;
using namespace billing::test;

namespace {

const Scope everybody = Scope::allTenants("test");

/// All of them begin at the same moment; answers when all are done.
void together(int hands, const std::function<void(int)>& work)
{
    std::barrier start(hands);
    std::vector<std::thread> threads;
    for (int hand = 0; hand < hands; ++hand) {
        threads.emplace_back([&, hand] {
            start.arrive_and_wait();
            work(hand);
        });
    }
    for (std::thread& thread : threads)
        thread.join();
}

std::string tenantName(int number)
{
    return "tenant-" + std::to_string(number);
}

/// What the invariants have to say, which should be nothing.
std::string complaints(const BillingWorld& world)
{
    std::string all;
    const auto violations = checkInvariants(world.storage(), *world.meters, world.sealer);
    for (const Violation& violation : violations.value())
        all += violation.invariant + " " + violation.subject + ": " + violation.detail + "; ";
    return all;
}

/// Settles until nothing waits, giving way to another settler that has the same rows; answers how many
/// events.
std::int64_t settleBesideOthers(BillingWorld& world, std::int64_t maxEvents)
{
    Settler settler({world.storage(), world.clock, world.ids}, world.meters);
    std::int64_t events = 0;
    while (true) {
        const auto report = settler.settle(maxEvents);
        BILLING_ASSERT(report || report.error().code == ErrorCode::StorageBusy);
        if (report && report->events == 0)
            return events;
        events += report ? report->events : 0;
    }
}

} // namespace

class TestConcurrency : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void positionsComeInOrderOfCommit();
    void journalStateNeverGoesBack();
    void headsAreNeverLost();
    void oppositeOrdersOfLocksBothSucceed();
    void twoSettlersCountNothingTwice();
    void oneAuditChainOfManyHands();
    void onePeriodIsDraftedOnce();
    void onePeriodIsFinalisedOnce();
    void twoClockworksCloseEachPeriodOnce();
    void numbersHaveNoGapsUnderRefusals();
    void oneNumberIsGivenOutOnce();
    void ofChangesOnOneStateOneWins();
};

void TestConcurrency::positionsComeInOrderOfCommit()
{
    constexpr int appenders = 4;
    const int perAppender = trials(40);
    StorageFixture store;
    std::atomic<int> running = appenders;
    std::atomic<std::int64_t> appended = 0;
    std::int64_t highest = 0;
    std::size_t seen = 0;
    together(appenders + 1, [&](int hand) {
        for (int time = 0; hand < appenders && time < perAppender; ++time) {
            const std::vector<NewJournalRow> rows(static_cast<std::size_t>(1 + (hand + time) % 3),
                                                  {Instant::fromMicros(time), 1, "body"});
            const bool isRefused = (hand * 7 + time) % 5 == 0;
            std::vector<JournalPosition> positions;
            const auto done = store.storage().write(
                everybody, Priority::Accept, anyWork(), [&](Work& work) -> Result<void> {
                    positions = appendJournal(work, rows).value();
                    return isRefused ? Result<void>(ErrorCode::Cancelled) : Result<void>();
                });
            BILLING_ASSERT(done.has_value() != isRefused);
            BILLING_ASSERT(positions.size() == rows.size() &&
                           std::is_sorted(positions.begin(), positions.end()));
            if (!isRefused)
                appended += static_cast<std::int64_t>(rows.size());
        }
        if (hand < appenders) {
            --running;
            return;
        }
        // The reader: what was not there when a higher position was seen never comes.
        for (bool last = false; !last;) {
            last = running == 0;
            const auto rows = readValue(store.storage(), everybody,
                                        [](Work& work) { return waitingRows(work, 1'000'000); });
            std::size_t old = 0;
            while (old < rows->size() && (*rows)[old].position.number() <= highest)
                ++old;
            BILLING_ASSERT(old == seen && "a lower position came later");
            seen = rows->size();
            highest = rows->empty() ? 0 : rows->back().position.number();
        }
    });
    QCOMPARE(static_cast<std::int64_t>(seen), appended.load());
    QVERIFY(appended > 0);
}

void TestConcurrency::journalStateNeverGoesBack()
{
    BillingWorld world;
    world.addTenant("nova");
    const int rows = trials(60);
    for (int row = 0; row < rows; ++row)
        world.accept({world.event("nova", "e" + std::to_string(row), "1", "2023-10-01T10:00:00Z")});
    std::atomic<int> settling = 2;
    together(3, [&](int hand) {
        if (hand < 2) {
            settleBesideOthers(world, 3);
            --settling;
            return;
        }
        JournalState before{JournalPosition(0), JournalPosition(0)};
        for (bool last = false; !last;) {
            last = settling == 0;
            const auto now =
                readValue(world.storage(), everybody, [](Work& work) { return journalState(work); });
            BILLING_ASSERT(now->settledUpTo.number() >= before.settledUpTo.number());
            BILLING_ASSERT(now->acceptedUpTo.number() >= now->settledUpTo.number());
            before = *now;
        }
        BILLING_ASSERT(before.settledUpTo == before.acceptedUpTo);
    });
    QCOMPARE(complaints(world), std::string());
}

void TestConcurrency::headsAreNeverLost()
{
    constexpr int hands = 6;
    const int perHand = trials(25);
    BillingWorld world;
    world.addTenant("nova");
    std::array<std::vector<std::int64_t>, hands> numbers;
    together(hands, [&](int hand) {
        for (int time = 0; time < perHand; ++time) {
            const auto number =
                writeValue(world.storage(), everybody, Priority::Settle, anyWork(),
                           [](Work& work) { return nextSettleNumber(work, TenantId("nova")); });
            numbers[static_cast<std::size_t>(hand)].push_back(number->number());
        }
    });
    std::set<std::int64_t> all;
    for (const auto& ofOne : numbers) {
        QVERIFY(std::is_sorted(ofOne.begin(), ofOne.end()));
        all.insert(ofOne.begin(), ofOne.end());
    }
    QCOMPARE(all.size(), static_cast<std::size_t>(hands * perHand)); // nobody got another's
    QCOMPARE(*all.rbegin(), static_cast<std::int64_t>(hands) * perHand);
}

void TestConcurrency::oppositeOrdersOfLocksBothSucceed()
{
    const int conflicts = trials(20);
    BillingWorld world;
    world.addTenant("alpha");
    world.addTenant("beta");
    const bool manyWriters = world.store.engine() == Engine::Postgres;
    std::atomic<int> bodies = 0;
    for (int conflict = 0; conflict < conflicts; ++conflict) {
        std::barrier bothHoldOne(2);
        together(2, [&](int hand) {
            const TenantId first(hand == 0 ? "alpha" : "beta");
            const TenantId second(hand == 0 ? "beta" : "alpha");
            bool isFirstRun = true;
            const auto done = world.storage().write(
                everybody, Priority::Settle, anyWork(), [&](Work& work) -> Result<void> {
                    ++bodies;
                    if (const auto locked = nextSettleNumber(work, first); !locked)
                        return locked.error();
                    // With one writer the other cannot be here.
                    if (std::exchange(isFirstRun, false) && manyWriters)
                        bothHoldOne.arrive_and_wait();
                    const auto locked = nextSettleNumber(work, second);
                    return locked ? Result<void>() : locked.error();
                });
            BILLING_ASSERT(done.has_value());
        });
    }
    const auto head = [&](const char* tenant) {
        return readValue(world.storage(), everybody,
                         [&](Work& work) { return readHead(work, TenantId(tenant)); })
            ->number();
    };
    // Every body took effect once, though one of each two was run again.
    QCOMPARE(head("alpha"), std::int64_t{conflicts} * 2);
    QCOMPARE(head("beta"), std::int64_t{conflicts} * 2);
    qInfo("%d conflicts, %d bodies run", conflicts, bodies.load());
    QVERIFY(bodies >= conflicts * (manyWriters ? 3 : 2));
}

void TestConcurrency::twoSettlersCountNothingTwice()
{
    constexpr int settlers = 3;
    const int rounds = trials(3);
    BillingWorld world;
    for (int tenant = 0; tenant < 4; ++tenant)
        world.addTenant(tenantName(tenant));
    SeededRandom random(7);
    std::set<std::string> sent;
    for (int round = 0; round < rounds; ++round) {
        for (int request = 0; request < 40; ++request) {
            std::vector<UsageEvent> events;
            for (int event = 0; event < 5; ++event) { // a third of them is sent more than once
                const std::string tenant = tenantName(static_cast<int>(random.below(4)));
                const std::string id = std::to_string(round * 200 + static_cast<int>(random.below(150)));
                sent.insert(tenant + "/" + id);
                events.push_back(world.event(tenant, id, "1", "2023-10-01T10:00:00Z"));
            }
            world.accept(std::move(events));
        }
        std::atomic<std::int64_t> settled = 0;
        together(settlers, [&](int) { settled += settleBesideOthers(world, 20); });
        QCOMPARE(settled.load(), std::int64_t{200}); // no row was settled by two
    }
    std::int64_t counted = 0;
    for (int tenant = 0; tenant < 4; ++tenant) {
        const InstantRange all{Instant::fromMicros(0), world.clock.now()};
        QVERIFY(world.storage().read(everybody, [&](Work& work) {
            return eventsIn(work, TenantId(tenantName(tenant)), all, [&](const UsageEvent&, SettleNumber) {
                ++counted;
                return Result<void>();
            });
        }));
    }
    QCOMPARE(counted, static_cast<std::int64_t>(sent.size()));
    QCOMPARE(complaints(world), std::string());
}

void TestConcurrency::oneAuditChainOfManyHands()
{
    constexpr int hands = 8;
    const int perHand = trials(15);
    BillingWorld world;
    together(hands, [&](int hand) {
        for (int time = 0; time < perHand; ++time) {
            const bool isRefused = (hand + time) % 4 == 0;
            const auto done =
                world.storage().write(everybody, Priority::Money, anyWork(), [&](Work& work) -> Result<void> {
                    const audit::Entry entry{TenantId("nova"), "hand:" + std::to_string(hand), "add", "x"};
                    if (const auto added = audit::appendEntry(work, entry, Instant::fromMicros(time)); !added)
                        return added.error();
                    return isRefused ? Result<void>(ErrorCode::Cancelled) : Result<void>();
                });
            BILLING_ASSERT(done.has_value() != isRefused);
        }
    });
    const auto rows = readValue(world.storage(), everybody,
                                [](Work& work) { return auditEntries(work, "nova", 0, 1'000'000); });
    std::int64_t kept = 0;
    for (int hand = 0; hand < hands; ++hand) {
        for (int time = 0; time < perHand; ++time)
            kept += (hand + time) % 4 != 0;
    }
    QCOMPARE(static_cast<std::int64_t>(rows->size()), kept);
    for (std::size_t row = 1; row < rows->size(); ++row)
        QVERIFY((*rows)[row].previousHash == (*rows)[row - 1].hash);
}

void TestConcurrency::onePeriodIsDraftedOnce()
{
    const int races = trials(5);
    BillingWorld world;
    for (int race = 0; race < races; ++race) {
        world.addTenant(tenantName(race));
        world.subscribe(tenantName(race), "shared", "2023-10-01");
        std::array<std::string, 3> said;
        together(3, [&](int hand) {
            const DraftInvoice command{TenantId(tenantName(race)), LocalDate::parse("2023-10-01").value(),
                                       LocalDate::parse("2023-11-01").value()};
            said[static_cast<std::size_t>(hand)] =
                BillingWorld::said(draftInvoice(world.invoicing, command, "user:anna"));
        });
        std::sort(said.begin(), said.end());
        QCOMPARE(said[0], std::string("ok"));
        QVERIFY2(said[1].starts_with("period_already_invoiced"), said[1].c_str());
        QCOMPARE(said[2], said[1]);
    }
    QCOMPARE(complaints(world), std::string());
}

void TestConcurrency::onePeriodIsFinalisedOnce()
{
    const int races = trials(5);
    BillingWorld world;
    std::vector<Invoice> drafts;
    for (int race = 0; race < races; ++race) {
        world.addTenant(tenantName(race));
        world.subscribe(tenantName(race), "shared", "2023-10-01");
        world.accept({world.event(tenantName(race), "e", "1000001", "2023-10-01T10:00:00Z")});
        world.settleAll();
        drafts.push_back(world.draft(tenantName(race), "2023-10-01", "2023-11-01"));
    }
    world.moveTo("2023-11-02T09:00:00Z");
    for (const Invoice& draft : drafts) {
        std::array<std::string, 4> said;
        together(4, [&](int hand) {
            said[static_cast<std::size_t>(hand)] =
                BillingWorld::said(finaliseInvoice(world.invoicing, draft.tenant, draft.id, "user:anna"));
        });
        std::sort(said.begin(), said.end(), std::greater<>());
        QCOMPARE(said[0], std::string("ok"));
        for (std::size_t other = 1; other < said.size(); ++other)
            QVERIFY2(said[other].starts_with("invoice_not_draft"), said[other].c_str());
    }
    QCOMPARE(complaints(world), std::string());
}

void TestConcurrency::twoClockworksCloseEachPeriodOnce()
{
    const int tenants = trials(6);
    BillingWorld world;
    for (int tenant = 0; tenant < tenants; ++tenant) {
        world.addTenant(tenantName(tenant));
        world.subscribe(tenantName(tenant), "shared", "2023-10-01");
        world.accept({world.event(tenantName(tenant), "e", "5", "2023-10-05T10:00:00Z")});
    }
    world.settleAll();
    world.moveTo("2023-12-05T09:00:00Z");
    std::atomic<std::int64_t> closed = 0;
    std::atomic<std::int64_t> strange = 0;
    together(3, [&](int) {
        const auto report = closeDuePeriods(world.invoicing, [&](const SubscriptionId&, const Error& error) {
            // Another clockwork was first: that is all that may be said.
            if (error.code != ErrorCode::PeriodAlreadyInvoiced && error.code != ErrorCode::InvoiceNotDraft) {
                qWarning("%s", toText(error).c_str());
                ++strange;
            }
        });
        closed += report->closed;
    });
    QCOMPARE(strange.load(), std::int64_t{0});
    QCOMPARE(closed.load(), std::int64_t{tenants} * 2);
    QCOMPARE(complaints(world), std::string());
}

void TestConcurrency::numbersHaveNoGapsUnderRefusals()
{
    constexpr int hands = 8;
    const int perHand = trials(4);
    BillingWorld world;
    std::vector<Invoice> drafts;
    for (int tenant = 0; tenant < hands * perHand; ++tenant) {
        world.addTenant(tenantName(tenant));
        world.subscribe(tenantName(tenant), "shared", "2023-10-01");
        drafts.push_back(world.draft(tenantName(tenant), "2023-10-01", "2023-11-01"));
    }
    world.moveTo("2023-11-02T09:00:00Z");
    SeededRandom random(11);
    std::atomic<int> refusals = 0;
    together(hands, [&](int hand) {
        for (int mine = 0; mine < perHand; ++mine) {
            const Invoice& draft = drafts[static_cast<std::size_t>(hand * perHand + mine)];
            const auto perhaps = [&](Work&, const Invoice& final) -> Result<void> {
                BILLING_ASSERT(final.number.has_value());
                return random.below(2) == 0 ? Result<void>(ErrorCode::Cancelled) : Result<void>();
            };
            auto done = finaliseInvoice(world.invoicing, {draft.tenant, draft.id, "user:anna", perhaps});
            while (!done && done.error().code == ErrorCode::Cancelled) {
                ++refusals;
                done = finaliseInvoice(world.invoicing, {draft.tenant, draft.id, "user:anna", perhaps});
            }
            BILLING_ASSERT(done.has_value());
        }
    });
    const auto rows = readValue(world.storage(), everybody, [](Work& work) {
        return listInvoices(work, {.status = InvoiceStatus::Finalised, .limit = 100'000});
    });
    std::set<std::int64_t> numbers;
    for (const InvoiceRow& row : *rows)
        numbers.insert(row.seriesNumber.value());
    QVERIFY(refusals > 0);
    QCOMPARE(numbers.size(), drafts.size());
    QCOMPARE(*numbers.begin(), std::int64_t{1});
    QCOMPARE(*numbers.rbegin(), static_cast<std::int64_t>(drafts.size()));
    QCOMPARE(complaints(world), std::string());
}

// Series whose patterns meet: each counts from 1, and one invoice has each number.
void TestConcurrency::oneNumberIsGivenOutOnce()
{
    constexpr int hands = 4;
    BillingWorld world;
    for (int trial = 0; trial < trials(10); ++trial) {
        std::atomic<int> given = 0;
        std::atomic<int> taken = 0;
        together(hands, [&](int hand) {
            Issuer issuer = world.issuer;
            issuer.series = "S" + std::to_string(trial) + "-" + std::to_string(hand);
            issuer.numberPattern = "T" + std::to_string(trial) + "-{number}";
            const auto issued =
                writeValue(world.storage(), everybody, Priority::Money, anyWork(), [&](Work& work) {
                    return issueNumber(work, issuer, LocalDate::parse("2023-12-31").value());
                });
            BILLING_ASSERT(issued || issued.error().code == ErrorCode::InvoiceNumberTaken);
            ++(issued ? given : taken);
        });
        QCOMPARE(given.load(), 1);
        QCOMPARE(taken.load(), hands - 1);
    }
}

void TestConcurrency::ofChangesOnOneStateOneWins()
{
    constexpr int hands = 4;
    BillingWorld world;
    Tenant seen = world.addTenant("nova");
    for (int trial = 0; trial < trials(10); ++trial) {
        const std::string digest = profileDigest(seen);
        std::atomic<int> changed = 0;
        std::atomic<int> late = 0;
        together(hands, [&](int hand) {
            const auto done =
                changeTenant(world.tenantPorts(),
                             {seen.id, "user:anna", [&](std::string_view stored) { return stored == digest; },
                              [&](const Tenant& stored) -> Result<Tenant> {
                                  Tenant other = stored;
                                  other.legalName =
                                      "Nova " + std::to_string(trial) + "." + std::to_string(hand);
                                  return other;
                              }});
            BILLING_ASSERT(done || done.error().code == ErrorCode::PreconditionFailed);
            ++(done ? changed : late);
        });
        QCOMPARE(changed.load(), 1);
        QCOMPARE(late.load(), hands - 1);
        seen = **readValue(world.storage(), Scope::tenant(seen.id),
                           [&](Work& work) { return world.tenants.find(work, seen.id); });
    }
    QCOMPARE(complaints(world), std::string());
}

QTEST_GUILESS_MAIN(TestConcurrency)

#include "tst_concurrency.moc"
