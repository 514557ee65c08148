#include "server/app/server_process.h"

#include "server/api/error_status.h"
#include "server/app/house_commands.h"
#include "server/jobs/forget_answers.h"
#include "server/storage/journal.h"
#include "server/storage/set_aside.h"

namespace billing {

namespace {

constexpr Duration stopGrace = std::chrono::seconds(10);

std::string nameOf(std::size_t listener)
{
    return "listener[" + std::to_string(listener) + "]";
}

/// The jobs below, for the log.
LogName jobName(std::string_view job)
{
    constexpr LogName names[] = {"close_due_periods", "draw_documents",  "checkpoint", "forget_journal",
                                 "forget_answers",    "recover_storage", "watch",      "probe_keys"};
    for (const LogName name : names)
        if (name.text() == job)
            return name;
    return {};
}

/// What became of settled events, from their outcomes' letters.
void count(std::span<const SettledNotice> notices, Metrics& metrics)
{
    const auto countOf = [&](storage::Outcome outcome) {
        std::int64_t sum = 0;
        for (const SettledNotice& notice : notices)
            sum += std::count(notice.outcomes.begin(), notice.outcomes.end(), static_cast<char>(outcome));
        return sum;
    };
    metrics.events("settled", countOf(storage::Outcome::Settled));
    metrics.events("duplicate", countOf(storage::Outcome::Duplicate));
    metrics.events("conflict", countOf(storage::Outcome::Conflict));
    metrics.events("unusable", countOf(storage::Outcome::Rejected));
}

} // namespace

Result<std::unique_ptr<ServerProcess>> ServerProcess::start(House& house, const ServerOptions& options)
{
    auto keys = access::SigningKeys::load(house.directory().keys());
    if (!keys)
        return keys.error();
    std::unique_ptr<ServerProcess> process(
        new ServerProcess(house, options, std::make_shared<const access::SigningKeys>(std::move(*keys))));
    const auto opened = process->open();
    if (!opened)
        return opened.error();
    return process;
}

ServerProcess::ServerProcess(House& house, const ServerOptions& options,
                             std::shared_ptr<const access::SigningKeys> keys)
    : m_house(house)
    , m_options(options)
    , m_health(house.clock(),
               {house.configuration().backlogEvents, house.configuration().settleStuck, options.renderProgram,
                house.sqlite() ? house.directory().database().parent_path() : std::filesystem::path()})
    , m_committer("commit", 2)
    , m_settling("settle", 1, Urgency::Background)
    , m_preparing("prepare", 1, Urgency::Background)
    , m_background("clockwork", 1, Urgency::Background)
    , m_kernelWorkers("kernel", 2)
    , m_peopleWorkers("people", 2)
    , m_longReads("long-reads", 1, Urgency::Background)
    , m_timers("timers", 1)
    , m_intake({house.storage(), house.clock(), house.ids(), m_committer},
               {house.configuration().backlogEvents},
               [this](JournalPosition upTo) { m_bus.publishAccepted(upTo); })
    , m_settleLoop(
          {house.settler(), m_bus, m_settling, &m_preparing},
          [this](std::int64_t events) { m_intake.settled(events); },
          house.sqlite() ? SettlePace::oneWriter() : SettlePace::manyWriters())
    , m_waits(m_bus, m_timers)
    , m_directory(house.storage())
    , m_verifier({}, std::move(keys), house.clock())
    , m_authenticator(m_verifier)
    , m_idempotency({house.storage(), house.clock(), house.ids(), house.sealer()})
    , m_postUsage({m_intake, m_waits, m_directory, *house.meters(), house.clock(), m_kernelWorkers,
                   house.storage(), m_idempotency, house.configuration().timePolicy,
                   [this](std::int64_t accepted, std::int64_t rejected) {
                       m_metrics.events("accepted", accepted);
                       m_metrics.events("rejected", rejected);
                   }})
    , m_cursors(house.cursorKey())
    , m_services{house.invoicing(),
                 house.documents(),
                 m_cursors,
                 m_postUsage,
                 [this] { return ready(); },
                 m_idempotency,
                 m_waits,
                 {m_kernelWorkers, m_peopleWorkers, m_longReads},
                 [this] { return shortcomings(); }}
    , m_router(m_authenticator, m_services.workers)
    , m_closer(house.invoicing())
{
    api::addRoutes(m_router, m_services);
    m_router.addOpen("GET", "/metrics", [this] { return metrics(); });
    house.storage().observe([this](ErrorCode code) {
        m_metrics.storageRefused(code);
        m_health.storageRefused(code);
    });
    m_bus.onSettled([this](std::span<const SettledNotice> notices) { count(notices, m_metrics); });
}

ServerProcess::~ServerProcess()
{
    stop();
}

http::ServerConfig ServerProcess::doorConfig() const
{
    const Configuration& configuration = m_house.configuration();
    http::ServerConfig config;
    config.clock = &m_house.clock();
    config.limits.connections = configuration.connections;
    for (const ListenerSettings& listener : configuration.listeners)
        config.listeners.push_back({nameOf(config.listeners.size()), listener.address, configuration.tls,
                                    listener.clientCertificate});
    return config;
}

void ServerProcess::handle(http::Request&& request, const http::Responder& responder)
{
    const auto offer = m_offers.find(request.listener);
    BILLING_ASSERT(offer != m_offers.end());
    const bool offered = offer->second.meets(api::groupsOf(request.path));
    const std::string_view route = offered ? m_router.routeOf(request) : std::string_view();
    const MonotonicTime began = m_house.clock().monotonic();
    const auto counted =
        http::Responder::toFunction([this, route, began, responder](http::Response response) {
            m_metrics.answered(route, response.status, m_house.clock().monotonic() - began);
            responder(std::move(response));
        });
    if (offered)
        m_router.handle(std::move(request), counted);
    else
        counted(api::problem(Error{ErrorCode::RouteNotFound, "path"}));
}

void ServerProcess::startWriter()
{
    SqliteStorage* const embedded = m_house.sqlite();
    if (!embedded)
        return;
    m_writer = std::thread([embedded] {
        pthread_setname_np(pthread_self(), "writer");
        embedded->runWriter();
    });
}

void ServerProcess::stopWriter()
{
    if (m_house.sqlite())
        m_house.sqlite()->stopWriter();
    if (m_writer.joinable())
        m_writer.join();
}

Result<void> ServerProcess::open()
{
    for (const ListenerSettings& listener : m_house.configuration().listeners)
        m_offers.emplace(nameOf(m_offers.size()), listener.routes);
    auto server = http::Server::create(
        doorConfig(),
        [this](http::Request&& request, const http::Responder& responder) {
            handle(std::move(request), responder);
        },
        [](const Error& error, int status) { return api::problem(error, status); });
    if (!server)
        return server.error();
    m_server = std::move(*server);
    startWriter();
    const auto counted = m_intake.start();
    if (!counted)
        return counted;
    tryAllAgain();
    static_cast<void>(probeKeys()); // what is wrong is told by health from the first request on
    m_settleLoop.start();
    m_clockwork =
        std::make_unique<Clockwork>(m_background, jobs(), [this](const std::string& job, const Error& error) {
            m_options.log.write(LogEvent::JobFailed, {.job = jobName(job), .error = error.code});
            m_metrics.jobFailed(job);
            m_health.jobFailed(error.code);
        });
    m_clockwork->start();
    auto admin = app::AdminSocket::open(
        m_house.directory().adminSocket(), m_options.log,
        [this](const auto& words, app::CommandOutput& output) { return runCommand(words, output); });
    if (!admin)
        return admin.error();
    m_admin = std::move(*admin);
    m_door = std::thread([this] {
        pthread_setname_np(pthread_self(), "door");
        m_server->run();
    });
    for (const std::string& address : addresses())
        m_options.log.write(LogEvent::ServerStarted, {.listener = address});
    return {};
}

/// The program, the issuer's file or the catalogue may be others than when it was set aside.
void ServerProcess::tryAllAgain()
{
    const auto due =
        writeValue(m_house.storage(), Scope::allTenants("try_all_again"), Priority::Maintenance,
                   WorkId(m_house.ids().next("wrk")), [](Work& work) { return storage::retryAllNow(work); });
    static_cast<void>(due); // refused: all is tried when it is due
}

Job ServerProcess::closePeriods()
{
    const auto step = [this]() -> Result<bool> {
        const auto report = m_closer.run([this](const SubscriptionId& subscription, const Error& error) {
            m_options.log.write(LogEvent::PeriodNotClosed,
                                {.error = error.code, .subscription = subscription});
            m_health.jobFailed(error.code);
        });
        return report ? Result<bool>(report->more) : report.error();
    };
    return {"close_due_periods", std::chrono::minutes(1), step};
}

Job ServerProcess::drawDocuments()
{
    const auto failed = [this](const InvoiceId& invoice, const Error& error, std::int64_t attempts) {
        const auto count = attempts > 0 ? std::optional(attempts) : std::nullopt;
        m_options.log.write(LogEvent::DocumentNotDrawn,
                            {.error = error.code, .invoice = invoice, .count = count});
        m_health.jobFailed(error.code);
    };
    const auto snapshot = [this](const TenantId& tenant, const InvoiceId& invoice) {
        return m_house.snapshot(tenant, invoice);
    };
    const auto step = [this, failed, snapshot]() -> Result<bool> {
        if (!m_drawer) {
            m_renderer = std::make_unique<documents::RenderProcess>(m_options.renderProgram);
            m_drawer = std::make_unique<DocumentDrawer>(
                DocumentDrawer::Ports{m_house.storage(), m_house.documents(), *m_renderer, m_house.clock(),
                                      m_house.ids(), m_undrawn, snapshot});
        }
        const auto report = m_drawer->drawSome(50, failed);
        m_health.rendererSeen(m_drawer->state());
        return report ? Result<bool>(report->more) : report.error();
    };
    return {"draw_documents", std::chrono::seconds(1), step};
}

std::vector<Job> ServerProcess::jobs()
{
    const auto checkpoint = [this]() -> Result<bool> {
        const auto written = m_house.checkpointer().write(m_house.storage(), m_house.clock().now());
        m_health.checkpointed(written);
        return written ? Result<bool>(false) : written.error();
    };
    const auto forget = [this]() -> Result<bool> {
        constexpr Duration kept = std::chrono::hours(24 * 14);
        const Instant before = m_house.clock().now().minus(kept);
        const auto gone = writeValue(m_house.storage(), Scope::system("forget_journal"),
                                     Priority::Maintenance, WorkId(m_house.ids().next("wrk")),
                                     [&](Work& work) { return storage::forgetSettledBefore(work, before); });
        return gone ? Result<bool>(false) : gone.error();
    };
    const auto forgetAnswers = [this] {
        return forgetOldAnswers({m_house.storage(), m_house.clock(), m_house.ids()});
    };
    // A store that refuses after an I/O error tries again at a write, and no request may come to a server
    // that is not ready. Its refusal is the operator's alarm.
    const auto recover = [this]() -> Result<bool> {
        if (storageState())
            return false;
        const auto written =
            m_house.storage().write(Scope::system("recover_storage"), Priority::Maintenance,
                                    WorkId(m_house.ids().next("wrk")), [](Work&) { return Result<void>(); });
        return written ? Result<bool>(false) : written.error();
    };
    const auto probe = [this]() -> Result<bool> {
        const auto probed = probeKeys();
        const bool isTold = probed || probed.error().code == ErrorCode::UnknownKeyVersion; // by health
        return isTold ? Result<bool>(false) : probed.error();
    };
    return {closePeriods(),
            drawDocuments(),
            {"checkpoint", std::chrono::minutes(1), checkpoint},
            {"forget_journal", std::chrono::hours(1), forget},
            {"forget_answers", std::chrono::hours(1), forgetAnswers},
            {"recover_storage", std::chrono::seconds(5), recover},
            {"probe_keys", std::chrono::minutes(1), probe},
            watch()};
}

int ServerProcess::runCommand(const std::vector<std::string>& words, app::CommandOutput& output)
{
    const MonotonicTime began = m_house.clock().monotonic();
    const bool asksStatus = words == std::vector<std::string>{"status"};
    const int code = asksStatus ? status(output) : app::runHouseCommand(m_house, words, output);
    m_options.log.write(LogEvent::AdminCommand,
                        {.command = app::commandName(words.front()),
                         .exitCode = code,
                         .microseconds = (m_house.clock().monotonic() - began).count()});
    return code;
}

std::vector<std::string> ServerProcess::addresses() const
{
    std::vector<std::string> all;
    for (const http::Endpoint& endpoint : m_server->endpoints()) {
        const bool six = endpoint.address.find(':') != std::string::npos;
        all.push_back((six ? "[" + endpoint.address + "]" : endpoint.address) + ":" +
                      std::to_string(endpoint.port));
    }
    return all;
}

void ServerProcess::stop()
{
    if (std::exchange(m_stopped, true))
        return;
    m_options.log.write(LogEvent::ServerStopping);
    m_admin.reset();
    if (m_server)
        m_server->stop(stopGrace);
    if (m_door.joinable())
        m_door.join();
    m_settleLoop.stop();
    if (m_clockwork)
        m_clockwork->stop();
    // The renderer belongs to the clockwork's thread and ends there.
    m_background.post([this] {
        m_drawer.reset();
        m_renderer.reset();
    });
    m_background.stop();
    m_kernelWorkers.stop();
    m_peopleWorkers.stop();
    m_longReads.stop();
    m_committer.stop();
    m_settling.stop();
    m_preparing.stop();
    m_timers.stop();
    stopWriter();
    m_options.log.write(LogEvent::ServerStopped);
}

} // namespace billing
