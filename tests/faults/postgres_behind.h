// The programs on a PostgreSQL that a test harms: the server, a reporter of usage and a clerk that count what
// was acknowledged, and what they must say afterwards. One thread; needs a QCoreApplication.
#pragma once

#include "tests/faults/ack_log.h"
#include "tests/faults/invoice_acks.h"
#include "tests/scenarios/server_fixture.h"
#include "tests/support/postgres_server.h"

#include <thread>

namespace billing::test {

class PostgresBehind
{
public:
    /// On a new database there; started.
    explicit PostgresBehind(PostgresServer& postgres);
    ~PostgresBehind();
    PostgresBehind(const PostgresBehind&) = delete;
    PostgresBehind& operator=(const PostgresBehind&) = delete;

    ServerFixture& server() { return m_server; }
    AckLog& usage() { return m_usage; }
    InvoiceAcks& invoices() { return m_invoices; }

    /// What the server says of itself: "200", or "503 storage_away" with the first reason.
    std::string readiness() const;
    /// Waits until usage is taken. Empty, or what is wrong after that limit.
    std::string takesUsage(std::chrono::milliseconds limit);
    /// Waits until usage is taken and the server is ready. Empty, or what is wrong after that limit.
    std::string recovered(std::chrono::milliseconds limit);
    /// The processes of PostgreSQL that serve the server now, the one that was used last first.
    std::vector<pid_t> backends() const;

    /// Sends single events from a thread of its own until one is refused, at most so many. Nothing else is
    /// asked of usage() until sent() has given the last answer.
    void sendInBackground(int events);
    HttpReply sent();

private:
    ServerFixture m_server;
    AckLog m_usage;
    InvoiceAcks m_invoices;
    HttpsClient m_watcher;
    std::thread m_sender;
    HttpReply m_last;
};

} // namespace billing::test
