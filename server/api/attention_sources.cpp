#include "server/api/attention.h"

#include "server/storage/invoices.h"
#include "server/storage/journal.h"
#include "server/storage/set_aside.h"

#include <array>
#include <charconv>

namespace billing::api {

namespace {

using storage::AsideKind;
using storage::AsideRow;
using Subject = std::vector<std::pair<std::string, std::string>>;
using Found = std::vector<AttentionFound>;

Result<Subject> subjectOf(Work& work, const AsideRow& row)
{
    if (row.key.kind == AsideKind::Period) {
        const auto period = storage::periodOf(row.key);
        if (!period)
            return period.error();
        return Subject{{"subscription_id", period->subscription.text()},
                       {"period_start", period->firstDay.toText()}};
    }
    const auto number = storage::numberOfInvoice(work, row.key.tenant, InvoiceId(row.key.subject));
    if (!number)
        return number.error();
    Subject subject{{"invoice_id", row.key.subject}};
    if (number->has_value())
        subject.emplace_back("number", **number);
    return subject;
}

template <AsideKind kind>
Result<Found> findAside(Work& work, const AttentionAsked& asked)
{
    const auto rows = storage::listAside(
        work, {kind, asked.tenant, storage::AsidePlace{asked.at, asked.tenantText, asked.key}, asked.limit});
    if (!rows)
        return rows.error();
    Found found;
    for (const AsideRow& row : *rows) {
        auto subject = subjectOf(work, row);
        if (!subject)
            return subject.error();
        found.push_back({{std::string(wireName(kind)), row.key.tenant, std::move(*subject),
                          std::string(wireName(row.reason.code)), plainReason(row.reason), row.attempts,
                          row.firstAt, row.lastAt, row.nextTryAt},
                         row.key.subject});
    }
    return found;
}

template <AsideKind kind>
Result<std::int64_t> countAside(Work& work, const AttentionToday&, const std::optional<TenantId>& tenant)
{
    return storage::countAside(work, kind, tenant);
}

/// So that texts sort as the numbers do.
std::string keyOf(JournalPosition position)
{
    std::string digits = std::to_string(position.number());
    return std::string(19 - digits.size(), '0') + digits;
}

Result<Found> findDeadLetters(Work& work, const AttentionAsked& asked)
{
    // Of no tenant: behind any tenant's text, none is left at that moment.
    std::int64_t position = asked.tenantText.empty() ? 0 : std::numeric_limits<std::int64_t>::max();
    if (asked.tenantText.empty())
        std::from_chars(asked.key.data(), asked.key.data() + asked.key.size(), position);
    const auto rows = storage::deadLettersBehind(work, asked.at, JournalPosition(position), asked.limit);
    if (!rows)
        return rows.error();
    Found found;
    for (const storage::DeadLetter& row : *rows) {
        const std::string code = row.failure.substr(0, row.failure.find(':'));
        found.push_back({{"dead_letter",
                          {},
                          {{"position", std::to_string(row.position.number())},
                           {"events", std::to_string(row.eventCount)},
                           {"received_at", row.receivedAt.toText()}},
                          code.empty() ? "internal" : code,
                          "Accepted usage that can never be metered: nobody is billed for it.",
                          1,
                          row.diedAt,
                          row.diedAt},
                         keyOf(row.position)});
    }
    return found;
}

Result<std::int64_t> countDeadLetters(Work& work, const AttentionToday&, const std::optional<TenantId>&)
{
    return storage::deadLetters(work);
}

} // namespace

std::span<const AttentionSource> attentionSources()
{
    static const std::array sources{
        conflictSource(),
        AttentionSource{"dead_letter", false, findDeadLetters, countDeadLetters},
        AttentionSource{"document", true, findAside<AsideKind::Document>, countAside<AsideKind::Document>},
        AttentionSource{"period", true, findAside<AsideKind::Period>, countAside<AsideKind::Period>},
        unlistedValueSource(),
    };
    return sources;
}

} // namespace billing::api
