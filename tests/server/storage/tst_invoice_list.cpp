// The list of invoices as it is asked for: newest first, each filter and all together, page behind page
// without a row twice or left out; and what a text stands for in LIKE. On both engines.
//
// Tests: invoice_list.cpp
#include "server/storage/catalog.h"
#include "server/storage/invoice_list.h"
#include "server/storage/invoices.h"
#include "server/storage/subscriptions.h"
#include "server/storage/tenants.h"
#include "tests/server/storage/storage_fixture.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::storage;
using namespace billing::test;

namespace {

const Currency euro = Currency::parse("EUR").value();
const SubscriptionId subscription("sub_1");

LocalDate day(const std::string& text)
{
    return LocalDate::parse(text).value();
}

/// The i-th invoice of January to December 2026; without a status a draft.
InvoiceRow row(const std::string& tenant, int i, InvoiceStatus status = InvoiceStatus::Draft)
{
    const LocalDate first = LocalDate::create(2026, i, 1).value();
    const auto start = Instant::fromMicros(first.daysSinceEpoch() * 86'400'000'000);
    const bool isFinal = status != InvoiceStatus::Draft;
    const int number = i + (tenant == "nova" ? 0 : 100);
    const std::string padded = (i < 10 ? "0" : "") + std::to_string(i);
    return {InvoiceId("inv_" + padded),
            TenantId(tenant),
            subscription,
            status,
            "main",
            "EB",
            isFinal ? std::optional<std::int64_t>(number) : std::nullopt,
            isFinal ? std::optional<std::string>("EB-2026-" + std::to_string(number)) : std::nullopt,
            {first, first.plusMonths(1), {start, start.plus(std::chrono::hours(1))}},
            Money::fromMinor(100, euro),
            Money::fromMinor(19, euro),
            Money::fromMinor(119, euro),
            isFinal ? std::optional(first.plusMonths(1)) : std::nullopt,
            isFinal ? std::optional(first.plusMonths(1).plusDays(14)) : std::nullopt,
            start,
            {},
            std::string(32, 'd'),
            "sealed"};
}

/// nova has 01 (finalised), 02 (void), 03 (draft); the other 01, 02 (finalised), 04 (draft).
struct World
{
    StorageFixture store{StorageFixture::Writer::Inline};

    World()
    {
        const auto made = write(Scope::allTenants("test"), [](Work& work) {
            return insertPlanVersion(work, {PlanCode("lite"), 1, Activity::Active, "{}"})
                .and_then([&] { return sign(work, "nova", "Nova Robotics M\u00fcller 100%"); })
                .and_then([&] { return sign(work, "other", "ACME_Holding"); });
        });
        BILLING_ASSERT(made.has_value());
        using enum InvoiceStatus;
        for (const InvoiceRow& stored :
             {row("nova", 1, Finalised), row("nova", 2, Void), row("nova", 3), row("other", 1, Finalised),
              row("other", 2, Finalised), row("other", 4)})
            BILLING_ASSERT(write(Scope::tenant(stored.tenant), [&](Work& work) {
                               return insertInvoice(work, stored);
                           }).has_value());
    }

    static Result<void> sign(Work& work, const char* id, const char* name)
    {
        const TenantId tenant(id);
        const LocalDate start = day("2026-01-01");
        return insertTenant(work, {{tenant, name, "DE", euro, "UTC", "en"}, "sealed"}).and_then([&] {
            return insertSubscription(work, {subscription,
                                             tenant,
                                             PlanCode("lite"),
                                             1,
                                             euro,
                                             "UTC",
                                             start,
                                             start,
                                             {},
                                             Instant::fromMicros(0)});
        });
    }

    Result<void> write(const Scope& scope, const Storage::Body& body)
    {
        return store.storage().write(scope, Priority::Money, anyWork(), body);
    }

    Result<std::vector<ListedInvoice>> list(const ListedInvoiceFilter& filter)
    {
        const Scope scope = filter.tenant ? Scope::tenant(*filter.tenant) : Scope::allTenants("test");
        return readValue(store.storage(), scope, [&](Work& work) { return newestInvoices(work, filter); });
    }

    std::string ids(const ListedInvoiceFilter& filter)
    {
        std::string all;
        for (const ListedInvoice& listed : list(filter).value())
            all += listed.tenant.text().front() + listed.id.text().substr(4) + ' ';
        return all;
    }
};

} // namespace

class TestInvoiceList : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanupTestCase() { m_world.reset(); }
    void filters_data();
    void filters();
    void pagesThroughAll();
    void tellsWhatListsShow();
    void tenantsAreSearchedToo();
    void textsStandForThemselves();
    void damagedRowsAreRefusedByName();

private:
    std::optional<World> m_world; ///< only read; gone before the application, which closes connections
};

void TestInvoiceList::filters_data()
{
    QTest::addColumn<ListedInvoiceFilter>("filter");
    QTest::addColumn<std::string>("ids");

    const auto row = [](const char* name, const ListedInvoiceFilter& filter, const char* ids) {
        QTest::newRow(name) << filter << std::string(ids);
    };
    const TenantId nova("nova");
    row("all, newest first", {}, "o04 n03 o02 n02 o01 n01 ");
    row("a tenant's", {.tenant = nova}, "n03 n02 n01 ");
    row("nobody's", {.tenant = TenantId("nobody")}, "");
    row("drafts", {.status = InvoiceStatus::Draft}, "o04 n03 ");
    row("void ones of a tenant", {.tenant = nova, .status = InvoiceStatus::Void}, "n02 ");
    row("issued from", {.issuedFrom = day("2026-03-01")}, "o02 n02 ");
    row("issued to", {.issuedTo = day("2026-02-28")}, "o01 n01 ");
    row("issued between", {.issuedFrom = day("2026-02-01"), .issuedTo = day("2026-02-01")}, "o01 n01 ");
    row("issued never", {.issuedFrom = day("2027-01-01")}, "");
    row("number", {.text = "EB-2026-10"}, "o02 o01 ");
    row("number, small letters", {.text = "eb-2026-101"}, "o01 ");
    row("number's middle", {.text = "2026-101"}, "");
    row("part of a name", {.text = "robot"}, "n03 n02 n01 ");
    row("name in capitals", {.text = "ROBOT"}, "n03 n02 n01 ");
    row("name in small letters", {.text = "acme"}, "o04 o02 o01 ");
    row("umlaut", {.text = "m\u00fcll"}, "n03 n02 n01 ");
    row("percent sign", {.text = "100%"}, "n03 n02 n01 ");
    row("no percent sign", {.text = "%holding"}, "");
    row("underscore", {.text = "e_h"}, "o04 o02 o01 ");
    row("no underscore", {.text = "a_obotics"}, "");
    row("backslash", {.text = "\\"}, "");
    row("quote", {.text = "' OR 1=1 --"}, "");
    row("text of a tenant", {.tenant = nova, .text = "EB-2026-2"}, "n02 ");
    row("text of another tenant", {.tenant = nova, .text = "acme"}, "");
    row("everything",
        {.tenant = nova,
         .status = InvoiceStatus::Finalised,
         .text = "nova",
         .issuedFrom = day("2026-01-01"),
         .issuedTo = day("2026-12-31"),
         .limit = 1},
        "n01 ");
}

void TestInvoiceList::filters()
{
    if (!m_world)
        m_world.emplace();
    QFETCH(const ListedInvoiceFilter, filter);
    QFETCH(const std::string, ids);
    QCOMPARE(m_world->ids(filter), ids);
}

void TestInvoiceList::pagesThroughAll()
{
    World world;
    for (const ListedInvoiceFilter& base :
         {ListedInvoiceFilter{}, ListedInvoiceFilter{.text = "o"},
          ListedInvoiceFilter{.tenant = TenantId("nova")},
          ListedInvoiceFilter{.issuedFrom = day("2026-01-15"), .issuedTo = day("2026-12-31")}})
        for (const std::int64_t limit : {1, 2, 3, 5, 6}) {
            ListedInvoiceFilter filter = base;
            filter.limit = limit;
            std::string seen;
            for (auto page = world.list(filter).value(); !page.empty(); page = world.list(filter).value()) {
                seen += world.ids(filter);
                filter.behind = std::pair(page.back().id, page.back().tenant);
            }
            QCOMPARE(seen, world.ids(base));
        }
}

void TestInvoiceList::tellsWhatListsShow()
{
    World world;
    const auto rows = world.list({.text = "EB-2026-101"}).value();
    QCOMPARE(rows.size(), std::size_t(1));
    const ListedInvoice& listed = rows.front();
    QCOMPARE(listed.legalName, std::string("ACME_Holding"));
    QCOMPARE(listed.plan, PlanCode("lite"));
    QCOMPARE(listed.planVersion, 1);
    QCOMPARE(*listed.number, std::string("EB-2026-101"));
    QCOMPARE(listed.firstDay.toText() + listed.endDay.toText(), std::string("2026-01-012026-02-01"));
    QCOMPARE(listed.issueDate->toText() + listed.dueDate->toText(), std::string("2026-02-012026-02-15"));
    QCOMPARE(listed.net.toText() + listed.tax.toText() + listed.total.toText(), std::string("1.000.191.19"));
    const auto draft = world.list({.status = InvoiceStatus::Draft}).value().front();
    QVERIFY(!draft.number && !draft.issueDate && !draft.dueDate);
}

void TestInvoiceList::tenantsAreSearchedToo()
{
    World world;
    const auto found = [&](const char* text, const std::optional<TenantId>& after = {}) {
        std::string ids;
        const auto rows = readValue(world.store.storage(), Scope::allTenants("test"),
                                    [&](Work& work) { return searchTenants(work, text, after, 10); });
        for (const TenantRow& tenant : rows.value())
            ids += tenant.tenant.id.text() + ' ';
        return ids;
    };
    QCOMPARE(found("robot"), std::string("nova "));
    QCOMPARE(found("NOV"), std::string("nova "));
    QCOMPARE(found("o"), std::string("nova other "));
    QCOMPARE(found("o", TenantId("nova")), std::string("other "));
    QCOMPARE(found("ther"), std::string());
    QCOMPARE(found("%"), std::string("nova "));
}

void TestInvoiceList::textsStandForThemselves()
{
    QCOMPARE(likePart(""), std::string());
    QCOMPARE(likePart("A_b%C\\"), std::string("a\\_b\\%c\\\\"));
    QCOMPARE(likePart("\u00dc"), std::string("\u00dc"));
}

void TestInvoiceList::damagedRowsAreRefusedByName()
{
    World world;
    world.store.tamper("UPDATE invoice SET currency = 'XXX' WHERE invoice_id = 'inv_01'");
    const auto refused = world.list({});
    QCOMPARE(refused.error().code, ErrorCode::StorageCorrupt);
    QCOMPARE(refused.error().subject, std::string("invoice.currency"));
    QVERIFY(world.list({.status = InvoiceStatus::Draft}));
}

QTEST_GUILESS_MAIN(TestInvoiceList)
#include "tst_invoice_list.moc"
