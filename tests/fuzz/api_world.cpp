#include "tests/fuzz/api_world.h"

#include "server/access/token_issuer.h"
#include "server/catalog/catalog_records.h"
#include "server/http/request_target.h"
#include "server/invoicing/close_period.h"
#include "server/metering/unlisted_watch.h"
#include "server/storage/subscriptions.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <stdlib.h>

namespace billing::fuzz {

namespace {

using test::InlineExecutor;
using test::ManualClock;
using test::SeededRandom;
using test::SeededSecureRandom;

constexpr std::string_view startOfTime = "2026-09-15T12:00:00Z";

/// A directory in memory, gone at the end of the process.
struct Directory
{
    std::string path =
        std::filesystem::exists("/dev/shm") ? "/dev/shm/fuzz-api-XXXXXX" : "/tmp/fuzz-api-XXXXXX";

    Directory() { BILLING_ASSERT(::mkdtemp(path.data()) != nullptr); }
    ~Directory()
    {
        std::error_code failed;
        std::filesystem::remove_all(path, failed);
    }
    std::filesystem::path file(const char* name) const { return std::filesystem::path(path) / name; }
};

const Directory& directory()
{
    static const Directory made;
    return made;
}

/// What is made once for all worlds.
struct Keys
{
    secrets::KeyRing sealing;
    std::shared_ptr<const access::SigningKeys> signing;

    static Keys make()
    {
        ManualClock clock{startOfTime};
        SeededSecureRandom random{1};
        BILLING_ASSERT(access::createSigningKey(directory().file("keys"), clock).has_value());
        return {secrets::KeyRing::create(directory().file("sealing.keys"), random).value(),
                std::make_shared<const access::SigningKeys>(
                    access::SigningKeys::load(directory().file("keys")).value())};
    }
};

const Keys& keys()
{
    static const Keys made = Keys::make();
    return made;
}

Issuer issuer()
{
    Issuer made;
    made.code = "main";
    made.party = {
        "ENIS Systems GmbH", {"Torstrasse 49", "", "Berlin", "", "10119"}, "DE", {"DE136695976"}, {}, {}};
    made.timeZone = "Europe/Berlin";
    made.series = "EB";
    made.numberPattern = "{series}-{year}-{number:6}";
    made.taxRates = {
        {"DE", "", TaxCategory::Standard, "VAT", *Decimal::parse("0.19"), *LocalDate::parse("1900-01-01")}};
    return made;
}

/// The filled store, and what is in it.
struct Template
{
    std::string database = {};
    std::optional<Catalog> catalog = {};
    Known known = {};
};

Template& shared()
{
    static Template made;
    return made;
}

std::string readFile(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

WorkId nextWork()
{
    static int count = 0;
    return WorkId("fuzz-" + std::to_string(++count));
}

Catalog publishedCatalog(Storage& storage)
{
    if (shared().catalog)
        return *shared().catalog;
    auto catalog =
        writeValue(storage, Scope::system("fuzz"), Priority::Maintenance, nextWork(), [](Work& work) {
            return publishCatalog(work, shippedCatalog()).and_then([&] { return loadCatalog(work); });
        });
    shared().catalog = catalog.value();
    return *shared().catalog;
}

std::unique_ptr<SqliteStorage> openStore()
{
    const std::filesystem::path file = directory().file("billing.sqlite");
    std::filesystem::remove(file);
    std::filesystem::remove(file.string() + "-wal");
    std::filesystem::remove(file.string() + "-shm");
    if (!shared().database.empty())
        std::ofstream(file, std::ios::binary) << shared().database;
    auto opened = SqliteStorage::open(file, {Instant::fromMicros(0), SqliteStorage::StartCheck::Skip});
    return std::move(opened.value());
}

access::Principal principalOf(Caller caller)
{
    access::Principal principal;
    principal.subject = "service:kernel";
    if (caller == Caller::Finance) {
        principal.role = access::Role::Finance;
        return principal;
    }
    principal.scopes.add(access::Scope::BillingRead);
    if (caller != Caller::Reader)
        principal.scopes.add(access::Scope::BillingWrite);
    if (caller == Caller::All)
        principal.scopes.add(access::Scope::BillingBackfill);
    if (caller == Caller::OfTenant)
        principal.tenant = TenantId("t-berlin");
    if (caller == Caller::Stranger)
        principal.tenant = TenantId("t-nobody");
    return principal;
}

void collect(const std::string& body, std::string_view name, std::vector<std::string>& into)
{
    const std::string start = '"' + std::string(name) + "\":";
    std::size_t at = 0;
    while ((at = body.find(start, at)) != std::string::npos) {
        at += start.size() + (at + start.size() < body.size() && body[at + start.size()] == '"' ? 1 : 0);
        const std::size_t end = body.find_first_of("\",}", at);
        if (end == std::string::npos || end == at)
            return;
        into.push_back(body.substr(at, end - at));
        if (into.size() > 100)
            into.erase(into.begin() + 1);
    }
}

} // namespace

void Known::learn(const std::string& body)
{
    collect(body, "tenant_id", tenants);
    collect(body, "invoice_id", invoices);
    collect(body, "next_cursor", cursors);
    collect(body, "position", positions);
}

struct World::Rooms
{
    ManualClock clock{startOfTime};
    SeededRandom random{1};
    IdFactory ids{clock, random};
    InlineExecutor executor{clock};
    SeededSecureRandom secureRandom{1};
    secrets::Sealer sealer{keys().sealing, secureRandom};
    std::unique_ptr<SqliteStorage> storage = openStore();
    Issuer issuer = fuzz::issuer();
    Catalog catalog = publishedCatalog(*storage);
    std::shared_ptr<const MeterIndex> meters = std::make_shared<const MeterIndex>(catalog.meters);
    TenantRecords tenants{sealer};
    InvoiceRecords records{sealer};
    Invoicing invoicing{*storage, clock, ids, issuer, catalog, *meters, tenants, records};
    DocumentStore documents{{*storage, clock, ids, sealer}, directory().file("documents")};
    InProcessBus bus;
    Intake intake{
        {*storage, clock, ids, executor}, {}, [this](JournalPosition upTo) { bus.publishAccepted(upTo); }};
    SettledWaits waits{bus, executor};
    TenantDirectory tenantDirectory{*storage};
    Settler settler{{*storage, clock, ids}, meters, std::make_shared<UnlistedWatch>(catalog)};
    api::Idempotency idempotency{{*storage, clock, ids, sealer}};
    api::PostUsage usage{{intake, waits, tenantDirectory, *meters, clock, executor, *storage, idempotency}};
    api::Cursors cursors{"key of the cursors"};
    api::Services services{invoicing,   documents, cursors, usage, [] { return Result<void>(); },
                           idempotency, waits,     executor};
    access::TokenRules rules;
    access::TokenVerifier verifier{rules, keys().signing, clock};
    access::Authenticator authenticator{verifier};
    api::Router router{authenticator, executor};
};

World::World()
    : m_rooms(std::make_unique<Rooms>())
{
    api::addRoutes(m_rooms->router, m_rooms->services);
    BILLING_ASSERT(m_rooms->intake.start().has_value());
    if (!shared().database.empty()) {
        known = shared().known;
        return;
    }
    fill();
    shared().known = known;
    m_rooms.reset(); // closing writes the whole of it into the file
    shared().database = readFile(directory().file("billing.sqlite"));
    BILLING_ASSERT(!shared().database.empty());
    m_rooms = std::make_unique<Rooms>();
    api::addRoutes(m_rooms->router, m_rooms->services);
    BILLING_ASSERT(m_rooms->intake.start().has_value());
}

World::~World() = default;

void World::fill()
{
    const auto post = [&](const std::string& path, const std::string& body) {
        const auto response = send({"POST", "/api/v1/" + path, {{"Content-Type", "application/json"}}, body});
        if (response && response->status >= 300)
            std::fprintf(stderr, "%s %s\n", body.c_str(), std::get<std::string>(response->body).c_str());
        BILLING_ASSERT(response && response->status < 300);
    };
    struct Made
    {
        std::string tenant, zone, currency, plan, startsOn;
    };
    const Made all[] = {{"t-berlin", "Europe/Berlin", "EUR", "shared", "2026-01-01"},
                        {"t-kiritimati", "Pacific/Kiritimati", "USD", "lite", "2026-01-31"},
                        {"t-apia", "Pacific/Apia", "USD", "zero", "2011-12-30"},
                        {"t-gmt12", "Etc/GMT+12", "USD", "shared", "2026-02-28"},
                        {"t-kolkata", "Asia/Kolkata", "USD", "enterprise", "2026-06-15"},
                        {"t-stjohns", "America/St_Johns", "USD", "lite", "2024-02-29"},
                        {"t-monrovia", "Africa/Monrovia", "USD", "shared", "1970-01-01"},
                        {"t-mexico", "America/Mexico_City", "MXN", "zero", "2026-08-01"},
                        {"t-later", "UTC", "EUR", "lite", "2027-01-31"},
                        {"t-none", "Pacific/Apia", "USD", "", ""},
                        {"t-free1", "Pacific/Kiritimati", "USD", "", ""},
                        {"t-free2", "Etc/GMT+12", "EUR", "", ""},
                        {"t-free3", "Africa/Monrovia", "MXN", "", ""}};
    std::string events;
    for (const Made& made : all) {
        post("tenants", R"({"tenant_id":")" + made.tenant + R"(","legal_name":"Fjordlicht )" + made.tenant +
                            R"(","country":"DE","currency":")" + made.currency + R"(","time_zone":")" +
                            made.zone + R"(","locale":"en-DE"})");
        if (!made.plan.empty())
            post("subscriptions", R"({"tenant_id":")" + made.tenant + R"(","plan":")" + made.plan +
                                      R"(","starts_on":")" + made.startsOn + R"("})");
        for (int day = 10; day < 31; day += 5)
            events +=
                (events.empty() ? "" : ",") + (R"({"event_id":")" + made.tenant) + std::to_string(day) +
                R"(","tenant_id":")" + made.tenant + R"(","metric_type":"api_request","value":"7.5",)" +
                R"("timestamp":"2026-08-)" + std::to_string(day) + R"(T10:30:00Z"},{"event_id":"l)" +
                made.tenant + std::to_string(day) + R"(","tenant_id":")" + made.tenant +
                R"(","metric_type":"llm_tokens","value":"100","dimensions":{"direction":"input","model":"m)" +
                std::to_string(day) + R"("},"timestamp":"2026-08-)" + std::to_string(day) + R"(T23:59:59Z"})";
    }
    subscribeWithEnd("t-none", "2020-01-31", "2022-02-15");
    post("usage", R"({"events":[)" + events + "]}");
    settle();
    for (const char* tenant : {"t-berlin", "t-mexico"})
        post("invoices", R"({"tenant_id":")" + std::string(tenant) +
                             R"(","period_start":"2026-08-01","period_end":"2026-09-01"})");
    const std::string issued = known.invoices.at(1);
    post("invoices/" + issued + "/finalise", "");
    BILLING_ASSERT(
        m_rooms->documents.keep(TenantId("t-berlin"), InvoiceId(issued), 1, "%PDF-1.7 none").has_value());
}

/// No request ends a contract yet.
void World::subscribeWithEnd(const std::string& tenant, const char* startsOn, const char* endsOn)
{
    Subscription ended{.id = SubscriptionId(m_rooms->ids.next("sub")),
                       .tenant = TenantId(tenant),
                       .plan = PlanCode("zero"),
                       .planVersion = 1,
                       .currency = Currency::parse("USD").value(),
                       .timeZone = "Pacific/Apia",
                       .startsOn = LocalDate::parse(startsOn).value(),
                       .billFrom = LocalDate::parse(startsOn).value(),
                       .endsOn = LocalDate::parse(endsOn).value()};
    const auto stored =
        m_rooms->storage->write(Scope::tenant(ended.tenant), Priority::Money, nextWork(),
                                [&](Work& work) { return storage::insertSubscription(work, ended); });
    BILLING_ASSERT(stored.has_value());
}

std::string World::token(Caller caller)
{
    if (caller == Caller::Garbled)
        return "eyJhbGciOiJFUzI1NiJ9.e30.AAAA";
    const Instant now = m_rooms->clock.now();
    const auto kept = m_tokens.find(caller);
    const bool expires = caller == Caller::Expired;
    if (kept != m_tokens.end() &&
        (expires || (kept->second.first <= now && now.since(kept->second.first) < std::chrono::minutes(50))))
        return kept->second.second;
    ManualClock issuedAt(expires ? now.minus(std::chrono::hours(3)) : now);
    http::PeerCertificate peer;
    peer.sha256.fill(7);
    auto made = access::issueToken({principalOf(caller), peer.sha256}, keys().signing->youngest(),
                                   m_rooms->rules, issuedAt);
    m_tokens.insert_or_assign(caller, std::pair(now, made.value()));
    return *made;
}

std::optional<http::Request> World::requestOf(const Asked& asked)
{
    auto target = http::parseRequestTarget(asked.target);
    if (!target)
        return std::nullopt;
    http::Request request;
    request.method = asked.method;
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    for (const auto& [name, value] : asked.headers)
        request.headers.add(name, value);
    if (asked.caller != Caller::None)
        request.headers.add("Authorization", "Bearer " + token(asked.caller));
    request.body = asked.body;
    request.peer.emplace().sha256.fill(7);
    request.listener = "listener[0]";
    request.remoteAddress = "192.0.2.1:50000";
    return request;
}

std::string World::routeOf(const Asked& asked) const
{
    const auto target = http::parseRequestTarget(asked.target);
    if (!target)
        return {};
    http::Request request;
    request.method = asked.method;
    request.path = target->path;
    const std::string_view pattern = m_rooms->router.routeOf(request);
    return pattern.empty() ? std::string() : asked.method + ' ' + std::string(pattern);
}

std::vector<std::string> World::routes() const
{
    return m_rooms->router.routes();
}

std::optional<http::Response> World::send(const Asked& asked)
{
    auto request = requestOf(asked);
    if (!request)
        return std::nullopt;
    const auto answer = std::make_shared<std::optional<http::Response>>();
    m_rooms->router.handle(
        std::move(*request),
        http::Responder::toFunction([answer](http::Response response) { *answer = std::move(response); }));
    m_rooms->executor.runUntilIdle();
    if (!answer->has_value()) { // it waits to be metered
        settle();
        m_rooms->executor.runUntilIdle();
    }
    for (int second = 0; second < 12 && !answer->has_value(); ++second)
        m_rooms->executor.advance(std::chrono::seconds(1));
    BILLING_ASSERT(answer->has_value()); // no request is forgotten
    if (const auto* const body = std::get_if<std::string>(&(*answer)->body))
        known.learn(*body);
    return std::move(*answer);
}

void World::settle()
{
    Rooms& rooms = *m_rooms;
    for (auto report = rooms.settler.settle(1'000); report && report->events > 0;
         report = rooms.settler.settle(1'000)) {
        BILLING_ASSERT(report->deadLetters == 0); // what was accepted can be counted
        rooms.intake.settled(report->events);
        rooms.bus.publishSettled(report->notices);
    }
}

void World::closePeriods()
{
    const Invoicing& invoicing = m_rooms->invoicing;
    const auto all = readValue(invoicing.storage, Scope::allTenants("fuzz"),
                               [](Work& work) { return storage::listSubscriptions(work, {}, 50); });
    for (const Subscription& subscription : all.value()) {
        // One of each: closing a dozen says nothing new and takes seconds here.
        const auto due = duePeriods(invoicing, subscription, subscription.billFrom);
        if (due && !due->periods.empty())
            static_cast<void>(closePeriod(invoicing, subscription, due->periods.front(), "scheduler"));
    }
}

void World::advance(Duration step)
{
    m_rooms->executor.advance(step);
}

void World::setClock(Instant now)
{
    m_rooms->clock.setNow(now);
}

} // namespace billing::fuzz
