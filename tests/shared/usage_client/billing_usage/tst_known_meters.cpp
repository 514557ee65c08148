// The meters to check against: of a price list on disk, of the server, or, with the reason, none.
#include "shared/usage_client/billing_usage/known_meters.h"
#include "tests/shared/usage_client/scripted_server.h"
#include "tests/support/environment.h"

#include <QTest>

#include <fstream>
#include <iterator>

using namespace billing;
using namespace billing::client;
using namespace billing::test;

namespace {

std::string priceList()
{
    std::ifstream file(sourceDirectory() / "resources/catalog/price_list.json", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class OnlyPosts final : public Transport
{
public:
    Result<HttpAnswer> post(std::string_view, std::string_view, const std::string&) override
    {
        return Error{ErrorCode::NetworkFailed};
    }
};

} // namespace

class TestKnownMeters : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsFiles();
    void asksTheServer_data();
    void asksTheServer();
    void doesWithoutAServer();
};

void TestKnownMeters::readsFiles()
{
    const auto meters = metersOfFile((sourceDirectory() / "resources/catalog/price_list.json").string());
    QVERIFY(meters.has_value());
    QVERIFY(!(*meters)->ofMetric("llm_tokens").empty());
    QCOMPARE(int(metersOfFile("/none").error().code), int(ErrorCode::FileUnreadable));
    const auto none = metersOfFile((sourceDirectory() / "resources/issuer.toml").string());
    QVERIFY(!none && none.error().subject.ends_with("issuer.toml"));
}

void TestKnownMeters::asksTheServer_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("notice");
    QTest::newRow("known") << 200 << QByteArray::fromStdString(priceList()) << QByteArray();
    QTest::newRow("not allowed") << 403 << QByteArray("{}") << QByteArray("may not read");
    QTest::newRow("busy") << 503 << QByteArray("{}") << QByteArray("503");
    QTest::newRow("of another version")
        << 200 << QByteArray("{\"meters\":[]}") << QByteArray("another version");
    QTest::newRow("no JSON") << 200 << QByteArray("hello") << QByteArray("another version");
}

void TestKnownMeters::asksTheServer()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, notice);
    const ScriptedServer server({Step{202, R"({"results":[]})"}}, Step{status, body.toStdString()});
    ClientOptions options;
    options.transport = server.options();
    options.token = [] { return Result<std::string>("token"); };
    auto client = BillingAPIClient::create(options);
    std::string said;
    const auto meters = metersOfServer(*client, said);
    QCOMPARE(meters != nullptr, notice.isEmpty());
    QVERIFY2(said.find(notice.toStdString()) != std::string::npos, said.c_str());
    // A GET in between does not disturb what is posted.
    QVERIFY(
        !client->sendBatch({UsageEvent{TenantId("a"), "", "e", "m", Decimal(), Instant::fromMicros(0), {}}}));
    QCOMPARE(server.requests().size(), 1u);
    QVERIFY(server.requests()[0].body.starts_with("{\"events\":["));
}

void TestKnownMeters::doesWithoutAServer()
{
    ClientOptions options;
    options.token = [] { return Result<std::string>("token"); };
    BillingAPIClient client(options, std::make_unique<OnlyPosts>(), systemPorts());
    std::string said;
    QVERIFY(!metersOfServer(client, said));
    QVERIFY(said.find("only posts") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestKnownMeters)
#include "tst_known_meters.moc"
