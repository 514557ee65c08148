// The port to the truth. A unit of work is a function: write() runs it in one transaction and commits only if
// it returns without a refusal; read() runs it on one consistent snapshot. The body may run again (a
// serialization failure, a deadlock, a lost connection), so it has no effect outside its Work, and clock and
// random values are taken before it. Both calls block until the outcome is known and may be made from any
// thread, except from inside a body.
//
// Refusals of their own, after those of the body: StorageBusy, StorageFull, StorageUnavailable,
// StorageCorrupt, ConstraintViolated.
#pragma once

#include "shared/kernel/result.h"
#include "shared/model/ids.h"

#include <functional>
#include <optional>
#include <string_view>

namespace billing {

namespace sql {
class Session;
}

/// Who waits for the writer. Lower lanes let higher ones go first between transactions.
enum class Priority
{
    Accept,
    Money,
    Settle,
    Maintenance
};

/// Whose rows a piece of work may see. Storage turns it into the engine's own protection where there is one.
class Scope
{
public:
    enum class Kind
    {
        Tenant,
        AllTenants,
        System
    };

    static Scope tenant(const TenantId& id) { return Scope(Kind::Tenant, id.text()); }
    /// purpose says in the log why one piece of work crosses tenants: "settle", "close_due_periods".
    static Scope allTenants(std::string_view purpose) { return Scope(Kind::AllTenants, purpose); }
    static Scope system(std::string_view purpose) { return Scope(Kind::System, purpose); }

    Kind kind() const noexcept { return m_kind; }
    /// The tenant's id, or the purpose.
    const std::string& subject() const noexcept { return m_subject; }

private:
    Scope(Kind kind, std::string_view subject)
        : m_kind(kind)
        , m_subject(subject)
    {
    }

    Kind m_kind;
    std::string m_subject;
};

/// An open transaction, handed to a body and to the repositories of this room (tenants.h, usage.h,
/// invoices.h, ...).
class Work
{
public:
    Work(sql::Session& session, const Scope& scope)
        : m_session(session)
        , m_scope(scope)
    {
    }
    sql::Session& session() const noexcept { return m_session; }
    const Scope& scope() const noexcept { return m_scope; }

private:
    sql::Session& m_session;
    const Scope& m_scope;
};

class Storage
{
public:
    using Body = std::function<Result<void>(Work&)>;

    virtual ~Storage() = default;

    /// workId is stored with the work where the engine can lose the answer to a COMMIT, so that it is
    /// re-read.
    virtual Result<void> write(const Scope& scope, Priority priority, const WorkId& workId,
                               const Body& body) = 0;
    virtual Result<void> read(const Scope& scope, const Body& body) = 0;
};

/// read() for a body that returns a value.
template <class F>
auto readValue(Storage& storage, const Scope& scope, F&& body) -> std::invoke_result_t<F, Work&>
{
    using R = std::invoke_result_t<F, Work&>;
    std::optional<R> answer;
    const auto done = storage.read(scope, [&](Work& work) -> Result<void> {
        answer.emplace(body(work));
        return answer->has_value() ? Result<void>() : Result<void>(answer->error());
    });
    return done ? std::move(*answer) : R(done.error());
}

/// write() for a body that returns a value.
template <class F>
auto writeValue(Storage& storage, const Scope& scope, Priority priority, const WorkId& workId, F&& body)
    -> std::invoke_result_t<F, Work&>
{
    using R = std::invoke_result_t<F, Work&>;
    std::optional<R> answer;
    const auto done = storage.write(scope, priority, workId, [&](Work& work) -> Result<void> {
        answer.emplace(body(work));
        return answer->has_value() ? Result<void>() : Result<void>(answer->error());
    });
    return done ? std::move(*answer) : R(done.error());
}

} // namespace billing
