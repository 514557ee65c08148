#include "server/storage/invariants.h"

#include "server/storage/sql/session.h"

#include <span>

namespace billing::storage {

namespace {

struct Question
{
    const char* invariant;
    const char* sql; ///< subject, detail of each breach
};

Result<void> ask(Work& work, std::span<const Question> questions, const EachBreach& each)
{
    for (const Question& question : questions) {
        const auto asked = work.session().query(question.sql, {}, [&](const sql::Row& row) {
            return each({question.invariant, row.text(0), row.text(1)});
        });
        if (!asked)
            return asked;
    }
    return {};
}

constexpr Question moneyQuestions[] = {
    {"I1", "SELECT 'currency:' || currency, 'debits and credits differ by ' || sum(amount) FROM ledger_entry "
           "GROUP BY currency HAVING sum(amount) <> 0"},
    {"I1", "SELECT 'ledger_transaction:' || transaction_id, currency || ' differs by ' || sum(amount) FROM "
           "ledger_entry "
           "GROUP BY tenant_id, transaction_id, currency HAVING sum(amount) <> 0"},
    {"I1", "SELECT 'ledger_transaction:' || t.transaction_id, 'fewer than two entries' FROM "
           "ledger_transaction t WHERE "
           "(SELECT count(*) FROM ledger_entry e WHERE e.tenant_id = t.tenant_id AND e.transaction_id = "
           "t.transaction_id) < 2"},
    {"I8", "SELECT 'series:' || issuer || '/' || series, 'numbers ' || min(series_number) || ' to ' || "
           "max(series_number) || ', ' || count(*) || ' of them' FROM invoice WHERE series_number IS NOT "
           "NULL GROUP BY "
           "issuer, series HAVING min(series_number) <> 1 OR max(series_number) <> count(*) OR "
           "count(DISTINCT series_number) <> count(*)"},
    {"I8", "SELECT 'series:' || s.issuer || '/' || s.series, 'the counter stands at ' || s.last_number || ' "
           "of ' || "
           "s.last_issue_date FROM invoice_series s LEFT JOIN (SELECT issuer, series, max(series_number) AS "
           "last_number, "
           "max(issue_date) AS last_date FROM invoice WHERE series_number IS NOT NULL GROUP BY issuer, "
           "series) i ON "
           "i.issuer = s.issuer AND i.series = s.series WHERE coalesce(i.last_number, 0) <> s.last_number OR "
           "coalesce(i.last_date, '') <> s.last_issue_date"},
    {"I8", "SELECT 'series:' || issuer || '/' || series, 'has no counter' FROM invoice i WHERE series_number "
           "IS NOT NULL "
           "AND NOT EXISTS (SELECT 1 FROM invoice_series s WHERE s.issuer = i.issuer AND s.series = "
           "i.series) GROUP BY "
           "issuer, series"},
    {"I8",
     "SELECT 'invoice:' || invoice_id, 'a number on a draft, or none on a final invoice' FROM invoice WHERE "
     "(status = 'draft') <> (series_number IS NULL) OR (status = 'draft') <> (number IS NULL) OR "
     "(status = 'draft') <> (issue_date IS NULL)"},
    {"I8", "SELECT 'invoice:' || invoice_id, 'dated ' || issue_date || ', the number before ' || before FROM "
           "(SELECT "
           "invoice_id, issue_date, lag(issue_date) OVER (PARTITION BY issuer, series ORDER BY "
           "series_number) AS before "
           "FROM invoice WHERE series_number IS NOT NULL) AS dated WHERE before > issue_date"},
    {"I8", "SELECT 'number:' || issuer || '/' || number, count(*) || ' invoices have it, ' || "
           "min(invoice_id) || ' and ' || "
           "max(invoice_id) || ' among them' FROM invoice WHERE number IS NOT NULL GROUP BY issuer, number "
           "HAVING count(*) > 1"},
    {"I8", "SELECT 'invoice:' || i.invoice_id, CASE WHEN n.number IS NULL THEN 'its number is not noted as "
           "given out' "
           "ELSE 'its number was given out as ' || n.series_number || ' of series ' || n.series END FROM "
           "invoice i LEFT "
           "JOIN issued_number n ON n.issuer = i.issuer AND n.number = i.number WHERE i.number IS NOT NULL "
           "AND (n.number IS "
           "NULL OR n.series <> i.series OR n.series_number <> i.series_number)"},
    {"I8", "SELECT 'number:' || n.issuer || '/' || n.number, 'was given out to no invoice' FROM "
           "issued_number n WHERE NOT "
           "EXISTS (SELECT 1 FROM invoice i WHERE i.issuer = n.issuer AND i.series = n.series AND "
           "i.series_number = "
           "n.series_number)"},
    {"I13",
     "SELECT 'invoice:' || i.invoice_id, CASE WHEN t.transaction_id IS NULL THEN 'not in the ledger' ELSE "
     "'the ledger has another amount receivable' END FROM invoice i LEFT JOIN ledger_transaction t ON "
     "t.tenant_id = i.tenant_id AND t.reference_type = 'invoice' AND t.reference_id = i.invoice_id "
     "WHERE i.status = 'finalised' AND i.total <> coalesce((SELECT sum(e.amount) FROM ledger_entry e WHERE "
     "e.tenant_id = t.tenant_id AND e.transaction_id = t.transaction_id AND e.account = 'receivable' AND "
     "e.currency = i.currency), 0)"},
    {"I13", "SELECT 'ledger_transaction:' || t.transaction_id, 'posts ' || t.reference_type || ' ' || "
            "t.reference_id || "
            "', which is no final invoice' FROM ledger_transaction t WHERE t.reference_type <> 'invoice' OR "
            "NOT EXISTS "
            "(SELECT 1 FROM invoice i WHERE i.tenant_id = t.tenant_id AND i.invoice_id = t.reference_id AND "
            "i.status <> 'draft')"},
    {"I21",
     "SELECT 'invoice:' || invoice_id, 'its period begins before the one before has ended' FROM (SELECT "
     "invoice_id, range_start, max(range_end) OVER (PARTITION BY tenant_id, subscription_id ORDER BY "
     "range_start, "
     "invoice_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM invoice WHERE "
     "status <> 'void') AS placed WHERE range_start < before"},
};

constexpr Question usageQuestions[] = {
    {"I4",
     "SELECT 'usage_journal:' || position, 'settled, but not every event has an outcome' FROM usage_journal "
     "WHERE state = 1 AND (outcomes IS NULL OR settled_at IS NULL OR length(outcomes) <> event_count)"},
    {"I4",
     "SELECT 'usage_journal:' || position, 'neither settled nor dead, yet marked so' FROM usage_journal "
     "WHERE "
     "(state = 0 AND (outcomes IS NOT NULL OR settled_at IS NOT NULL)) OR (state = 2 AND failure IS NULL)"},
    {"I7",
     "SELECT 'invoice:' || b.invoice_id, b.meter_code || ' ' || b.dimension_key || ' was billed by ' || "
     "a.invoice_id || ' already' FROM invoice_usage a JOIN invoice_usage b ON b.tenant_id = a.tenant_id AND "
     "b.meter_code = a.meter_code AND b.meter_version = a.meter_version AND b.dimension_key = "
     "a.dimension_key AND "
     "b.invoice_id > a.invoice_id JOIN invoice ia ON ia.tenant_id = a.tenant_id AND ia.invoice_id = "
     "a.invoice_id "
     "JOIN invoice ib ON ib.tenant_id = b.tenant_id AND ib.invoice_id = b.invoice_id WHERE ia.status <> "
     "'void' AND "
     "ib.status <> 'void' AND a.range_start < b.range_end AND b.range_start < a.range_end AND "
     "a.settle_after < b.settle_upto AND b.settle_after < a.settle_upto"},
    {"I7", "SELECT 'invoice:' || u.invoice_id, u.meter_code || ' billed up to settling ' || u.settle_upto || "
           "', which has not happened' FROM invoice_usage u LEFT JOIN usage_head h ON h.tenant_id = "
           "u.tenant_id WHERE "
           "u.settle_upto > coalesce(h.settle_no, 0) OR u.settle_after > u.settle_upto"},
// Tables without a reference to their tenant that the engine would keep; each is walked by its key from
// tenant to tenant, not row by row.
#define BILLING_ORPHANS_OF(table)                                                                            \
    {                                                                                                        \
        "I18", "WITH RECURSIVE seen (id) AS (SELECT min(tenant_id) FROM " table                              \
               " UNION ALL SELECT (SELECT min(tenant_id) FROM " table                                        \
               " WHERE tenant_id > seen.id) FROM seen WHERE seen.id IS NOT NULL) SELECT 'tenant:' || id, "   \
               "'" table " has rows of it, but there is no such tenant' FROM seen WHERE id IS NOT NULL AND " \
               "id <> '' AND NOT EXISTS "                                                                    \
               "(SELECT 1 FROM tenant t WHERE t.tenant_id = seen.id)"                                        \
    }
    BILLING_ORPHANS_OF("usage_block"),
    BILLING_ORPHANS_OF("event_identity"),
    BILLING_ORPHANS_OF("usage_rollup"),
    BILLING_ORPHANS_OF("usage_conflict"),
    BILLING_ORPHANS_OF("set_aside"),
    BILLING_ORPHANS_OF("unlisted_value"),
    BILLING_ORPHANS_OF("invoice"),
    BILLING_ORPHANS_OF("ledger_transaction"),
    BILLING_ORPHANS_OF("audit_entry"),
#undef BILLING_ORPHANS_OF
};

constexpr Question sealQuestions[] = {
    {"I17", "SELECT 'invoice:' || d.invoice_id, 'has a document, but is not final' FROM invoice_document d "
            "JOIN invoice i "
            "ON i.tenant_id = d.tenant_id AND i.invoice_id = d.invoice_id WHERE i.status = 'draft'"},
    // Bytes 2 to 5 of a sealed value are its key's version, 6 to 17 the nonce (server/secrets/sealing.h).
    {"I20",
     "SELECT 'nonce:' || hex(nonce), 'used ' || count(*) || ' times with one key' FROM (SELECT "
     "substr(sealed_profile, 2, 4) AS key_version, substr(sealed_profile, 6, 12) AS nonce FROM tenant UNION "
     "ALL "
     "SELECT substr(sealed_snapshot, 2, 4), substr(sealed_snapshot, 6, 12) FROM invoice) AS sealed GROUP BY "
     "key_version, nonce HAVING count(*) > 1"},
};

#define BILLING_SCOPE_ROLES "('billing_tenant', 'billing_all_tenants', 'billing_system')"

// What protects the rows on PostgreSQL must be there itself. The login role is the session's user.
constexpr Question postgresQuestions[] = {
    {"I19",
     "SELECT 'table:' || relname, 'row-level security is not forced on it' FROM pg_class JOIN pg_attribute "
     "ON "
     "attrelid = pg_class.oid AND attname = 'tenant_id' WHERE relnamespace = 'public'::regnamespace AND "
     "relkind IN ('r', 'p') AND NOT (relrowsecurity AND relforcerowsecurity)"},
    {"I19", "SELECT 'role:' || rolname, 'may pass row-level security by' FROM pg_roles WHERE (rolname = "
            "session_user OR "
            "rolname IN " BILLING_SCOPE_ROLES ") AND (rolsuper OR rolbypassrls)"},
    {"I19",
     "SELECT 'role:' || rolname, 'has the rights of every scope at once' FROM pg_roles WHERE rolname = "
     "session_user AND rolinherit"},
    {"I19",
     "SELECT 'role:' || rolname, 'owns ' || relname FROM pg_roles JOIN pg_class ON relowner = pg_roles.oid "
     "WHERE "
     "relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND (rolname = session_user OR rolname "
     "IN " BILLING_SCOPE_ROLES ")"},
    {"I19", "SELECT 'role:' || rolname, 'may make tables' FROM pg_roles WHERE (rolname = session_user OR "
            "rolname IN " BILLING_SCOPE_ROLES ") AND has_schema_privilege(rolname, 'public', 'CREATE')"},
    {"I19", "SELECT 'role:' || rolname, 'may change ' || grown FROM pg_roles, "
            "unnest(ARRAY['ledger_transaction', 'ledger_entry', 'audit_entry']) AS grown WHERE (rolname = "
            "session_user OR "
            "rolname IN " BILLING_SCOPE_ROLES
            ") AND has_table_privilege(rolname, grown, 'UPDATE, DELETE, TRUNCATE')"},
    {"I19", "SELECT 'table:' || relname, 'its trigger ' || tgname || ' is off' FROM pg_trigger JOIN pg_class "
            "ON tgrelid = "
            "pg_class.oid WHERE relnamespace = 'public'::regnamespace AND tgenabled NOT IN ('O', 'A')"},
    {"I24",
     "SELECT child, 'a row refers to a ' || parent || ' that is not there' FROM foreign_key_breaches()"},
    {"I24", "SELECT relname::text, 'the index is not whole' FROM pg_index JOIN pg_class ON pg_class.oid = "
            "indexrelid WHERE "
            "relnamespace = 'public'::regnamespace AND NOT (indisvalid AND indisready)"},
};

#undef BILLING_SCOPE_ROLES

} // namespace

Result<void> moneyBreaches(Work& work, const EachBreach& each)
{
    return ask(work, moneyQuestions, each);
}

Result<void> usageBreaches(Work& work, const EachBreach& each)
{
    return ask(work, usageQuestions, each);
}

Result<void> sealBreaches(Work& work, const EachBreach& each)
{
    return ask(work, sealQuestions, each);
}

Result<void> engineBreaches(Work& work, const EachBreach& each)
{
    if (work.session().dialect() == sql::Dialect::Postgres)
        return ask(work, postgresQuestions, each);
    const auto pages =
        work.session().query("PRAGMA integrity_check", {}, [&](const sql::Row& row) -> Result<void> {
            const std::string answer = row.text(0);
            return answer == "ok" ? Result<void>() : each({"I24", "store", answer});
        });
    if (!pages)
        return pages;
    return work.session().query("PRAGMA foreign_key_check", {}, [&](const sql::Row& row) {
        return each({"I24", row.text(0), "a row refers to a " + row.text(2) + " that is not there"});
    });
}

} // namespace billing::storage
