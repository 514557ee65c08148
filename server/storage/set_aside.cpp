#include "server/storage/set_aside.h"

#include "server/storage/sql/stored.h"

#include <algorithm>

namespace billing::storage {

namespace {

using sql::Row;

constexpr std::size_t longestDetail = 500;
constexpr char betweenParts = '/';

#define BILLING_ASIDE_COLUMNS                                                                                \
    "tenant_id, kind, subject, code, reason_subject, reason_detail, attempts, first_at, last_at, "           \
    "next_try_at"

std::string_view view(const std::string& text)
{
    return text;
}

/// Not within a character.
std::string_view cut(std::string_view text)
{
    if (text.size() <= longestDetail)
        return text;
    std::size_t end = longestDetail;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return text.substr(0, end);
}

ErrorCode codeOf(std::string_view name)
{
#define X(code, number, wire)                                                                                \
    if (name == (wire))                                                                                      \
        return ErrorCode::code;
    BILLING_ERROR_CODES(X)
#undef X
    return ErrorCode::Internal;
}

Result<AsideRow> asideOf(const Row& row)
{
    const std::string kind = row.text(1);
    return AsideRow{
        {TenantId(row.text(0)), kind == "document" ? AsideKind::Document : AsideKind::Period, row.text(2)},
        {codeOf(row.text(3)), row.text(4), row.text(5)},
        row.integer(6),
        Instant::fromMicros(row.integer(7)),
        Instant::fromMicros(row.integer(8)),
        Instant::fromMicros(row.integer(9))};
}

Duration waitAfter(std::int64_t attempts, std::span<const Duration> backOff)
{
    BILLING_ASSERT(!backOff.empty() && attempts > 0);
    const auto last = static_cast<std::int64_t>(backOff.size());
    return backOff[static_cast<std::size_t>(std::min(attempts, last) - 1)];
}

} // namespace

std::string_view wireName(AsideKind kind)
{
    return kind == AsideKind::Document ? "document" : "period";
}

AsideKey documentKey(const TenantId& tenant, const InvoiceId& invoice)
{
    return {tenant, AsideKind::Document, invoice.text()};
}

AsideKey periodKey(const TenantId& tenant, const SubscriptionId& subscription, LocalDate firstDay)
{
    return {tenant, AsideKind::Period, subscription.text() + betweenParts + firstDay.toText()};
}

Result<PeriodSubject> periodOf(const AsideKey& key)
{
    const std::size_t at = key.subject.rfind(betweenParts);
    const auto day =
        LocalDate::parse(at == std::string::npos ? std::string_view() : view(key.subject).substr(at + 1));
    if (key.kind != AsideKind::Period || !day)
        return Error{ErrorCode::StorageCorrupt, "set_aside.subject"};
    return PeriodSubject{SubscriptionId(key.subject.substr(0, at)), *day};
}

Result<std::int64_t> setAside(Work& work, const FailedTry& failed)
{
    const auto before = findAside(work, failed.key);
    if (!before)
        return before.error();
    const std::int64_t attempts = *before ? (*before)->attempts + 1 : 1;
    const Instant firstAt = *before ? (*before)->firstAt : failed.at;
    const Instant lastAt = std::max(firstAt, failed.at); // a clock may be put back
    const Instant next = lastAt.plus(waitAfter(attempts, failed.backOff));
    const auto done = work.session().execute(
        "INSERT INTO set_aside (" BILLING_ASIDE_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (tenant_id, kind, subject) DO UPDATE SET code = excluded.code, "
        "reason_subject = excluded.reason_subject, reason_detail = excluded.reason_detail, "
        "attempts = excluded.attempts, last_at = excluded.last_at, next_try_at = excluded.next_try_at",
        {view(failed.key.tenant.text()), wireName(failed.key.kind), view(failed.key.subject),
         billing::wireName(failed.reason.code), cut(failed.reason.subject), cut(failed.reason.detail),
         attempts, firstAt.micros(), lastAt.micros(), next.micros()});
    return done ? Result<std::int64_t>(attempts) : done.error();
}

Result<bool> forgetAside(Work& work, const AsideKey& key)
{
    const auto gone =
        work.session().execute("DELETE FROM set_aside WHERE tenant_id = ? AND kind = ? AND subject = ?",
                               {view(key.tenant.text()), wireName(key.kind), view(key.subject)});
    return gone ? Result<bool>(*gone > 0) : gone.error();
}

Result<std::optional<AsideRow>> findAside(Work& work, const AsideKey& key)
{
    return sql::queryFirst(work.session(),
                           "SELECT " BILLING_ASIDE_COLUMNS
                           " FROM set_aside WHERE tenant_id = ? AND kind = ? AND subject = ?",
                           {view(key.tenant.text()), wireName(key.kind), view(key.subject)}, asideOf);
}

Result<std::vector<AsideRow>> dueAside(Work& work, AsideKind kind, Instant now, std::int64_t limit)
{
    return sql::queryAll(work.session(),
                         "SELECT " BILLING_ASIDE_COLUMNS
                         " FROM set_aside WHERE kind = ? AND next_try_at <= ? "
                         "ORDER BY next_try_at, tenant_id, subject LIMIT ?",
                         {wireName(kind), now.micros(), limit}, asideOf);
}

Result<std::vector<LocalDate>> periodsAside(Work& work, const TenantId& tenant,
                                            const SubscriptionId& subscription)
{
    const std::string from = subscription.text() + betweenParts;
    const std::string to = subscription.text() + static_cast<char>(betweenParts + 1);
    return sql::queryAll(work.session(),
                         "SELECT subject FROM set_aside WHERE tenant_id = ? AND kind = 'period' AND "
                         "subject >= ? AND subject < ? ORDER BY subject",
                         {view(tenant.text()), view(from), view(to)}, [&](const Row& row) {
                             const std::string subject = row.text(0);
                             return sql::stored(LocalDate::parse(view(subject).substr(from.size())),
                                                "set_aside.subject");
                         });
}

Result<std::int64_t> retryNow(Work& work, const TenantId& tenant)
{
    return work.session().execute("UPDATE set_aside SET next_try_at = last_at WHERE tenant_id = ?",
                                  {view(tenant.text())});
}

Result<std::int64_t> retryAllNow(Work& work)
{
    return work.session().execute("UPDATE set_aside SET next_try_at = last_at", {});
}

Result<std::vector<AsideRow>> listAside(Work& work, const AsideFilter& filter)
{
    const std::string_view kind = wireName(filter.kind);
    const std::int64_t at =
        filter.behind ? filter.behind->firstAt.micros() : std::numeric_limits<std::int64_t>::min();
    const std::string_view tenant = filter.behind ? view(filter.behind->tenant) : std::string_view();
    const std::string_view subject = filter.behind ? view(filter.behind->subject) : std::string_view();
    if (filter.tenant)
        return sql::queryAll(work.session(),
                             "SELECT " BILLING_ASIDE_COLUMNS
                             " FROM set_aside WHERE tenant_id = ? AND kind = ? AND "
                             "(first_at, tenant_id, subject) > (?, ?, ?) "
                             "ORDER BY first_at, tenant_id, subject LIMIT ?",
                             {view(filter.tenant->text()), kind, at, tenant, subject, filter.limit}, asideOf);
    return sql::queryAll(work.session(),
                         "SELECT " BILLING_ASIDE_COLUMNS
                         " FROM set_aside WHERE kind = ? AND (first_at, tenant_id, subject) > (?, ?, ?) "
                         "ORDER BY first_at, tenant_id, subject LIMIT ?",
                         {kind, at, tenant, subject, filter.limit}, asideOf);
}

Result<std::int64_t> countAside(Work& work, AsideKind kind, const std::optional<TenantId>& tenant)
{
    const auto number = [](const Row& row) { return row.integer(0); };
    const auto found =
        tenant ? queryOne(work.session(), "SELECT count(*) FROM set_aside WHERE tenant_id = ? AND kind = ?",
                          {view(tenant->text()), wireName(kind)}, number)
               : queryOne(work.session(), "SELECT count(*) FROM set_aside WHERE kind = ?", {wireName(kind)},
                          number);
    return found ? Result<std::int64_t>(**found) : found.error();
}

} // namespace billing::storage
