#include "shared/kernel/error.h"

#include "shared/kernel/assert.h"

namespace billing {

std::string_view wireName(ErrorCode code)
{
    switch (code) {
#define X(name, number, wire)                                                                                \
    case ErrorCode::name:                                                                                    \
        return wire;
        BILLING_ERROR_CODES(X)
#undef X
    }
    assertionFailed("a known ErrorCode", __FILE__, __LINE__);
}

bool isTransient(ErrorCode code)
{
    switch (code) {
    case ErrorCode::BacklogFull:
    case ErrorCode::RequestTimeout:
    case ErrorCode::ShuttingDown:
    case ErrorCode::StorageBusy:
    case ErrorCode::StorageUnavailable:
    case ErrorCode::StorageFull:
    case ErrorCode::UsageNotSettled:
    case ErrorCode::DocumentNotReady:
    case ErrorCode::IdempotencyKeyInFlight:
    case ErrorCode::NetworkFailed:
    case ErrorCode::Offline:
    case ErrorCode::DeadlineExceeded:
    case ErrorCode::PeriodNotOver:
    case ErrorCode::GracePeriodRunning:
    case ErrorCode::TooManyRequests:
        return true;
    default:
        return false;
    }
}

std::string toText(const Error& error)
{
    std::string text(wireName(error.code));
    if (!error.subject.empty())
        text += ": " + error.subject;
    if (!error.detail.empty())
        text += " (" + error.detail + ")";
    return text;
}

} // namespace billing
