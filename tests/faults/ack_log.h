// What a careful reporter of usage knows: the events it sent for one tenant, each worth 1, and which of them
// were answered 2xx. After a fault it sends everything of the trial again and compares. One thread.
#pragma once

#include "tests/scenarios/requests.h"

#include <set>

namespace billing::test {

class AckLog
{
public:
    enum class Wait
    {
        No,
        Settled
    };

    /// The tenant is signed up for it.
    AckLog(ClientIdentity identity, std::string tenant);

    /// A new trial begins: what was sent before is no longer sent again, but still counts.
    void beginTrial();
    /// Each stops at the first request that is not answered 2xx, and gives that answer or the last.
    HttpReply sendSingles(int count);
    HttpReply sendBatch(int events, Wait wait);
    /// An event that was never sent is claimed to be acknowledged: what a control does.
    void claimOneMore();
    /// What was sent and refused in this trial is claimed to be acknowledged: another control.
    void claimWhatWasSent();

    /// Sends the trial's events again and waits until they are settled. Empty when every acknowledged one was
    /// there already, each is there once, and the tenant's total is what was ever sent; else what is wrong.
    std::string repeat();

    /// What the tenant's total is; "(absent)" without any.
    std::string total() const;
    const std::string& tenant() const { return m_tenant; }
    std::size_t acknowledged() const { return m_acknowledged.size(); } ///< in this trial
    std::size_t acknowledgedEver() const { return m_acknowledgedEver; }
    const HttpsClient& client() const { return m_client; }

private:
    EventText newEvent();
    HttpReply post(const std::string& target, const std::vector<EventText>& events);

    HttpsClient m_client;
    std::string m_tenant;
    std::uint64_t m_events = 0;
    std::uint64_t m_counted = 0; ///< what the tenant's total must be after repeat
    std::vector<EventText> m_sent;
    std::set<std::string> m_acknowledged;
    std::size_t m_acknowledgedEver = 0;
};

} // namespace billing::test
