#include "tests/faults/ack_log.h"

namespace billing::test {

namespace {

constexpr auto target = "/api/v1/usage";
constexpr auto settledTarget = "/api/v1/usage?wait=settled";
constexpr std::size_t largestBatch = 1'000;

bool isAcknowledgement(const HttpReply& reply)
{
    return reply.status >= 200 && reply.status < 300;
}

} // namespace

AckLog::AckLog(ClientIdentity identity, std::string tenant)
    : m_client(std::move(identity))
    , m_tenant(std::move(tenant))
{
    signUp(m_client, {.id = m_tenant});
}

void AckLog::beginTrial()
{
    m_sent.clear();
    m_acknowledged.clear();
}

EventText AckLog::newEvent()
{
    return {m_tenant + "-" + std::to_string(++m_events), m_tenant, "1", "agent_execution",
            "2023-11-10T00:00:00Z"};
}

HttpReply AckLog::post(const std::string& where, const std::vector<EventText>& events)
{
    m_sent.insert(m_sent.end(), events.begin(), events.end());
    m_counted += events.size();
    HttpReply reply = m_client.post(where, events.size() == 1 ? jsonOf(events.front()) : batchOf(events));
    if (!isAcknowledgement(reply))
        return reply;
    for (const EventText& event : events)
        m_acknowledged.insert(event.id);
    m_acknowledgedEver += events.size();
    return reply;
}

HttpReply AckLog::sendSingles(int count)
{
    HttpReply reply;
    for (int sent = 0; sent < count && (sent == 0 || isAcknowledgement(reply)); ++sent)
        reply = post(target, {newEvent()});
    return reply;
}

HttpReply AckLog::sendBatch(int count, Wait wait)
{
    std::vector<EventText> events;
    for (int event = 0; event < count; ++event)
        events.push_back(newEvent());
    return post(wait == Wait::Settled ? settledTarget : target, events);
}

void AckLog::claimOneMore()
{
    m_sent.push_back(newEvent());
    ++m_counted;
    m_acknowledged.insert(m_sent.back().id);
}

void AckLog::claimWhatWasSent()
{
    for (const EventText& event : m_sent)
        m_acknowledged.insert(event.id);
}

std::string AckLog::repeat()
{
    for (std::size_t first = 0; first < m_sent.size(); first += largestBatch) {
        const auto begin = m_sent.begin() + static_cast<std::ptrdiff_t>(first);
        const auto end =
            m_sent.begin() + static_cast<std::ptrdiff_t>(std::min(first + largestBatch, m_sent.size()));
        const std::vector<EventText> part(begin, end);
        const HttpReply reply =
            m_client.sendUntilReady({.method = "POST", .target = settledTarget, .body = batchOf(part)});
        if (reply.status != 202 || reply.at("settled") != "true")
            return "repeated: " + reply.outcome() + ' ' + reply.failure + ' ' + reply.body;
        for (std::size_t i = 0; i < part.size(); ++i) {
            const std::string status = reply.at("results/" + std::to_string(i) + "/status");
            const bool wasAcknowledged = m_acknowledged.count(part[i].id) == 1;
            if (status != "duplicate" && (wasAcknowledged || status != "settled"))
                return part[i].id + (wasAcknowledged ? " was acknowledged and is " : " is ") + status;
        }
    }
    const std::string counted = total();
    if (counted != std::to_string(m_counted) && !(m_counted == 0 && counted == "(absent)"))
        return "the total is " + counted + ", sent were " + std::to_string(m_counted);
    return {};
}

std::string AckLog::total() const
{
    const HttpReply usage = m_client.get("/api/v1/usage/" + m_tenant +
                                         "?metric_type=agent_execution&from=2023-11-01&to=2023-12-01");
    return usage.at("groups/0/quantity");
}

} // namespace billing::test
