#include "server/jobs/forget_answers.h"

#include "server/storage/idempotency.h"

namespace billing {

Result<bool> forgetOldAnswers(ForgettingPorts ports)
{
    constexpr std::int64_t slice = 1'000;
    const Instant before = ports.clock.now().minus(answersKept);
    const auto gone = writeValue(
        ports.storage, Scope::system("forget_answers"), Priority::Maintenance, WorkId(ports.ids.next("wrk")),
        [&](Work& work) { return storage::forgetAnswersBefore(work, before, slice); });
    return gone ? Result<bool>(*gone == slice) : gone.error();
}

} // namespace billing
