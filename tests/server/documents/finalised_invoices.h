// Finalised invoices to keep documents of: July and August 2026 of a tenant.
#pragma once

#include "server/invoicing/draft_invoice.h"
#include "server/invoicing/finalise_invoice.h"
#include "tests/server/api/api_fixture.h"

namespace billing::test {

struct FinalisedInvoices
{
    FinalisedInvoices()
    {
        rooms.addTenant("acme");
        rooms.subscribe("acme", "lite", "2026-07-01");
        july = finalised("2026-07-01");
        august = finalised("2026-08-01");
    }
    InvoiceId finalised(std::string_view firstDay)
    {
        const LocalDate start = LocalDate::parse(firstDay).value();
        const auto draft = draftInvoice(rooms.invoicing, {acme, start, start.plusMonths(1)}, "test");
        return finaliseInvoice(rooms.invoicing, acme, draft.value().invoice.id, "test").value().id;
    }

    ApiFixture rooms;
    TenantId acme{"acme"};
    InvoiceId july{""};
    InvoiceId august{""};
};

} // namespace billing::test
