#include "server/storage/postgres/postgres_storage.h"

#include "server/storage/postgres/connection_pool.h"
#include "server/storage/postgres/countdown.h"
#include "server/storage/postgres/migrations.h"
#include "server/storage/postgres/transaction.h"

#include <atomic>

namespace billing {

using namespace postgres;

namespace {

constexpr int mostRuns = 5;
constexpr int monthsAhead = 3; ///< that of the start and the next two
constexpr std::chrono::milliseconds betweenQuestions(100);
/// One write in so many clears away the notes of old ones.
constexpr std::uint64_t writesPerClearing = 1'000;

} // namespace

class PostgresStorage::State
{
public:
    State(Login login, std::chrono::milliseconds mostDoubt, Random& chance)
        : pool(std::move(login))
        , random(chance)
        , doubt(mostDoubt)
    {
    }

    /// Runs `attempt` until it ends for good, five times at most.
    template <class F>
    Result<void> untilFinal(Lane lane, F&& attempt)
    {
        for (int run = 1;; ++run) {
            Attempt ended;
            {
                auto connection = pool.take(lane);
                if (!connection)
                    return connection.error();
                ended = attempt(**connection);
            }
            if (ended.ending == Ending::Lost || ended.ending == Ending::Silent)
                pool.forgetIdle();
            if ((ended.ending != Ending::Lost && ended.ending != Ending::RunAgain) || run == mostRuns)
                return ended.outcome;
            if (ended.ending == Ending::RunAgain)
                pool.pause(std::chrono::milliseconds(random.next() % (std::uint64_t{4} << run)));
        }
    }

    /// Whether the transaction whose COMMIT got no answer committed. Refuses StorageUnavailable when the
    /// server stays away, StorageBusy when it cannot end that transaction.
    Result<bool> resolve(const WorkId& workId, const std::string& transactionId)
    {
        const Countdown countdown(doubt);
        while (true) {
            pool.forgetIdle();
            auto connection = pool.take(Lane::Accept);
            auto known = connection ? wasCommitted(**connection, workId, transactionId)
                                    : Result<bool>(connection.error());
            if (known || countdown.isOver())
                return known;
            pool.pause(betweenQuestions);
        }
    }

    void clearSometimes()
    {
        // Counted, not diced: chance is asked only when a body has to run again, so that a seed tells the
        // same story on every engine.
        if (++writes % writesPerClearing != 0)
            return;
        auto connection = pool.take(Lane::Maintenance);
        if (connection) // a refusal is met again by the next one
            static_cast<void>(forgetOldWorks(**connection));
    }

    ConnectionPool pool;
    Random& random;
    const std::chrono::milliseconds doubt;
    std::atomic<std::uint64_t> writes = 0;
};

PostgresStorage::PostgresStorage(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}

PostgresStorage::~PostgresStorage() = default;

Result<std::unique_ptr<PostgresStorage>> PostgresStorage::open(const PostgresOptions& options, Random& random,
                                                               Instant at)
{
    const auto login = Connection::open(options.connection, options.password);
    if (!login)
        return login.error();
    const bool ownsItself = options.ownerConnection.empty();
    const auto owner = Connection::open(ownsItself ? options.connection : options.ownerConnection,
                                        ownsItself ? options.password : options.ownerPassword,
                                        {.statement = longStatementTime});
    if (!owner)
        return owner.error();
    const auto ready = migrate(**owner, knownMigrations(), at)
                           .and_then([&] { return admit(**owner, (*login)->user()); })
                           .and_then([&] { return makeUsageMonths(**owner, at, monthsAhead); });
    if (!ready)
        return ready.error();
    const PostgresPatience& patience = options.patience;
    auto state = std::make_unique<State>(Login{options.connection,
                                               options.password,
                                               options.connections,
                                               {patience.statement, patience.silence},
                                               patience.turn},
                                         patience.doubt, random);
    return std::unique_ptr<PostgresStorage>(new PostgresStorage(std::move(state)));
}

Result<void> PostgresStorage::write(const Scope& scope, Priority priority, const WorkId& workId,
                                    const Body& body)
{
    assertOutsideBody();
    const WriteJob job{scope, priority, workId, body};
    for (int run = 1;; ++run) {
        std::string inDoubt;
        const auto outcome = m_state->untilFinal(laneOf(priority), [&](Connection& connection) {
            Attempt attempt = tryWrite(connection, job);
            inDoubt = attempt.ending == Ending::InDoubt ? attempt.transactionId : std::string();
            return attempt;
        });
        if (inDoubt.empty()) {
            if (outcome)
                m_state->clearSometimes();
            return outcome;
        }
        const auto committed = m_state->resolve(workId, inDoubt);
        if (!committed)
            return Error{ErrorCode::StorageUnavailable, "commit", "whether it was done is not known"};
        if (*committed)
            return {};
        if (run == mostRuns)
            return outcome;
    }
}

Result<void> PostgresStorage::read(const Scope& scope, const Body& body)
{
    assertOutsideBody();
    return m_state->untilFinal(Lane::Read,
                               [&](Connection& connection) { return tryRead(connection, scope, body); });
}

} // namespace billing
