#include "tests/faults/invoice_acks.h"

namespace billing::test {

namespace {

constexpr auto invoices = "/api/v1/invoices";

} // namespace

InvoiceAcks::InvoiceAcks(ClientIdentity identity)
    : m_client(std::move(identity))
{
}

void InvoiceAcks::newTenant()
{
    m_tenant = "client-" + std::to_string(++m_tenants);
    m_draft.clear();
    m_number.clear();
    signUp(m_client, {.id = m_tenant});
}

HttpReply InvoiceAcks::askForDraft()
{
    HttpReply reply = m_client.post(invoices, invoiceRequest(m_tenant, "2023-11-01", "2023-12-01"));
    if (reply.status == 201)
        m_draft = reply.at("invoice_id");
    return reply;
}

HttpReply InvoiceAcks::askToFinalise()
{
    HttpReply reply = m_client.post(std::string(invoices) + '/' + m_draft + "/finalise", "");
    if (reply.status == 200)
        m_number = reply.at("number");
    return reply;
}

std::string InvoiceAcks::repeatDraft()
{
    const std::string told = m_draft;
    const HttpReply reply = m_client.sendUntilReady(
        {.method = "POST", .target = invoices, .body = invoiceRequest(m_tenant, "2023-11-01", "2023-12-01")});
    m_draft = reply.at(reply.status == 201 ? "invoice_id" : "detail");
    if (reply.outcome() != "409 period_already_invoiced" && (reply.outcome() != "201" || !told.empty()))
        return (told.empty() ? "repeated: " : told + " was acknowledged; repeated: ") + reply.outcome();
    if (!told.empty() && told != m_draft)
        return told + " was acknowledged, there is " + m_draft;
    const std::size_t count =
        m_client.get(std::string(invoices) + "?tenant_id=" + m_tenant).count("invoices");
    return count == 1 ? std::string() : "there are " + std::to_string(count) + " invoices";
}

std::string InvoiceAcks::repeatFinalise()
{
    const bool wasTold = !m_number.empty();
    const std::string target = std::string(invoices) + '/' + m_draft;
    const HttpReply reply = m_client.sendUntilReady({.method = "POST", .target = target + "/finalise"});
    if (reply.outcome() != "409 invoice_not_draft" && (reply.outcome() != "200" || wasTold))
        return (wasTold ? "was acknowledged; repeated: " : "repeated: ") + reply.outcome();
    const HttpReply invoice = m_client.get(target);
    if (invoice.at("status") != "finalised" || (wasTold && invoice.at("number") != m_number))
        return "is " + invoice.at("status") + " with the number " + invoice.at("number");
    return {};
}

std::string InvoiceAcks::waitForDocument()
{
    const HttpReply pdf =
        m_client.sendUntilReady({.target = std::string(invoices) + '/' + m_draft + "/pdf", .headers = {}});
    return pdf.status == 200 && pdf.body.starts_with("%PDF-") ? std::string() : "the PDF: " + pdf.outcome();
}

} // namespace billing::test
