#include "tests/support/postgres_server.h"

#include "shared/kernel/assert.h"
#include "tests/support/free_port.h"
#include "tests/support/postgres_rows.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sstream>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace billing::test {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr int oldestVersion = 15;
constexpr auto patience = 60s; ///< the machine may be busy with other tests
constexpr int skipped = 77;

// $1 is the server's directory, $2 the cluster's. Its standard input ends when the test has ended, in
// whatever way. The processes of a cluster are known by their working directory, so nobody else's can be
// meant.
constexpr const char* guardScript = R"sh(
trap '' INT TERM HUP
cat > /dev/null
data="$2"
[ -d "$1" ] || exit 0
of_cluster() {
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/cwd" 2>/dev/null)" = "$data" ] && echo "${process#/proc/}"
  done
}
kill -CONT $(of_cluster) 2>/dev/null
postmaster=$(head -n 1 "$data/postmaster.pid" 2>/dev/null)
of_cluster | grep -qx "${postmaster:-none}" && kill -QUIT "$postmaster" 2>/dev/null
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  [ -z "$(of_cluster)" ] && break
  sleep 0.3
done
kill -KILL $(of_cluster) 2>/dev/null
rm -rf "$1"
)sh";

/// Who runs the cluster: nobody named when the test itself may.
struct Runner
{
    uid_t user = 0;
    gid_t group = 0;
};

std::optional<Runner> runner()
{
    if (::geteuid() != 0)
        return Runner{::geteuid(), ::getegid()};
    for (const char* const name : {"postgres", "nobody"}) {
        if (const passwd* const entry = ::getpwnam(name))
            return Runner{entry->pw_uid, entry->pw_gid};
    }
    return std::nullopt;
}

/// The directory of the newest installed server's programs.
std::optional<fs::path> programs()
{
    std::optional<fs::path> newest;
    int newestVersion = oldestVersion - 1;
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator("/usr/lib/postgresql", ignored)) {
        const int version = std::atoi(entry.path().filename().c_str());
        const fs::path directory = entry.path() / "bin";
        if (version > newestVersion && ::access((directory / "postgres").c_str(), X_OK) == 0 &&
            ::access((directory / "initdb").c_str(), X_OK) == 0) {
            newestVersion = version;
            newest = directory;
        }
    }
    return newest;
}

/// In the child, between fork and exec: only calls that are safe there.
[[noreturn]] void becomeProgram(const Runner& as, const char* logFile, char* const* arguments)
{
    static const char* const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC", nullptr};
    const int output = ::open(logFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    const int input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::dup2(input, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    // A session of its own: an interrupt typed at the test is not for the server.
    ::setsid();
    if (::geteuid() == 0 &&
        (::setgroups(0, nullptr) != 0 || ::setgid(as.group) != 0 || ::setuid(as.user) != 0))
        ::_exit(126);
    ::execve(arguments[0], arguments, const_cast<char* const*>(environment));
    ::_exit(127);
}

pid_t run(const fs::path& logFile, std::vector<std::string> command)
{
    const std::string log = logFile.string();
    const Runner as = runner().value();
    std::vector<char*> arguments;
    for (std::string& argument : command)
        arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    const pid_t child = ::fork();
    BILLING_ASSERT(child >= 0);
    if (child == 0)
        becomeProgram(as, log.c_str(), arguments.data());
    return child;
}

/// The child's end: its exit code, or minus the signal; nothing when it still runs after the limit.
std::optional<int> exitOf(pid_t child, std::chrono::milliseconds limit)
{
    const int handle = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));
    BILLING_ASSERT(handle >= 0);
    pollfd wait{handle, POLLIN, 0};
    const int ready = ::poll(&wait, 1, static_cast<int>(limit.count()));
    ::close(handle);
    if (ready != 1)
        return std::nullopt;
    int status = 0;
    BILLING_ASSERT(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string textOf(const fs::path& file)
{
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

void give(const fs::path& file)
{
    const Runner as = runner().value();
    if (::geteuid() == 0)
        BILLING_ASSERT(::chown(file.c_str(), as.user, as.group) == 0);
}

} // namespace

std::optional<std::string> PostgresServer::absence()
{
    if (!programs())
        return "PostgreSQL 15 or later is not installed (/usr/lib/postgresql)";
    if (!runner())
        return "PostgreSQL refuses root, and there is no user postgres or nobody to run it as";
    return std::nullopt;
}

void PostgresServer::skipTestIfAbsent()
{
    const auto reason = absence();
    if (!reason)
        return;
    std::printf("SKIP: %s\n", reason->c_str());
    std::fflush(stdout);
    std::_Exit(skipped);
}

PostgresServer::PostgresServer()
    : PostgresServer(Options{})
{
}

PostgresServer::PostgresServer(Options options)
    : m_options(std::move(options))
    , m_port(m_options.reach == Reach::Socket ? std::uint16_t{5432} : freePort())
{
    BILLING_ASSERT(!absence());
    give(m_directory.path());
    startGuard();
    makeCluster();
    configure();
    // Somebody may take the port before PostgreSQL does.
    for (int attempt = 1; !launch(); ++attempt) {
        if (attempt == 5 || m_options.reach == Reach::Socket)
            std::fputs(log().c_str(), stderr);
        BILLING_ASSERT(attempt < 5 && m_options.reach == Reach::SocketAndPort);
        m_port = freePort();
        configure();
    }
}

PostgresServer::~PostgresServer()
{
    if (running())
        stopImmediately();
    std::error_code ignored;
    fs::remove_all(m_directory.path(), ignored); // before the guard is let go, which finds nothing to do
    ::close(m_guard);
}

fs::path PostgresServer::data() const
{
    return m_options.data.empty() ? m_directory.file("data") : m_options.data;
}

bool PostgresServer::hasGivenUp()
{
    if (running() && exitOf(m_postmaster, 0ms))
        m_postmaster = 0;
    return !running();
}

void PostgresServer::makeCluster() const
{
    if (!m_options.data.empty())
        give(data());
    const fs::path logFile = m_directory.file("initdb.log");
    const pid_t child =
        run(logFile, {(*programs() / "initdb").string(), "--pgdata", data().string(), "--username=postgres",
                      "--no-sync", "--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8",
                      "--locale-provider=icu", "--icu-locale=en", "--auth=trust", "--no-instructions"});
    const auto ended = exitOf(child, patience);
    if (ended != 0)
        std::fputs(textOf(logFile).c_str(), stderr);
    BILLING_ASSERT(ended == 0);
}

void PostgresServer::configure() const
{
    std::map<std::string, std::string> settings{{"listen_addresses", ""},
                                                {"port", std::to_string(m_port)},
                                                {"unix_socket_directories", m_directory.path().string()},
                                                {"max_connections", "100"},
                                                {"shared_buffers", "32MB"},
                                                {"jit", "off"},
                                                {"timezone", "UTC"},
                                                {"log_line_prefix", "%m [%p] %q%u@%d "},
                                                {"max_wal_size", "256MB"}};
    if (m_options.reach == Reach::SocketAndPort)
        settings["listen_addresses"] = "127.0.0.1";
    if (m_options.sync == Sync::Off) {
        settings["fsync"] = "off";
        settings["full_page_writes"] = "off";
    }
    for (const auto& [name, value] : m_options.settings)
        settings[name] = value;

    std::ofstream file(data() / "postgresql.auto.conf", std::ios::trunc);
    for (const auto& [name, value] : settings)
        file << name << " = " << connectionValue(value) << '\n';
    file.close();
    BILLING_ASSERT(file.good());

    std::ofstream access(data() / "pg_hba.conf", std::ios::trunc);
    access << "local all postgres trust\n"
              "local all all scram-sha-256\n"
              "host all all 127.0.0.1/32 scram-sha-256\n";
    access.close();
    BILLING_ASSERT(access.good());
}

void PostgresServer::startGuard()
{
    int ends[2];
    BILLING_ASSERT(::pipe2(ends, O_CLOEXEC) == 0);
    std::string directory = m_directory.path().string();
    std::string cluster = data().string();
    char* const arguments[] = {const_cast<char*>("/bin/sh"),
                               const_cast<char*>("-c"),
                               const_cast<char*>(guardScript),
                               const_cast<char*>("guard"),
                               directory.data(),
                               cluster.data(),
                               nullptr};
    const pid_t child = ::fork();
    BILLING_ASSERT(child >= 0);
    if (child == 0) {
        ::setsid();
        // Forked twice: whoever ends the test with all its children does not end the guard.
        if (::fork() != 0)
            ::_exit(0);
        const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
        ::dup2(ends[0], STDIN_FILENO);
        ::dup2(nowhere, STDOUT_FILENO);
        ::dup2(nowhere, STDERR_FILENO);
        ::execv(arguments[0], arguments);
        ::_exit(127);
    }
    ::close(ends[0]);
    m_guard = ends[1];
    BILLING_ASSERT(::waitpid(child, nullptr, 0) == child);
}

bool PostgresServer::launch()
{
    m_postmaster =
        run(m_directory.file("postgres.log"), {(*programs() / "postgres").string(), "-D", data().string()});
    const auto deadline = SteadyClock::now() + patience;
    while (!ready()) {
        if (exitOf(m_postmaster, 10ms)) {
            m_postmaster = 0;
            return false;
        }
        if (SteadyClock::now() > deadline)
            std::fputs(log().c_str(), stderr);
        BILLING_ASSERT(SteadyClock::now() <= deadline);
    }
    return true;
}

bool PostgresServer::ready() const
{
    // As pg_ctl sees it: the lock file's first line is the process, its eighth the state.
    std::ifstream lock(data() / "postmaster.pid");
    std::string line;
    if (!std::getline(lock, line) || line != std::to_string(m_postmaster))
        return false;
    for (int number = 2; number <= 8; ++number) {
        if (!std::getline(lock, line))
            return false;
    }
    return line.starts_with("ready");
}

void PostgresServer::start()
{
    BILLING_ASSERT(!running());
    const bool answers = launch();
    if (!answers)
        std::fputs(log().c_str(), stderr);
    BILLING_ASSERT(answers);
}

void PostgresServer::stopImmediately()
{
    end(SIGQUIT);
}

void PostgresServer::stop()
{
    end(SIGINT);
}

void PostgresServer::end(int signal)
{
    BILLING_ASSERT(running());
    resume();
    BILLING_ASSERT(::kill(m_postmaster, signal) == 0);
    BILLING_ASSERT(exitOf(m_postmaster, patience));
    m_postmaster = 0;
}

std::vector<pid_t> PostgresServer::processes() const
{
    std::vector<pid_t> found;
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator("/proc", ignored)) {
        const pid_t process = std::atoi(entry.path().filename().c_str());
        if (process > 0 && fs::read_symlink(entry.path() / "cwd", ignored) == data())
            found.push_back(process);
    }
    return found;
}

void PostgresServer::pause()
{
    BILLING_ASSERT(running());
    // The postmaster first: then no new ones are made while the others are looked for.
    BILLING_ASSERT(::kill(m_postmaster, SIGSTOP) == 0);
    for (const pid_t process : processes())
        ::kill(process, SIGSTOP);
}

void PostgresServer::pause(pid_t process)
{
    const std::vector<pid_t> ours = processes();
    BILLING_ASSERT(std::find(ours.begin(), ours.end(), process) != ours.end());
    BILLING_ASSERT(::kill(process, SIGSTOP) == 0);
}

void PostgresServer::resume()
{
    for (const pid_t process : processes())
        ::kill(process, SIGCONT);
}

void PostgresServer::breakConnections(const Database& database)
{
    postgresRows(connectionTo("postgres", "postgres"),
                 "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database.name +
                     "'");
}

PostgresServer::Database PostgresServer::newDatabase()
{
    const std::string number = std::to_string(++m_databases);
    Database made;
    made.name = "billing_" + number;
    made.owner = "billing_owner_" + number;
    made.ownerPassword = "owner's " + number;
    made.ownerConnection = connectionTo(made.name, made.owner);
    made.app = "billing_app_" + number;
    made.password = "app's " + number;
    made.connection = connectionTo(made.name, made.app);
    made.superConnection = connectionTo(made.name, "postgres");

    const std::string cluster = connectionTo("postgres", "postgres");
    postgresRows(cluster, "CREATE ROLE " + made.owner + " LOGIN CREATEROLE PASSWORD 'owner''s " + number +
                              "'; CREATE ROLE " + made.app + " LOGIN PASSWORD 'app''s " + number + "'");
    postgresRows(cluster, "CREATE DATABASE " + made.name + " OWNER " + made.owner);
    postgresRows(cluster, "REVOKE ALL ON DATABASE " + made.name + " FROM PUBLIC; GRANT CONNECT ON DATABASE " +
                              made.name + " TO " + made.app);
    return made;
}

std::string PostgresServer::connectionTo(const std::string& database, const std::string& user) const
{
    return "host=" + connectionValue(m_directory.path().string()) + " port=" + std::to_string(m_port) +
           " dbname=" + connectionValue(database) + " user=" + connectionValue(user);
}

std::string PostgresServer::log() const
{
    return textOf(m_directory.file("postgres.log"));
}

PostgresServer& sharedPostgres()
{
    PostgresServer::skipTestIfAbsent();
    static PostgresServer server(
        {.sync = PostgresServer::Sync::Off, .settings = {{"deadlock_timeout", "50ms"}}});
    return server;
}

} // namespace billing::test
