// GET /needs-attention: everything that waits for a person, of all kinds, oldest first, page by page, each
// with its reason in plain words; and only what the caller may see.
// Tests: attention_sources.cpp attention_usage.cpp attention_words.cpp shared/wire/attention_json.cpp
#include "server/api/attention.h"
#include "server/storage/journal.h"
#include "server/storage/set_aside.h"
#include "server/storage/unlisted_values.h"
#include "server/storage/usage_conflicts.h"
#include "tests/server/api/api_fixture.h"

#include <QJsonArray>

using namespace billing;
using namespace std::chrono_literals;

class TestNeedsAttention : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingWaits();
    void saysWhatWaits();
    void refuses_data();
    void refuses();
    void showsEachFilter_data();
    void showsEachFilter();
    void pagesThroughAllKinds_data();
    void pagesThroughAllKinds();
    void aCursorBelongsToItsFilter();
    void aBoundTokenSeesItsOwn();
    void kindsAreInOrder();
    void everyReasonIsASentence();
};

namespace {

const Duration later[] = {1h};

struct Waiting
{
    Waiting()
    {
        rooms.addTenant("acme");
        rooms.addTenant("other");
    }
    void fail(const storage::AsideKey& key, Instant at, const Error& reason)
    {
        const auto done = rooms.store.storage().write(
            Scope::tenant(key.tenant), Priority::Money, test::anyWork(), [&](Work& work) -> Result<void> {
                const auto kept = storage::setAside(work, {key, reason, at, later});
                return kept ? Result<void>() : kept.error();
            });
        BILLING_ASSERT(done.has_value());
    }
    void document(const char* tenant, const char* id, Duration after)
    {
        fail(storage::documentKey(TenantId(tenant), InvoiceId(id)), noon.plus(after),
             {ErrorCode::MissingGlyph, "document", "no glyph for U+682A"});
    }
    void period(const char* tenant, const char* day, Duration after)
    {
        fail(storage::periodKey(TenantId(tenant), SubscriptionId("sub_1"), LocalDate::parse(day).value()),
             noon.plus(after), {ErrorCode::NoTaxRate, "standard", "2026"});
    }
    /// A request that dies, of so many events.
    void deadLetter(std::int64_t events, Duration after)
    {
        const auto done = rooms.store.storage().write(
            Scope::system("test"), Priority::Accept, test::anyWork(), [&](Work& work) -> Result<void> {
                const storage::NewJournalRow row{noon, events, "no body"};
                const auto positions = storage::appendJournal(work, std::span(&row, 1));
                BILLING_ASSERT(positions.has_value());
                return storage::markDead(work, positions->front(), "corrupt_journal_row: body",
                                         noon.plus(after));
            });
        BILLING_ASSERT(done.has_value());
    }
    /// An event that came again with another content.
    void conflict(const char* tenant, const char* id, Duration after)
    {
        const UsageEvent event{TenantId(tenant), "", id, "api_request", Decimal::fromInteger(2), noon, {}};
        storage::Identity identity{tenant, {}, {}, 0};
        identity.identity[0] = static_cast<std::uint8_t>(id[1]);
        const storage::Conflict conflict{JournalPosition(++conflicts), 0, &event, &identity};
        BILLING_ASSERT(rooms.store.storage().write(
            Scope::allTenants("test"), Priority::Settle, test::anyWork(), [&](Work& work) {
                return storage::insertConflicts(work, {&conflict, 1}, noon.plus(after));
            }));
    }
    void unlisted(const char* tenant, const char* value, Duration after)
    {
        const storage::UnlistedKey key{TenantId(tenant), MeterCode("llm_tokens"), "model", value};
        BILLING_ASSERT(rooms.store.storage().write(
            Scope::allTenants("test"), Priority::Settle, test::anyWork(), [&](Work& work) -> Result<void> {
                const auto noted = storage::noteUnlistedValues(work, {&key, 1}, noon.plus(after));
                return noted ? Result<void>() : noted.error();
            }));
    }
    void all()
    {
        conflict("acme", "c1", 0s);
        conflict("other", "c2", 0s);
        conflict("acme", "c3", 6s);
        conflict("acme", "c4", -31 * 24h); // no news any more
        unlisted("acme", "GPT4", 0s);
        unlisted("acme", "gpt4", 0s); // has a price by now
        unlisted("other", "gpt-5", 8s);
        document("acme", "inv_2", 0s);
        document("acme", "inv_1", 0s);
        document("other", "inv_3", 5s);
        period("other", "2026-01-01", 0s);
        period("acme", "2026-02-01", 5s);
        period("acme", "2026-01-01", 7s);
        deadLetter(3, 0s);
        deadLetter(4, 0s);
        deadLetter(5, 9s);
    }
    Result<http::Response> ask(const test::Query& query = {})
    {
        return api::getNeedsAttention(rooms.services, rooms.get({}, query));
    }
    /// "document inv_1; " of each item.
    static std::string items(const QJsonObject& body)
    {
        std::string text;
        for (const QJsonValue item : body.value(QLatin1String("items")).toArray()) {
            const QJsonObject subject = item.toObject().value(QLatin1String("subject")).toObject();
            text += item.toObject().value(QLatin1String("kind")).toString().toStdString() + " ";
            for (const char* id : {"invoice_id", "period_start", "events", "event_id", "value"})
                text += subject.value(QLatin1String(id)).toString().toStdString();
            text += "; ";
        }
        return text;
    }
    std::string listed(const test::Query& query = {}) { return items(test::bodyOf(ask(query))); }
    std::string counts(const test::Query& query = {})
    {
        const QJsonObject body = test::bodyOf(ask(query));
        return QJsonDocument(body.value(QLatin1String("counts")).toObject())
            .toJson(QJsonDocument::Compact)
            .toStdString();
    }

    std::int64_t conflicts = 0;
    test::ApiFixture rooms;
    const Instant noon = rooms.clock.now();
};

const std::string allOfThem =
    "conflict c1; conflict c2; dead_letter 3; dead_letter 4; document inv_1; document inv_2; "
    "period 2026-01-01; unlisted_value GPT4; document inv_3; period 2026-02-01; conflict c3; "
    "period 2026-01-01; unlisted_value gpt-5; dead_letter 5; ";

} // namespace

void TestNeedsAttention::nothingWaits()
{
    Waiting waiting;
    QCOMPARE(
        test::bodyText(*waiting.ask()),
        std::string(
            R"({"items":[],"counts":{"conflict":0,"dead_letter":0,"document":0,"period":0,"unlisted_value":0}})"));
}

void TestNeedsAttention::saysWhatWaits()
{
    Waiting waiting;
    waiting.period("acme", "2026-02-01", 5s);
    waiting.document("acme", "inv_1", 6s);
    waiting.deadLetter(3, 7s);
    const std::string expected =
        R"({"items":[{"kind":"period","tenant_id":"acme","subject":{"subscription_id":"sub_1",)"
        R"("period_start":"2026-02-01"},"code":"no_tax_rate","reason":"No tax rate is known for the )"
        R"~(customer's country and tax category on the last day of the period. Add it to issuer.toml and )~"
        R"~(restart the server, or correct the customer's tax category. (2026)","attempts":1,)~"
        R"("first_at":"2026-09-15T12:00:05Z","last_at":"2026-09-15T12:00:05Z",)"
        R"("next_try_at":"2026-09-15T13:00:05Z"},)"
        R"({"kind":"document","tenant_id":"acme","subject":{"invoice_id":"inv_1"},"code":"missing_glyph",)"
        R"("reason":"A text on the invoice has a character that no font of this server has. )"
        R"~((no glyph for U+682A)","attempts":1,"first_at":"2026-09-15T12:00:06Z",)~"
        R"("last_at":"2026-09-15T12:00:06Z","next_try_at":"2026-09-15T13:00:06Z"},)"
        R"({"kind":"dead_letter","subject":{"position":"1","events":"3",)"
        R"("received_at":"2026-09-15T12:00:00Z"},"code":"corrupt_journal_row","reason":"Accepted usage )"
        R"(that can never be metered: nobody is billed for it.","attempts":1,)"
        R"("first_at":"2026-09-15T12:00:07Z","last_at":"2026-09-15T12:00:07Z"}],)"
        R"("counts":{"conflict":0,"dead_letter":1,"document":1,"period":1,"unlisted_value":0}})";
    QCOMPARE(test::bodyText(*waiting.ask()), expected);
}

void TestNeedsAttention::refuses_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("answer");
    const auto row = [](const char* name, const char* value, const char* answer) {
        QTest::addRow("%s=%s", name, value)
            << QString::fromUtf8(name) << QString::fromUtf8(value) << QString::fromUtf8(answer);
    };
    row("kind", "invoice", "422 invalid_value kind");
    row("kind", "", "422 invalid_value kind");
    row("tenant_id", "a b", "422 invalid_tenant_id tenant_id");
    row("limit", "0", "422 invalid_value limit");
    row("limit", "201", "422 invalid_value limit");
    row("cursor", "", "400 invalid_cursor cursor");
    row("cursor", "00", "400 invalid_cursor cursor");
    row("colour", "red", "400 unknown_parameter colour");
    row("kind", "period", "200");
    row("tenant_id", "nobody", "200");
}

void TestNeedsAttention::refuses()
{
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(QString, answer);
    Waiting waiting;
    QCOMPARE(test::outcome(waiting.ask({{name.toStdString(), value.toStdString()}})), answer.toStdString());
}

void TestNeedsAttention::showsEachFilter_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("tenant");
    QTest::addColumn<QString>("items");
    QTest::addColumn<QString>("counts");
    const auto row = [](const char* kind, const char* tenant, const std::string& items, const char* counts) {
        QTest::addRow("kind %s of %s", kind, tenant)
            << QString::fromUtf8(kind) << QString::fromUtf8(tenant) << QString::fromStdString(items)
            << QString::fromUtf8(counts);
    };
    const char* const all = R"({"conflict":3,"dead_letter":3,"document":3,"period":3,"unlisted_value":2})";
    row("", "", allOfThem, all);
    row("document", "", "document inv_1; document inv_2; document inv_3; ", all);
    row("period", "", "period 2026-01-01; period 2026-02-01; period 2026-01-01; ", all);
    row("dead_letter", "", "dead_letter 3; dead_letter 4; dead_letter 5; ", all);
    const char* const ofAcme = R"({"conflict":2,"document":2,"period":2,"unlisted_value":1})";
    row("conflict", "", "conflict c1; conflict c2; conflict c3; ", all);
    row("unlisted_value", "acme", "unlisted_value GPT4; ", ofAcme);
    row("", "acme",
        "conflict c1; document inv_1; document inv_2; unlisted_value GPT4; period 2026-02-01; conflict c3; "
        "period 2026-01-01; ",
        ofAcme);
    row("period", "acme", "period 2026-02-01; period 2026-01-01; ", ofAcme);
    row("dead_letter", "acme", "", ofAcme); // they name no tenant
}

void TestNeedsAttention::showsEachFilter()
{
    QFETCH(QString, kind);
    QFETCH(QString, tenant);
    QFETCH(QString, items);
    QFETCH(QString, counts);
    Waiting waiting;
    waiting.all();
    test::Query query;
    if (!kind.isEmpty())
        query.emplace_back("kind", kind.toStdString());
    if (!tenant.isEmpty())
        query.emplace_back("tenant_id", tenant.toStdString());
    QCOMPARE(waiting.listed(query), items.toStdString());
    QCOMPARE(waiting.counts(query), counts.toStdString());
}

void TestNeedsAttention::pagesThroughAllKinds_data()
{
    QTest::addColumn<int>("limit");
    for (int limit = 1; limit <= 14; ++limit)
        QTest::addRow("%d a page", limit) << limit;
}

void TestNeedsAttention::pagesThroughAllKinds()
{
    QFETCH(int, limit);
    Waiting waiting;
    waiting.all();
    std::string text;
    std::string cursor;
    do {
        test::Query query{{"limit", std::to_string(limit)}};
        if (!cursor.empty())
            query.emplace_back("cursor", cursor);
        const QJsonObject body = test::bodyOf(waiting.ask(query));
        QVERIFY(body.value(QLatin1String("items")).toArray().size() <= limit);
        text += Waiting::items(body);
        cursor = body.value(QLatin1String("next_cursor")).toString().toStdString();
    } while (!cursor.empty());
    QCOMPARE(text, allOfThem);
}

void TestNeedsAttention::aCursorBelongsToItsFilter()
{
    Waiting waiting;
    waiting.all();
    const test::Query mine{{"limit", "1"}, {"kind", "document"}, {"tenant_id", "acme"}};
    const std::string cursor =
        test::bodyOf(waiting.ask(mine)).value(QLatin1String("next_cursor")).toString().toStdString();
    QVERIFY(!cursor.empty());
    const auto with = [&](test::Query query) {
        query.emplace_back("cursor", cursor);
        return test::outcome(waiting.ask(query));
    };
    QCOMPARE(with({{"kind", "document"}, {"tenant_id", "acme"}}), std::string("200"));
    const std::string refused = "400 invalid_cursor cursor";
    QCOMPARE(with({}), refused);
    QCOMPARE(with({{"kind", "period"}, {"tenant_id", "acme"}}), refused);
    QCOMPARE(with({{"kind", "document"}, {"tenant_id", "other"}}), refused);
    QCOMPARE(with({{"kind", "document"}}), refused);
    const std::string ofInvoices = waiting.rooms.cursors.write("invoices", {"a", "b"});
    QCOMPARE(test::outcome(waiting.ask({{"cursor", ofInvoices}})), refused);
}

void TestNeedsAttention::aBoundTokenSeesItsOwn()
{
    Waiting waiting;
    waiting.all();
    waiting.rooms.principal.tenant = TenantId("acme");
    QCOMPARE(waiting.listed(),
             std::string("conflict c1; document inv_1; document inv_2; unlisted_value GPT4; period "
                         "2026-02-01; conflict c3; period 2026-01-01; "));
    QCOMPARE(waiting.counts(), std::string(R"({"conflict":2,"document":2,"period":2,"unlisted_value":1})"));
    QCOMPARE(waiting.listed({{"kind", "dead_letter"}}), std::string());
    QCOMPARE(test::outcome(waiting.ask({{"tenant_id", "other"}})), std::string("404 not_found tenant_id"));
    QCOMPARE(test::outcome(waiting.ask({{"tenant_id", "acme"}})), std::string("200"));
}

void TestNeedsAttention::kindsAreInOrder()
{
    // The list's place is by kind among others: whoever adds one keeps that.
    const auto sources = api::attentionSources();
    QVERIFY(std::is_sorted(sources.begin(), sources.end(),
                           [](const auto& a, const auto& b) { return a.kind < b.kind; }));
}

void TestNeedsAttention::everyReasonIsASentence()
{
    const ErrorCode codes[] = {
#define X(name, number, wire) ErrorCode::name,
        BILLING_ERROR_CODES(X)
#undef X
    };
    for (const ErrorCode code : codes) {
        const std::string reason = api::plainReason({code, "subject"});
        QVERIFY2(reason.size() > 5 && reason.back() == '.' && reason.front() >= 'A' && reason.front() <= 'Z',
                 reason.c_str());
    }
    QCOMPARE(api::plainReason({ErrorCode::SubscriptionOverlaps, "starts_on", "sub_2"}),
             std::string("Subscription overlaps. (sub_2)"));
    // What lies in files and what engines say is for the log.
    QCOMPARE(api::plainReason({ErrorCode::FileUnreadable, "/var", "secret"}),
             std::string("File unreadable."));
}

QTEST_GUILESS_MAIN(TestNeedsAttention)
#include "tst_needs_attention.moc"
