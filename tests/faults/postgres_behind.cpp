#include "tests/faults/postgres_behind.h"

#include "tests/support/postgres_rows.h"

#include <QTest>

namespace billing::test {

namespace {

ServerFixture& started(ServerFixture& server)
{
    server.start();
    return server;
}

} // namespace

PostgresBehind::PostgresBehind(PostgresServer& postgres)
    : m_server(postgres)
    , m_usage(started(m_server).identity(), "reporter")
    , m_invoices(m_server.identity())
    , m_watcher(m_server.client())
{
}

PostgresBehind::~PostgresBehind()
{
    if (m_sender.joinable())
        m_sender.join();
}

std::string PostgresBehind::readiness() const
{
    const HttpReply reply = m_watcher.get("/health/ready");
    return std::to_string(reply.status) + (reply.status == 200 ? "" : " " + reply.at("reasons/0"));
}

std::string PostgresBehind::takesUsage(std::chrono::milliseconds limit)
{
    const bool isBack = QTest::qWaitFor([this] { return m_usage.sendSingles(1).status == 201; },
                                        static_cast<int>(limit.count()));
    return isBack ? std::string() : "takes no usage: " + m_usage.sendSingles(1).outcome();
}

std::string PostgresBehind::recovered(std::chrono::milliseconds limit)
{
    const bool isBack =
        QTest::qWaitFor([this] { return m_usage.sendSingles(1).status == 201 && readiness() == "200"; },
                        static_cast<int>(limit.count()));
    return isBack ? std::string()
                  : "not back: " + m_usage.sendSingles(1).outcome() + ", ready " + readiness();
}

std::vector<pid_t> PostgresBehind::backends() const
{
    std::vector<pid_t> found;
    for (const PostgresRow& row :
         postgresRows(m_server.database()->superConnection,
                      "SELECT pid FROM pg_stat_activity WHERE application_name = 'billing-server' AND datname"
                      " = current_database() ORDER BY state_change DESC"))
        found.push_back(static_cast<pid_t>(std::stol(row.at(0).value())));
    return found;
}

void PostgresBehind::sendInBackground(int events)
{
    m_sender = std::thread([this, events] { m_last = m_usage.sendSingles(events); });
}

HttpReply PostgresBehind::sent()
{
    m_sender.join();
    return m_last;
}

} // namespace billing::test
