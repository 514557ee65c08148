#include "tests/server/api/api_fixture.h"

#include "server/api/error_status.h"
#include "server/catalog/catalog_records.h"

namespace billing::test {

namespace {

secrets::KeyRing newKeys(const TemporaryDirectory& directory, SecureRandom& random)
{
    auto ring = secrets::KeyRing::create(directory.file("sealing.keys"), random);
    BILLING_ASSERT(ring.has_value());
    return std::move(*ring);
}

Catalog publishedCatalog(Storage& storage)
{
    auto catalog =
        writeValue(storage, Scope::system("test"), Priority::Maintenance, anyWork(), [](Work& work) {
            return publishCatalog(work, shippedCatalog()).and_then([&] { return loadCatalog(work); });
        });
    BILLING_ASSERT(catalog.has_value());
    return std::move(*catalog);
}

void demand(const Result<http::Response>& response)
{
    if (!response)
        std::fprintf(stderr, "%s\n", toText(response.error()).c_str());
    BILLING_ASSERT(response.has_value());
}

} // namespace

Issuer berlinIssuer()
{
    Issuer issuer;
    issuer.code = "main";
    issuer.party = {
        "ENIS Systems GmbH", {"Torstrasse 49", "", "Berlin", "", "10119"}, "DE", {"DE136695976"}, {}, {}};
    issuer.timeZone = "Europe/Berlin";
    issuer.series = "EB";
    issuer.numberPattern = "{series}-{year}-{number:6}";
    issuer.taxRates = {
        {"DE", "", TaxCategory::Standard, "VAT", *Decimal::parse("0.19"), *LocalDate::parse("2021-01-01")}};
    return issuer;
}

ApiFixture::ApiFixture(IntakeOptions intakeOptions)
    : keys(newKeys(directory, secureRandom))
    , catalog(publishedCatalog(store.storage()))
    , meters(std::make_shared<const MeterIndex>(catalog.meters))
    , invoicing{store.storage(), clock, ids, issuer, catalog, *meters, tenants, records}
    , documents({store.storage(), clock, ids, sealer}, directory.file("documents"))
    , intake({store.storage(), clock, ids, executor}, intakeOptions,
             [this](JournalPosition upTo) { bus.publishAccepted(upTo); })
    , settler({store.storage(), clock, ids}, meters, std::make_shared<UnlistedWatch>(catalog))
    , idempotency({store.storage(), clock, ids, sealer})
    , usage({intake, waits, tenantDirectory, *meters, clock, executor, store.storage(), idempotency})
    , services{invoicing, documents, cursors, usage, [this] { return ready; }, idempotency, waits, executor}
{
    principal.subject = "service:kernel";
    principal.scopes.add(access::Scope::BillingRead);
    principal.scopes.add(access::Scope::BillingWrite);
}

api::Call ApiFixture::get(std::vector<std::string> path, Query query) const
{
    api::Call call{{}, principal, std::move(path)};
    call.request.method = "GET";
    call.request.query = std::move(query);
    return call;
}

api::Call ApiFixture::post(std::string body, std::vector<std::string> path, Query query) const
{
    api::Call call = get(std::move(path), std::move(query));
    call.request.method = "POST";
    call.request.headers.add("Content-Type", "application/json");
    call.request.body = std::move(body);
    return call;
}

void ApiFixture::addTenant(const std::string& id)
{
    demand(
        api::postTenant(services, post(R"({"tenant_id":")" + id +
                                       R"(","legal_name":"Fjordlicht Energie GmbH","country":"DE",)" +
                                       R"("currency":"EUR","time_zone":"Europe/Berlin","locale":"en-DE"})")));
}

void ApiFixture::subscribe(const std::string& tenant, const std::string& plan, const std::string& startsOn)
{
    demand(api::postSubscription(services, post(R"({"tenant_id":")" + tenant + R"(","plan":")" + plan +
                                                R"(","starts_on":")" + startsOn + R"("})")));
}

void ApiFixture::sendAndSettle(const std::string& tenant, const std::string& value,
                               const std::string& timestamp)
{
    const auto answer = postUsage(post(batchJson({eventJson(ids.next("evt"), tenant, value, timestamp)})));
    BILLING_ASSERT(answer && answer->status == 202);
    settleAll();
}

std::optional<http::Response> ApiFixture::postUsage(const api::Call& call)
{
    const auto answer = std::make_shared<std::optional<http::Response>>();
    usage(call,
          http::Responder::toFunction([answer](http::Response response) { *answer = std::move(response); }));
    executor.runUntilIdle();
    return *answer;
}

void ApiFixture::settleAll()
{
    for (auto report = settler.settle(1'000); report->events > 0; report = settler.settle(1'000)) {
        intake.settled(report->events);
        bus.publishSettled(report->notices);
    }
}

std::string outcome(const http::Response& response)
{
    std::string text = std::to_string(response.status);
    for (const char* member : {"code", "subject"}) {
        const QString value = bodyOf(response).value(QLatin1String(member)).toString();
        if (response.status >= 400 && !value.isEmpty())
            text += " " + value.toStdString();
    }
    return text;
}

std::string outcome(const Result<http::Response>& response)
{
    return outcome(response ? *response : api::problem(response.error()));
}

std::string bodyText(const http::Response& response)
{
    return std::get<std::string>(response.body);
}

QJsonObject bodyOf(const http::Response& response)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(bodyText(response))).object();
}

QJsonObject bodyOf(const Result<http::Response>& response)
{
    demand(response);
    return bodyOf(*response);
}

std::optional<std::string> headerOf(const http::Response& response, std::string_view name)
{
    for (const auto& [field, value] : response.headers)
        if (field == name)
            return value;
    return std::nullopt;
}

std::string eventJson(std::string_view id, std::string_view tenant, std::string_view value,
                      std::string_view timestamp)
{
    std::string json = R"({"event_id":")";
    json.append(id).append(R"(","tenant_id":")").append(tenant);
    json.append(R"(","metric_type":"api_request","value":")").append(value);
    return json.append(R"(","timestamp":")").append(timestamp).append(R"("})");
}

std::string batchJson(const std::vector<std::string>& events)
{
    std::string json = R"({"events":[)";
    for (const std::string& event : events)
        json.append(&event == events.data() ? "" : ",").append(event);
    return json + "]}";
}

} // namespace billing::test
