#include "server/app/observed_storage.h"

namespace billing {

namespace {

bool isTheStoresOwn(ErrorCode code)
{
    return code == ErrorCode::StorageUnavailable || code == ErrorCode::StorageFull ||
           code == ErrorCode::StorageCorrupt;
}

} // namespace

Result<void> ObservedStorage::write(const Scope& scope, Priority priority, const WorkId& workId,
                                    const Body& body)
{
    auto outcome = noted(m_storage->write(scope, priority, workId, body));
    if (outcome)
        m_state = ErrorCode{0};
    return outcome;
}

Result<void> ObservedStorage::read(const Scope& scope, const Body& body)
{
    return noted(m_storage->read(scope, body));
}

Result<void> ObservedStorage::state() const
{
    const ErrorCode code = m_state;
    return code == ErrorCode{0} ? Result<void>() : Error{code, "storage"};
}

Result<void> ObservedStorage::noted(Result<void> outcome)
{
    if (!outcome && isTheStoresOwn(outcome.error().code)) {
        m_state = outcome.error().code;
        if (m_refused)
            m_refused(outcome.error().code);
    }
    return outcome;
}

} // namespace billing
