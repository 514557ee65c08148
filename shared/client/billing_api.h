// The server as the console sees it: typed calls that never block. Each answers exactly once, from the event
// loop and never from inside the call, through `done`; not after PendingCall::cancel() and not when `context`
// has been destroyed. A port, so that models and screens are tested on a fake. GUI thread only.
//
// Refusals are the server's own codes (problem+json), else, of the way to it:
//   Offline            no connection, or it broke; subject: "not_found" (no such host), "refused",
//                      "unreachable" or "broken"
//   DeadlineExceeded   no whole answer in time
//   TlsFailed          no trust; subject: "untrusted", "wrong_host", "expired", "not_yet_valid",
//                      "certificate_refused" (the server did not take ours) or "failed"
//   AnswerTooLarge     above the call's cap; subject: the cap in bytes
//   UnusableAnswer     a redirect, HTML, an undocumented status, damaged JSON; detail says which
#pragma once

#include "shared/client/pending_call.h"
#include "shared/client/queries.h"
#include "shared/kernel/result.h"

#include <QByteArray>
#include <QObject>

namespace billing::client {

template <class T>
using Done = std::function<void(Result<T>)>;

class BillingApi : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Whether the server is up and ready for work; needs no token.
    virtual PendingCall health(QObject* context, Done<void> done) = 0;
    virtual PendingCall tenants(const TenantQuery& query, QObject* context, Done<TenantPage> done) = 0;
    virtual PendingCall tenant(const TenantId& id, QObject* context, Done<wire::ShownTenant> done) = 0;
    virtual PendingCall invoices(const InvoiceQuery& query, QObject* context, Done<InvoicePage> done) = 0;
    /// The frozen snapshot, as shared/document lays it out.
    virtual PendingCall invoice(const InvoiceId& id, QObject* context, Done<Invoice> done) = 0;
    /// The stored document, byte for byte. Refuses DraftHasNoDocument, DocumentNotReady while it is being
    /// drawn, DocumentSetAside when it cannot be.
    virtual PendingCall invoicePdf(const InvoiceId& id, QObject* context, Done<QByteArray> done) = 0;

Q_SIGNALS:
    /// After every call, just before its `done`: the server was there, whatever it said; or it was not.
    void answered();
    void unreachable();
    /// The server does not take our token any more.
    void signInRefused(const billing::Error& error);
};

} // namespace billing::client
