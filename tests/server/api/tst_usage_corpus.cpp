// The usage-body rows of the bad-input catalogue, over the real API on a real store: each is refused with its
// status, code and field, and leaves nothing behind; its twin, the nearest good body, is taken. What is wrong
// with one event is refused alone in a batch, in every media type, while its neighbours are taken. Where the
// grammar of DESIGN section 4 differs from the catalogue, the grammar is what is tested.
#include "tests/server/api/usage_corpus.h"

#include "tests/server/api/api_fixture.h"

#include "server/storage/sql/session.h"
#include "shared/wire/usage_answer_json.h"
#include "shared/wire/usage_json.h"

using namespace billing;
using test::oneEvent;
using test::quoted;

namespace {

constexpr const char* json = "application/json";
constexpr const char* lines = "application/x-ndjson";

} // namespace

class TestUsageCorpus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void bodies_data();
    void bodies();
    void events_data();
    void events();
    void duplicates_data();
    void duplicates();
    void money_data();
    void money();
    void textIsKeptAsItWasSent_data();
    void textIsKeptAsItWasSent();
    void cleanupTestCase();

private:
    struct Sent
    {
        http::Response response;
        std::int64_t journalRows = 0; ///< more than before
        std::int64_t otherRows = 0;
    };

    std::int64_t count(const char* sql)
    {
        return readValue(m_rooms->store.storage(), Scope::allTenants("test"),
                         [&](Work& work) {
                             return queryOne(work.session(), sql, {},
                                             [](const sql::Row& row) { return row.integer(0); });
                         })
            .value()
            .value();
    }
    std::int64_t journalRows() { return count("SELECT count(*) FROM usage_journal"); }
    std::int64_t otherRows()
    {
        return count("SELECT (SELECT count(*) FROM usage_event) + (SELECT count(*) FROM event_identity) + "
                     "(SELECT count(*) FROM usage_rollup) + (SELECT count(*) FROM usage_conflict) + "
                     "(SELECT count(*) FROM idempotency_key) + (SELECT count(*) FROM audit_entry)");
    }
    std::string filled(std::string body)
    {
        for (std::size_t at = body.find("%ID%"); at != std::string::npos; at = body.find("%ID%", at))
            body.replace(at, 4, "corpus-" + std::to_string(++m_ids));
        return body;
    }
    Sent send(const std::vector<std::string>& contentTypes, const std::string& body)
    {
        api::Call call = m_rooms->get();
        call.request.method = "POST";
        call.request.path = m_path;
        for (const std::string& type : contentTypes)
            call.request.headers.add("Content-Type", type);
        call.request.body = filled(body);
        const std::int64_t journal = journalRows();
        const std::int64_t others = otherRows();
        auto response = m_rooms->postUsage(call).value();
        return {std::move(response), journalRows() - journal, otherRows() - others};
    }
    /// The same event alone and between two good ones in a batch and in lines.
    void expectRejected(const std::string& wrong, const std::string& answer);
    void expectTaken(const std::string& type, const std::string& body);

    std::unique_ptr<test::ApiFixture> m_rooms;
    std::string m_path = "/api/v1/usage";
    int m_ids = 0;
    int m_refused = 0;
    int m_twins = 0;
};

void TestUsageCorpus::initTestCase()
{
    m_rooms = std::make_unique<test::ApiFixture>();
    m_rooms->addTenant("acme");
    m_rooms->addTenant("other");
}

void TestUsageCorpus::cleanupTestCase()
{
    qInfo("usage bodies: %d rows refused, %d twins passed", m_refused, m_twins);
}

void TestUsageCorpus::expectTaken(const std::string& type, const std::string& body)
{
    const Sent twin = send({type}, body);
    QVERIFY2(twin.response.status == 201 || twin.response.status == 202,
             test::bodyText(twin.response).c_str());
    if (twin.response.status == 202) {
        const auto answer = wire::decodeUsageAnswer(test::bodyText(twin.response)).value();
        for (const wire::EventResult& result : answer.results)
            QVERIFY2(!result.error, test::bodyText(twin.response).c_str());
    }
    QCOMPARE(twin.journalRows, std::int64_t{1});
    ++m_twins;
}

void TestUsageCorpus::bodies_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("answer");
    for (const test::BodyRow& row : test::bodyRows())
        QTest::newRow(row.name.c_str())
            << QByteArray::fromStdString(row.type) << QByteArray::fromStdString(row.body)
            << QString::fromStdString(row.answer);
}

void TestUsageCorpus::bodies()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QFETCH(QString, answer);
    if (answer == QStringLiteral("taken"))
        return expectTaken(type.toStdString(), body.toStdString());
    std::vector<std::string> types;
    if (type.startsWith("twice "))
        types = {type.mid(6).toStdString(), type.mid(6).toStdString()};
    else if (type != "-")
        types = {type.toStdString()};
    const Sent sent = send(types, body.toStdString());
    QCOMPARE(test::outcome(sent.response), answer.toStdString());
    QVERIFY(test::bodyText(sent.response).size() < 1'000); // what is wrong, not what was sent
    QCOMPARE(sent.journalRows, std::int64_t{0});
    QCOMPARE(sent.otherRows, std::int64_t{0});
    ++m_refused;
}

void TestUsageCorpus::events_data()
{
    QTest::addColumn<QByteArray>("wrong");
    QTest::addColumn<QString>("answer");
    QTest::addColumn<QByteArray>("twin");
    for (const test::EventRow& row : test::eventRows())
        QTest::newRow(row.name.c_str())
            << QByteArray::fromStdString(row.wrong) << QString::fromStdString(row.answer)
            << QByteArray::fromStdString(row.twin);
}

void TestUsageCorpus::expectRejected(const std::string& wrong, const std::string& answer)
{
    const bool isBroken = answer == "malformed_json body"; // breaks a JSON batch as a whole
    const Sent alone = send({json}, wrong);
    const std::string told = test::outcome(alone.response);
    QCOMPARE(told.substr(std::min<std::size_t>(told.size(), 4)), answer);
    QVERIFY(told.starts_with("400 ") || told.starts_with("422 "));
    QCOMPARE(alone.journalRows, std::int64_t{0});
    QCOMPARE(alone.otherRows, std::int64_t{0});

    const auto between = [&](const Sent& sent) {
        QCOMPARE(sent.response.status, 202);
        const auto read = wire::decodeUsageAnswer(test::bodyText(sent.response)); // checks every index
        QVERIFY2(read, test::bodyText(sent.response).c_str());
        QCOMPARE(read->results.size(), std::size_t{3});
        QVERIFY(!read->results[0].error && !read->results[2].error);
        QVERIFY(read->results[1].status == wire::EventStatus::Rejected);
        const Error& error = *read->results[1].error;
        QCOMPARE(std::string(wireName(error.code)) + " " + error.subject, answer);
        QCOMPARE(sent.journalRows, std::int64_t{1});
    };
    const std::string batch = test::batchJson({oneEvent(), wrong, oneEvent()});
    if (isBroken) {
        const Sent whole = send({json}, batch);
        QCOMPARE(test::outcome(whole.response), "400 " + answer);
        QCOMPARE(whole.journalRows, std::int64_t{0});
    } else {
        between(send({json}, batch));
    }
    if (wrong.find('\n') == std::string::npos)
        between(send({lines}, oneEvent() + "\n" + wrong + "\n" + oneEvent()));
}

void TestUsageCorpus::events()
{
    QFETCH(QByteArray, wrong);
    QFETCH(QString, answer);
    QFETCH(QByteArray, twin);
    expectRejected(wrong.toStdString(), answer.toStdString());
    if (QTest::currentTestFailed())
        return;
    ++m_refused;
    expectTaken(json, twin.toStdString());
}

void TestUsageCorpus::duplicates_data()
{
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("second");
    QTest::addColumn<QString>("fate");
    const auto row = [](const char* name, const std::string& first, const std::string& second,
                        const char* fate) {
        QTest::newRow(name) << QByteArray::fromStdString(first) << QByteArray::fromStdString(second)
                            << QString::fromUtf8(fate);
    };
    const auto id = [](const std::string& text) { return oneEvent("event_id", quoted(text)); };
    row("same payload", id("d1"), id("d1"), "duplicate");
    row("same number, other digits", id("d2"),
        R"({"value":1.000,"timestamp":"2026-09-15T13:00:00.0+02:00","metric_type":"api_request","tenant_id":"acme","event_id":"d2"})",
        "duplicate");
    row("other payload", id("d3"),
        R"({"event_id":"d3","tenant_id":"acme","metric_type":"api_request","value":"2","timestamp":"2026-09-15T11:00:00Z"})",
        "conflict");
    row("other tenant", id("d4"),
        R"({"event_id":"d4","tenant_id":"other","metric_type":"api_request","value":"1","timestamp":"2026-09-15T11:00:00Z"})",
        "settled");
    row("other source", id("d5"), oneEvent("event_id", R"("d5")", R"(,"source":"edge")"), "settled");
    row("empty source", id("d6"), oneEvent("event_id", R"("d6")", R"(,"source":"")"), "duplicate");
    row("other case", id("d7"), id("D7"), "settled");
    row("NFC and NFD", id("d8\xC3\xA9"),
        id("d8"
           "e\xCC\x81"),
        "settled");
    row("trailing space", id("d9"), id("d9 "), "settled");
    row("escaped", id("d10"), id("\\u00641\\u0030"), "duplicate");
}

void TestUsageCorpus::duplicates()
{
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, second);
    QFETCH(QString, fate);
    const auto fateOf = [&](const std::string& body) {
        std::optional<http::Response> answer;
        m_rooms->usage(
            m_rooms->post(body, {}, {{"wait", "settled"}}),
            http::Responder::toFunction([&](http::Response response) { answer = std::move(response); }));
        m_rooms->executor.runUntilIdle();
        m_rooms->settleAll();
        std::string fates;
        for (const auto& result : wire::decodeUsageAnswer(test::bodyText(*answer)).value().results)
            fates.append(fates.empty() ? "" : " ").append(wire::wireName(result.status));
        return fates;
    };
    m_rooms->settleAll();
    QCOMPARE(fateOf(test::batchJson({first.toStdString()})), std::string("settled"));
    QCOMPARE(fateOf(test::batchJson({second.toStdString()})), fate.toStdString());
    ++(fate == QStringLiteral("settled") ? m_twins : m_refused);
    // And all in one batch.
    if (QByteArray(QTest::currentDataTag()) == "same payload")
        QCOMPARE(fateOf(test::batchJson({test::eventJson("g1", "acme", "1", "2026-09-15T11:00:00Z"),
                                         test::eventJson("g1", "acme", "1", "2026-09-15T11:00:00Z"),
                                         test::eventJson("g1", "acme", "2", "2026-09-15T11:00:00Z")})),
                 std::string("settled duplicate conflict"));
}

void TestUsageCorpus::money_data()
{
    QTest::addColumn<QString>("currency");
    QTest::addColumn<QString>("answer");
    for (const char* wrong : {"XXX", "usd", "US", "USDD", "\xE2\x82\xAC", "", "840"})
        QTest::newRow(wrong) << QString::fromUtf8(wrong) << "422 unknown_currency currency";
    for (const char* good : {"USD", "EUR", "MXN"})
        QTest::newRow(good) << QString::fromUtf8(good) << "201";
}

void TestUsageCorpus::money()
{
    QFETCH(QString, currency);
    QFETCH(QString, answer);
    const std::int64_t before = otherRows();
    const auto made = api::postTenant(
        m_rooms->services,
        m_rooms->post(
            R"({"tenant_id":"money-)" + std::to_string(++m_ids) +
            R"(","legal_name":"A","country":"DE","time_zone":"Europe/Berlin","locale":"en-DE","currency":")" +
            currency.toStdString() + "\"}"));
    QCOMPARE(test::outcome(made), answer.toStdString());
    QCOMPARE(otherRows() - before, std::int64_t{made ? 1 : 0}); // its audit entry
    ++(made ? m_twins : m_refused);
}

void TestUsageCorpus::textIsKeptAsItWasSent_data()
{
    QTest::addColumn<QByteArray>("text");
    const std::pair<const char*, const char*> texts[] = {
        {"right to left", "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D"},
        {"decomposed", "e\xCC\x81"},
        {"emoji", "\xF0\x9F\x9F\xA1"},
        {"SQL", "'; DROP TABLE usage_event; --"},
        {"template", "{{7*7}}"},
        {"formula", "=cmd|' /C calc'!A0"},
        {"script", "<script>alert(1)</script>"},
        {"path", "../../etc/passwd"},
    };
    for (const auto& [name, text] : texts)
        QTest::newRow(name) << QByteArray(text);
}

void TestUsageCorpus::textIsKeptAsItWasSent()
{
    QFETCH(QByteArray, text);
    const std::string sent = text.toStdString();
    const UsageEvent hostile{TenantId("acme"),
                             "",
                             sent,
                             "api_request",
                             *Decimal::parse("1"),
                             *Instant::parse("2026-09-15T11:00:00Z"),
                             {{"note", sent}}};
    const Sent answer = send({json}, wire::encodeUsageEvent(hostile));
    QCOMPARE(answer.response.status, 201);
    QCOMPARE(wire::decodeUsageRecorded(test::bodyText(answer.response)).value().eventId, sent);
    m_rooms->settleAll();
    const auto kept =
        readValue(m_rooms->store.storage(), Scope::allTenants("test"), [&](Work& work) {
            return queryOne(work.session(), "SELECT count(*) FROM usage_event WHERE event_id = ?",
                            {std::string_view(sent)}, [](const sql::Row& row) { return row.integer(0); });
        }).value();
    QCOMPARE(kept, std::optional<std::int64_t>(1));
    ++m_twins;
}

QTEST_GUILESS_MAIN(TestUsageCorpus)
#include "tst_usage_corpus.moc"
