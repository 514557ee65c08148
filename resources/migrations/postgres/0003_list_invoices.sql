-- Lists of invoices, newest first, and an invoice by its id alone. See 0003_list_invoices.md.

CREATE INDEX invoice_newest ON invoice (invoice_id, tenant_id, status, issue_date, number);
