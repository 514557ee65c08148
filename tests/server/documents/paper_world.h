// Finalised invoices of one tenant, as many as a test wants, written straight into the store; and a renderer
// that a test plays.
#pragma once

#include "server/documents/draw_documents.h"
#include "server/storage/catalog.h"
#include "server/storage/invoices.h"
#include "server/storage/subscriptions.h"
#include "tests/server/api/api_fixture.h"

#include <set>

namespace billing::test {

/// Answers "PDF of " and the snapshot, unless it is told otherwise.
class PlayedRenderer final : public documents::Renderer
{
public:
    Result<std::string> render(std::string_view snapshotJson, Duration timeout) override
    {
        asked.emplace_back(snapshotJson);
        const std::string snapshot(snapshotJson);
        if (isMissing)
            return Error{ErrorCode::FileUnreadable, std::string(documents::rendererName)};
        if (isSilent || silentAt.contains(snapshot)) {
            clock.advance(timeout);
            return Error{ErrorCode::RenderFailed, std::string(documents::rendererName), "no answer in time"};
        }
        if (const auto refusal = refused.find(snapshot); refusal != refused.end())
            return refusal->second;
        if (snapshot == "{}")
            return Error{ErrorCode::MissingField, "schema"};
        return "PDF of " + snapshot;
    }

    explicit PlayedRenderer(ManualClock& manualClock)
        : clock(manualClock)
    {
    }

    ManualClock& clock;
    bool isMissing = false;
    bool isSilent = false;
    std::set<std::string> silentAt;
    std::map<std::string, Error> refused; ///< by snapshot, which is the invoice's id
    std::vector<std::string> asked;
};

struct PaperWorld
{
    explicit PaperWorld(int invoices)
    {
        rooms.addTenant("acme");
        rooms.subscribe("acme", "lite", "2026-07-01");
        add(invoices);
    }
    /// More finalised invoices: "inv_00001" and on.
    void add(int count)
    {
        const auto done = storage().write(Scope::allTenants("test"), Priority::Money, anyWork(),
                                          [&](Work& work) -> Result<void> {
                                              for (int i = 0; i < count; ++i)
                                                  if (const auto one = addOne(work, m_count + i + 1); !one)
                                                      return one;
                                              return {};
                                          });
        if (!done)
            std::fprintf(stderr, "%s\n", toText(done.error()).c_str());
        BILLING_ASSERT(done.has_value());
        m_count += count;
    }
    static std::string name(int number)
    {
        const std::string digits = std::to_string(number);
        return "inv_" + std::string(5 - digits.size(), '0') + digits;
    }
    Result<DrawReport> draw(std::int64_t limit = 50)
    {
        told.clear();
        return drawer.drawSome(limit,
                               [this](const InvoiceId& invoice, const Error& error, std::int64_t attempts) {
                                   told.push_back(invoice.text() + " " + std::string(wireName(error.code)) +
                                                  " " + std::to_string(attempts));
                               });
    }
    /// "drawn failed", and "more" if there is; or the refusal.
    std::string drawn(std::int64_t limit = 50)
    {
        const auto report = draw(limit);
        if (!report)
            return std::string(wireName(report.error().code));
        return std::to_string(report->drawn) + " " + std::to_string(report->failed) +
               (report->more ? " more" : "");
    }
    std::string documentOf(int number)
    {
        const auto read = rooms.documents.read(acme, InvoiceId(name(number)));
        return read ? *read : std::string(wireName(read.error().code));
    }
    std::int64_t countAside()
    {
        return readValue(storage(), Scope::allTenants("test"),
                         [](Work& work) { return storage::countAside(work, storage::AsideKind::Document); })
            .value();
    }
    Storage& storage() const { return rooms.store.storage(); }

    ApiFixture rooms;
    TenantId acme{"acme"};
    PlayedRenderer renderer{rooms.clock};
    UndrawnDocuments undrawn;
    std::vector<std::string> told;
    DocumentDrawer drawer{{rooms.store.storage(), rooms.documents, renderer, rooms.clock, rooms.ids, undrawn,
                           [this](const TenantId&, const InvoiceId& invoice) -> Result<std::string> {
                               if (const auto refusal = unopened.find(invoice.text());
                                   refusal != unopened.end())
                                   return refusal->second;
                               return invoice.text();
                           }}};
    std::map<std::string, Error> unopened;

private:
    Result<void> addOne(Work& work, int number) const
    {
        const auto owner = storage::subscriptionsOf(work, acme);
        BILLING_ASSERT(owner && owner->size() == 1);
        const auto position = storage::takeNumber(work, "main", "EB");
        BILLING_ASSERT(position && position->number == number);
        const LocalDate day = LocalDate::parse("2026-09-01").value();
        BILLING_ASSERT(storage::recordIssueDate(work, "main", "EB", day));
        const Money net = Money::fromMinor(100, owner->front().currency);
        const Instant start = Instant::fromMicros(std::int64_t{number} * 3'600'000'000);
        return storage::insertInvoice(work, {InvoiceId(name(number)),
                                             acme,
                                             owner->front().id,
                                             InvoiceStatus::Finalised,
                                             "main",
                                             "EB",
                                             number,
                                             "EB-" + std::to_string(number),
                                             {day, day.plusDays(1), {start, start.plus(Duration(1))}},
                                             net,
                                             Money::zero(net.currency()),
                                             net,
                                             day,
                                             day,
                                             start,
                                             start,
                                             std::string(32, 'd'),
                                             "sealed"});
    }

    int m_count = 0;
};

} // namespace billing::test
