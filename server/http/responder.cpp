#include "server/http/responder.h"

#include "shared/kernel/assert.h"

#include <atomic>

namespace billing::http {

namespace {

class FunctionSink final : public ResponseSink
{
public:
    explicit FunctionSink(std::function<void(Response)> take)
        : m_take(std::move(take))
    {
    }
    void answer(std::uint64_t, Response response) override { m_take(std::move(response)); }
    void abandon(std::uint64_t) override { m_take(Response{500}); }

private:
    std::function<void(Response)> m_take;
};

} // namespace

struct Responder::State
{
    State(std::shared_ptr<ResponseSink> target, std::uint64_t number)
        : sink(std::move(target))
        , sequence(number)
    {
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State()
    {
        if (!answered.load(std::memory_order_relaxed))
            sink->abandon(sequence);
    }

    std::shared_ptr<ResponseSink> sink;
    std::uint64_t sequence;
    std::atomic<bool> answered = false;
};

Responder::Responder(std::shared_ptr<ResponseSink> sink, std::uint64_t sequence)
    : m_state(std::make_shared<State>(std::move(sink), sequence))
{
}

Responder Responder::toFunction(std::function<void(Response)> take)
{
    return Responder(std::make_shared<FunctionSink>(std::move(take)), 0);
}

void Responder::operator()(Response response) const
{
    BILLING_ASSERT(!m_state->answered.exchange(true));
    m_state->sink->answer(m_state->sequence, std::move(response));
}

} // namespace billing::http
