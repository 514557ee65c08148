// Watches a store from outside: how many pieces of work it did and refused, and whether it refuses now. A
// refusal of the store's own (away, full, damaged) holds until a write succeeds; refusals of a body are no
// concern of it. Any thread.
#pragma once

#include "server/storage/storage.h"

#include <atomic>
#include <functional>

namespace billing {

class ObservedStorage final : public Storage
{
public:
    /// Told of every refusal of the store's own.
    using Refused = std::function<void(ErrorCode)>;

    explicit ObservedStorage(std::unique_ptr<Storage> storage)
        : m_storage(std::move(storage))
    {
    }
    /// Before the threads start.
    void observe(Refused refused) { m_refused = std::move(refused); }

    Result<void> write(const Scope& scope, Priority priority, const WorkId& workId,
                       const Body& body) override;
    Result<void> read(const Scope& scope, const Body& body) override;

    /// The store's last refusal, unless a write has succeeded since.
    Result<void> state() const;

private:
    Result<void> noted(Result<void> outcome);

    std::unique_ptr<Storage> m_storage;
    Refused m_refused;
    std::atomic<ErrorCode> m_state = ErrorCode{0}; ///< zero: none
};

} // namespace billing
