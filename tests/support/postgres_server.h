// A real PostgreSQL for one test: a cluster of its own, made by the installed binaries in a temporary
// directory, reached through a socket in that directory, so that no port can be taken by somebody else
// between a stop and a start. It never touches another cluster. PostgreSQL refuses root: a test that is root
// runs it as postgres, else nobody.
//
// Pages carry checksums; text sorts by English rules unless a column says COLLATE "C", so that whoever
// forgets to say it is seen. Passwords are checked (SCRAM); the superuser "postgres" needs none, the
// directory is private.
//
// Ended with the object; when the test dies first, by a guard process that outlives it. Asserts what it
// needs. Lives on one thread.
#pragma once

#include "tests/support/temporary_directory.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace billing::test {

class PostgresServer
{
public:
    enum class Sync
    {
        On, ///< fsync, as in production
        Off ///< nothing is lost when only the server dies, only when the machine does; much faster
    };
    enum class Reach
    {
        Socket,
        SocketAndPort ///< 127.0.0.1 too, at port()
    };
    struct Options
    {
        Sync sync = Sync::On;
        Reach reach = Reach::Socket;
        std::map<std::string, std::string> settings =
            {}; ///< of postgresql.conf, e.g. {"deadlock_timeout", "50ms"}
        /// Where the cluster lies, e.g. on a disk of its own, which outlives the object; an empty directory.
        std::filesystem::path data = {};
    };

    /// A database and its two roles. The connections are libpq's keyword strings without the passwords.
    struct Database
    {
        std::string name;
        std::string owner; ///< owns the database, may make roles; not a superuser
        std::string ownerConnection;
        std::string ownerPassword;
        std::string app; ///< may log in, and nothing that is not granted to it
        std::string connection;
        std::string password;
        std::string superConnection; ///< the superuser in this database
    };

    /// Why there can be none on this machine: PostgreSQL 15 or later is not installed, or no user can run it.
    static std::optional<std::string> absence();
    /// Ends the test as skipped (exit code 77) with the reason, if there can be none.
    static void skipTestIfAbsent();

    PostgresServer();
    explicit PostgresServer(Options options);
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    /// Empty, with a name and roles that no other of this cluster has.
    Database newDatabase();

    /// Returns when connections are answered, recovery included.
    void start();
    /// As a power cut for the server, but for the kernel's page cache: nothing is written, the next start
    /// recovers.
    void stopImmediately();
    /// Breaks connections, writes a checkpoint.
    void stop();
    bool running() const noexcept { return m_postmaster != 0; }
    /// Whether it has ended by itself, e.g. because it could not recover; then start() starts it again.
    bool hasGivenUp();

    /// SIGSTOP for every process of the cluster: connections stay open and nobody answers, until resume().
    void pause();
    /// The same for one of them: what pg_backend_pid() answers, or the postmaster.
    void pause(pid_t process);
    pid_t postmaster() const noexcept { return m_postmaster; }
    void resume();

    /// Breaks every connection of that database, as an administrator would.
    void breakConnections(const Database& database);

    std::uint16_t port() const noexcept { return m_port; }
    const std::filesystem::path& directory() const noexcept { return m_directory.path(); }
    /// What the server logged so far.
    std::string log() const;

private:
    void makeCluster() const;
    void configure() const;
    void startGuard();
    bool launch();
    bool ready() const;
    void end(int signal);
    std::vector<pid_t> processes() const;
    std::string connectionTo(const std::string& database, const std::string& user) const;
    std::filesystem::path data() const;

    TemporaryDirectory m_directory;
    Options m_options;
    std::uint16_t m_port;
    pid_t m_postmaster = 0;
    int m_guard = -1; ///< our end of the guard's pipe
    int m_databases = 0;
};

/// The server of this test process, without fsync and quick to see a deadlock (50 ms): started by the first
/// call, ended with the process. Ends the test as skipped when there can be none.
PostgresServer& sharedPostgres();

} // namespace billing::test
