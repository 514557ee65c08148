// The rooms an endpoint stands on, real ones on a store of its own, on one thread and a clock that the
// test moves: 2026-09-15T12:00:00Z at the start. Endpoints are called directly, as the router would.
#pragma once

#include "server/api/endpoints.h"
#include "server/bus/in_process.h"
#include "server/metering/settler.h"
#include "tests/server/storage/storage_fixture.h"
#include "tests/support/inline_executor.h"
#include "tests/support/printing.h"
#include "tests/support/seeded_random.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace billing::test {

using Query = std::vector<std::pair<std::string, std::string>>;

/// ENIS in Berlin, registered for 19 % VAT in Germany.
Issuer berlinIssuer();

class ApiFixture
{
public:
    explicit ApiFixture(IntakeOptions intakeOptions = {});

    /// Reads and writes, for every tenant. A test may change it before a call.
    access::Principal principal;

    api::Call get(std::vector<std::string> path = {}, Query query = {}) const;
    /// With Content-Type: application/json.
    api::Call post(std::string body, std::vector<std::string> path = {}, Query query = {}) const;

    /// Asserts that it is done: a German tenant in EUR, zone Europe/Berlin.
    void addTenant(const std::string& id);
    /// Asserts that it is done: that plan from that day on.
    void subscribe(const std::string& tenant, const std::string& plan, const std::string& startsOn);
    /// Sends {"events":[...]} of metric api_request through POST /usage and settles it; asserts 202.
    void sendAndSettle(const std::string& tenant, const std::string& value, const std::string& timestamp);

    /// What POST /usage answers, or nothing as long as it does not.
    std::optional<http::Response> postUsage(const api::Call& call);
    /// Settles all that waits and tells the bus, as the settle loop does.
    void settleAll();

    TemporaryDirectory directory;
    StorageFixture store{StorageFixture::Writer::Inline};
    ManualClock clock{"2026-09-15T12:00:00Z"};
    SeededRandom random{1};
    IdFactory ids{clock, random};
    InlineExecutor executor{clock};
    SeededSecureRandom secureRandom{1};
    secrets::KeyRing keys;
    secrets::Sealer sealer{keys, secureRandom};
    Issuer issuer = berlinIssuer();
    Catalog catalog;
    std::shared_ptr<const MeterIndex> meters;
    TenantRecords tenants{sealer};
    InvoiceRecords records{sealer};
    Invoicing invoicing;
    DocumentStore documents;
    InProcessBus bus;
    Intake intake;
    SettledWaits waits{bus, executor};
    TenantDirectory tenantDirectory{store.storage()};
    Settler settler;
    api::Idempotency idempotency;
    api::PostUsage usage;
    api::Cursors cursors{"key of the cursors"};
    Result<void> ready;
    api::Services services;
};

/// "201", or the refusal as the client sees it: "404 not_found tenant_id".
std::string outcome(const http::Response& response);
std::string outcome(const Result<http::Response>& response);

std::string bodyText(const http::Response& response);
QJsonObject bodyOf(const http::Response& response);
/// Asserts that it is not a refusal.
QJsonObject bodyOf(const Result<http::Response>& response);
std::optional<std::string> headerOf(const http::Response& response, std::string_view name);

/// {"event_id","tenant_id","metric_type":"api_request","value","timestamp"}
std::string eventJson(std::string_view id, std::string_view tenant, std::string_view value,
                      std::string_view timestamp);
std::string batchJson(const std::vector<std::string>& events);

} // namespace billing::test
