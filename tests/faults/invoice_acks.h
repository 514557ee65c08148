// What a careful clerk knows of one tenant's invoice: which draft and which number it was told, or that no
// answer came. After a fault it asks again and compares. One thread.
#pragma once

#include "tests/scenarios/requests.h"

namespace billing::test {

class InvoiceAcks
{
public:
    explicit InvoiceAcks(ClientIdentity identity);

    /// A tenant of its own for each trial.
    void newTenant();
    /// Each gives the answer, and remembers it if it is one of success.
    HttpReply askForDraft();
    HttpReply askToFinalise();
    /// Asks again. Empty when what was acknowledged is there and there is one of it; else what is wrong.
    std::string repeatDraft();
    std::string repeatFinalise();
    /// Empty when the PDF came.
    std::string waitForDocument();

    /// Claims an acknowledgement that never came: what a control does.
    void claimDraft(std::string id) { m_draft = std::move(id); }
    void claimNumber(std::string number) { m_number = std::move(number); }

    const std::string& draft() const { return m_draft; }   ///< its id, empty without an answer
    const std::string& number() const { return m_number; } ///< of the finalised invoice
    const HttpsClient& client() const { return m_client; }

private:
    HttpsClient m_client;
    int m_tenants = 0;
    std::string m_tenant;
    std::string m_draft;
    std::string m_number;
};

} // namespace billing::test
