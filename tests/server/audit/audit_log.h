// A small audit log for the tests of this room, in a closed store: forty entries of the tenant "nova" beside
// two other chains, with signed checkpoints after its entries 10, 20 and 40. The verifiers are asked about
// it: the server's, and the program, whose answer has to be the same.
#pragma once

#include "server/audit/append_entry.h"
#include "server/audit/checkpoints.h"
#include "server/audit/verify_audit.h"
#include "tests/server/storage/storage_fixture.h"
#include "tests/support/environment.h"
#include "tests/support/process.h"

#include <sstream>

namespace billing::test {

class AuditLog
{
public:
    static constexpr std::int64_t size = 40;

    AuditLog()
    {
        std::int64_t done = 0;
        for (const std::int64_t upto : {10, 20, 40}) {
            fill(done + 1, upto);
            checkpoint();
            done = upto;
        }
        m_fixture.close();
    }

    std::filesystem::path checkpoints() const
    {
        return m_fixture.directory().file("checkpoints/checkpoints.jsonl");
    }
    const secrets::AuditKey& key() const { return m_key; }
    StorageFixture& fixture() { return m_fixture; }
    void tamper(const std::string& sql) const { m_fixture.tamper(sql); }

    void append(const std::string& chain, const std::string& action)
    {
        BILLING_ASSERT(m_fixture.storage().write(Scope::allTenants("test"), Priority::Money, anyWork(),
                                                 [&](Work& work) { return appendIn(work, chain, action); }));
    }
    void checkpoint()
    {
        audit::Checkpointer checkpointer(checkpoints(), m_key);
        BILLING_ASSERT(checkpointer.found(m_fixture.storage(), Instant::fromMicros(++m_moment)));
    }

    /// What the verifiers find in the closed store, as "chain:first-bad" words.
    std::string findings()
    {
        m_fixture.reopen(
            SqliteStorage::StartCheck::Skip); // what a check of the file would find is not asked here
        const auto found = audit::verifyAudit(m_fixture.storage(), checkpoints(), m_key.publicKey());
        m_fixture.close();
        std::string words;
        for (const audit::Finding& finding : found.value())
            words += (finding.chain.empty() ? "(system)" : finding.chain) + ":" +
                     std::to_string(finding.firstBad) + " ";
        return words + disagreement(words);
    }
    using Environment = std::map<std::string, std::string>;

    /// billing-audit-verify on what the option says: --database or --connection.
    Finished runProgram(const std::string& option, const std::string& value,
                        const Environment& environment = {}) const
    {
        return runToEnd({builtProgram("billing-audit-verify"),
                         {option, value, "--checkpoints", checkpoints().string(), "--public-key",
                          m_fixture.directory().file("audit.pub.pem").string()},
                         environment});
    }
    Finished runProgram(const std::filesystem::path& file) const
    {
        return runProgram("--database", file.string());
    }
    /// On SQLite's file, or on PostgreSQL as the server's own role.
    Finished runProgram() const
    {
        if (m_fixture.engine() == Engine::Sqlite)
            return runProgram(m_fixture.file());
        const PostgresServer::Database& database = m_fixture.database();
        return runProgram("--connection", database.connection, {{"PGPASSWORD", database.password}});
    }

private:
    /// What the program says other than these words.
    std::string disagreement(const std::string& words) const
    {
        const Finished program = runProgram();
        std::string programWords;
        std::istringstream lines(program.output);
        for (std::string line; std::getline(lines, line);) {
            if (!line.starts_with("finding chain="))
                continue;
            const auto space = line.find(' ', 14);
            const auto bad = line.find("first_bad=") + 10;
            programWords +=
                line.substr(14, space - 14) + ":" + line.substr(bad, line.find(' ', bad) - bad) + " ";
        }
        if (programWords == words && program.exitCode == (words.empty() ? 0 : 1))
            return "";
        return "BUT THE PROGRAM SAYS " + program.output + program.errors;
    }
    Result<void> appendIn(Work& work, const std::string& chain, const std::string& action)
    {
        const Instant at = Instant::fromMicros(++m_moment);
        const auto tenant = chain.empty() ? std::nullopt : std::optional(TenantId(chain));
        const std::string object = "invoice:" + std::to_string(m_moment);
        const auto done =
            audit::appendEntry(work, {tenant, "user:anna", action, object, R"({"net":"5"})"}, at);
        return done ? Result<void>() : done.error();
    }
    /// In one transaction: a test makes many logs, and each commit waits for the disk.
    void fill(std::int64_t from, std::int64_t upto)
    {
        const auto body = [&](Work& work) -> Result<void> {
            for (std::int64_t seq = from; seq <= upto; ++seq) {
                BILLING_ASSERT(appendIn(work, "nova", "finalise"));
                BILLING_ASSERT(seq % 13 != 0 || appendIn(work, "beta", "create"));
                BILLING_ASSERT(seq != 15 || appendIn(work, "", "start"));
            }
            return {};
        };
        BILLING_ASSERT(
            m_fixture.storage().write(Scope::allTenants("test"), Priority::Money, anyWork(), body));
    }

    StorageFixture m_fixture{StorageFixture::Writer::Inline};
    secrets::AuditKey m_key = secrets::AuditKey::create(m_fixture.directory().file("audit.pem"),
                                                        m_fixture.directory().file("audit.pub.pem"))
                                  .value();
    std::int64_t m_moment = 1'700'000'000'000'000;
};

} // namespace billing::test
