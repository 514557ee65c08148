// The C ABI: arguments that are none, batches that fill up, and nothing lost when a batch cannot be sent.
#include "shared/usage_client/billing_client.h"
#include "shared/wire/usage_json.h"
#include "tests/shared/usage_client/scripted_server.h"

#include <QTest>

#include <fstream>

using namespace billing;
using namespace billing::test;

namespace {

Step settled(int count)
{
    std::string body = R"({"settled":true,"results":[)";
    for (int index = 0; index < count; ++index) {
        body += index ? "," : "";
        body += R"({"status":"settled","index":)";
        body += std::to_string(index);
        body += "}";
    }
    return {202, body + "]}"};
}

const billing_dimension dimensions[] = {{"model", "gpt4"}, {"direction", "input"}};
const billing_event good = {nullptr,    nullptr, "acme", "llm_tokens", "0.25", "2026-03-01T00:00:00Z",
                            dimensions, 2};

} // namespace

class TestBillingClient : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesOptions();
    void refusesEvents();
    void sendsFullBatches();
    void keepsWhatTheServerRefused();
    void forgivesNull();

private:
    billing_client* create(const ScriptedServer& server, std::uint32_t batchSize);

    TemporaryDirectory m_directory;
};

billing_client* TestBillingClient::create(const ScriptedServer& server, std::uint32_t batchSize)
{
    std::ofstream(m_directory.file("token")) << "token";
    const std::string token = m_directory.file("token").string();
    const auto options = server.options();
    const billing_client_options given = {options.serverUrl.c_str(),
                                          options.certificateFile.c_str(),
                                          options.keyFile.c_str(),
                                          options.authorityFile.c_str(),
                                          token.c_str(),
                                          batchSize,
                                          1};
    return billing_client_create(&given, nullptr, 0);
}

void TestBillingClient::refusesOptions()
{
    char error[16] = {};
    QVERIFY(!billing_client_create(nullptr, error, sizeof error));
    QCOMPARE(std::string(error), "no options");
    const billing_client_options options = {};
    QVERIFY(!billing_client_create(&options, error, sizeof error));
    QCOMPARE(std::string(error), "invalid_configu"); // cut, with its end
    const ScriptedServer server({Step()});
    QVERIFY(!create(server, 1'001));
}

void TestBillingClient::refusesEvents()
{
    const ScriptedServer server({Step()});
    billing_client* const client = create(server, 2);
    QVERIFY(client);
    const auto refused = [&](auto change, const char* code) {
        billing_event event = good;
        change(event);
        return billing_client_send_event(client, &event) == BILLING_INVALID &&
               std::string(billing_client_last_error(client)).starts_with(code);
    };
    QVERIFY(refused([](billing_event& event) { event.tenant_id = nullptr; }, "invalid_tenant_id"));
    QVERIFY(refused([](billing_event& event) { event.value = "1e3"; }, "invalid_decimal"));
    QVERIFY(refused([](billing_event& event) { event.value = "-1"; }, "negative_quantity"));
    QVERIFY(refused([](billing_event& event) { event.timestamp = "now"; }, "invalid_timestamp"));
    QVERIFY(refused([](billing_event& event) { event.metric_type = nullptr; }, "missing_field"));
    QVERIFY(refused([](billing_event& event) { event.dimensions = nullptr; }, "missing_field"));
    QCOMPARE(billing_client_waiting(client), 0u);
    billing_client_destroy(client);
    QVERIFY(server.requests().empty());
}

void TestBillingClient::sendsFullBatches()
{
    const ScriptedServer server({settled(2), settled(1)});
    billing_client* const client = create(server, 2);
    QVERIFY(client);
    billing_counts counts = {};
    for (int event = 0; event < 3; ++event)
        QCOMPARE(billing_client_send_event(client, &good), BILLING_OK);
    QCOMPARE(server.requests().size(), 1u);
    QCOMPARE(billing_client_waiting(client), 1u);
    QCOMPARE(billing_client_flush(client, &counts), BILLING_OK);
    QCOMPARE(billing_client_flush(client, nullptr), BILLING_OK);
    QCOMPARE(counts.accepted, 3);
    billing_client_destroy(client);

    const auto sent = wire::decodeUsageBatch(server.requests().front().body);
    QVERIFY(sent.has_value());
    QCOMPARE(sent->front()->dimensions, (Dimensions{{"direction", "input"}, {"model", "gpt4"}}));
    QCOMPARE(sent->front()->value.toText(), "0.25");
    QVERIFY(sent->front()->eventId != sent->back()->eventId);
}

void TestBillingClient::keepsWhatTheServerRefused()
{
    const ScriptedServer server({{403, R"({"status":403,"code":"insufficient_scope"})"}, settled(1)});
    billing_client* const client = create(server, 10);
    QVERIFY(client);
    QCOMPARE(billing_client_send_event(client, &good), BILLING_OK);
    QCOMPARE(billing_client_flush(client, nullptr), BILLING_REFUSED);
    QVERIFY(std::string(billing_client_last_error(client)).starts_with("insufficient_scope"));
    QCOMPARE(billing_client_waiting(client), 1u);
    QCOMPARE(billing_client_flush(client, nullptr), BILLING_OK);
    billing_client_destroy(client);
    const auto requests = server.requests();
    QCOMPARE(requests.at(1).body, requests.at(0).body);
}

void TestBillingClient::forgivesNull()
{
    billing_client_destroy(nullptr);
}

QTEST_APPLESS_MAIN(TestBillingClient)
#include "tst_billing_client.moc"
