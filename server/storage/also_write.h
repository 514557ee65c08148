// What a caller adds to a use case's own transaction, told the use case's result just before it is committed:
// the answer kept for an idempotency key, say. Runs inside a body, so the rules of storage.h hold; its
// refusal refuses the use case, and nothing of it is kept. Empty: nothing to add.
#pragma once

#include "server/storage/storage.h"

namespace billing {

template <class T>
using AlsoWrite = std::function<Result<void>(Work&, const T& result)>;

/// The result, or what the addition refused.
template <class T>
Result<T> alsoWriting(Work& work, Result<T> result, const AlsoWrite<T>& also)
{
    if (!result || !also)
        return result;
    const auto written = also(work, *result);
    return written ? std::move(result) : Result<T>(written.error());
}

} // namespace billing
