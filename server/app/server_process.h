// A running server: the house with threads, a bus, the usage road and a door. start() returns when it
// listens; stop() stops accepting, lets requests in flight finish, settles nothing further and joins every
// thread. What was answered is in the journal, so a stop needs no more than that.
//
// Threads: one at the door, one writer of the store (on SQLite), two committing usage by turns, one settling
// and one preparing the next for it, one for the clockwork (it blocks while billing-render draws), two
// workers for the kernel's requests that ask the store, two for people's and one for their long reads (the
// last lets the others go first), one for timers.
#pragma once

#include "server/access/authenticator.h"
#include "server/api/api.h"
#include "server/app/admin_socket.h"
#include "server/app/health.h"
#include "server/app/house.h"
#include "server/app/log.h"
#include "server/app/metrics.h"
#include "server/app/thread_executor.h"
#include "server/bus/in_process.h"
#include "server/documents/render_process.h"
#include "server/http/server.h"
#include "server/jobs/clockwork.h"
#include "server/metering/settle_loop.h"

#include <filesystem>
#include <memory>
#include <string>
#include <thread>

namespace billing {

struct ServerOptions
{
    std::filesystem::path renderProgram; ///< billing-render
    Log& log;                            ///< outlives the server
};

class ServerProcess
{
public:
    /// Refuses as House::open would have, and ListenFailed, FileUnreadable, InvalidConfiguration (keys,
    /// certificates).
    static Result<std::unique_ptr<ServerProcess>> start(House& house, const ServerOptions& options);
    ~ServerProcess();

    /// Where it listens, in the order of the configuration.
    std::vector<std::string> addresses() const;
    std::string address() const { return addresses().front(); }
    void stop();

private:
    ServerProcess(House& house, const ServerOptions& options,
                  std::shared_ptr<const access::SigningKeys> keys);
    Result<void> open();
    http::ServerConfig doorConfig() const;
    void handle(http::Request&& request, const http::Responder& responder);
    void startWriter();
    void stopWriter();
    Result<void> ready() const;
    std::vector<Job> jobs();
    int runCommand(const std::vector<std::string>& words, app::CommandOutput& output);
    int status(app::CommandOutput& output) const;
    Job closePeriods();
    Job drawDocuments();
    Job watch();
    Result<StoreSample> sample();
    void tryAllAgain();
    void sayOldestAside(app::CommandOutput& output) const;
    Result<void> probeKeys();
    Result<void> storageState() const;
    HealthReport health() const;
    api::Shortcomings shortcomings() const;
    http::Response metrics();
    void noteHealth();

    House& m_house;
    ServerOptions m_options;
    Health m_health;
    Metrics m_metrics;
    bool m_saidReady = true; ///< on the clockwork's thread
    InProcessBus m_bus;
    ThreadExecutor m_committer;
    ThreadExecutor m_settling;
    ThreadExecutor m_preparing;
    ThreadExecutor m_background;
    ThreadExecutor m_kernelWorkers;
    ThreadExecutor m_peopleWorkers;
    ThreadExecutor m_longReads;
    ThreadExecutor m_timers;
    Intake m_intake;
    SettleLoop m_settleLoop;
    SettledWaits m_waits;
    TenantDirectory m_directory;
    access::TokenVerifier m_verifier;
    access::Authenticator m_authenticator;
    api::Idempotency m_idempotency;
    api::PostUsage m_postUsage;
    api::Cursors m_cursors;
    api::Services m_services;
    api::Router m_router;
    std::map<std::string, api::RouteGroups, std::less<>> m_offers; ///< by the listener's name
    PeriodCloser m_closer;                                         ///< used on the clockwork's thread
    UndrawnDocuments m_undrawn;
    std::unique_ptr<documents::RenderProcess> m_renderer; ///< made and used on the clockwork's thread
    std::unique_ptr<DocumentDrawer> m_drawer;             ///< likewise
    std::unique_ptr<Clockwork> m_clockwork;
    std::unique_ptr<http::Server> m_server;
    std::unique_ptr<app::AdminSocket> m_admin;
    std::thread m_writer;
    std::thread m_door;
    bool m_stopped = false;
};

} // namespace billing
