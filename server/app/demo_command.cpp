// billing-server demo --data-dir D | --config F.toml
//
// Three months of a believable company, August to October 2026, through the same rooms as real usage:
// journal, settling, closing of periods, drawing of documents. Clock and chance are the demo's own, so that
// every run gives the same invoices.
#include "server/app/commands.h"

#include "server/app/demo_company.h"
#include "server/app/house.h"
#include "server/documents/render_process.h"
#include "server/intake/intake.h"
#include "server/intake/validate_event.h"
#include "server/subscriptions/create_subscription.h"
#include "server/tenants/create_tenant.h"
#include "shared/model/file_name.h"

#include <cstdio>
#include <fstream>
#include <map>
#include <random>

namespace billing::app {

namespace {

class DemoClock final : public Clock
{
public:
    Instant now() const override { return m_now; }
    MonotonicTime monotonic() const override { return MonotonicTime(m_now.micros()); }
    void moveTo(LocalDate day, int hour)
    {
        m_now = Instant::fromMicros((std::int64_t{day.daysSinceEpoch()} * 24 + hour) * 3'600'000'000);
    }

private:
    Instant m_now = Instant::fromMicros(0);
};

class DemoRandom final : public Random
{
public:
    std::uint64_t next() override { return m_engine(); }

private:
    std::mt19937_64 m_engine{20260801};
};

/// Runs what is posted at once: the demo has one thread.
class AtOnce final : public Executor
{
public:
    void post(Task task) override { task(); }
    void postAfter(Duration, Task) override {}
};

class Demo
{
public:
    Demo(House& house, DemoClock& clock, Random& random)
        : m_house(house)
        , m_clock(clock)
        , m_random(random)
        , m_intake({house.storage(), clock, house.ids(), m_executor}, {}, [](JournalPosition) {})
        , m_renderer(std::filesystem::read_symlink("/proc/self/exe").parent_path() / "billing-render")
    {
    }

    Result<void> run()
    {
        const LocalDate first = *LocalDate::create(2026, 8, 1);
        m_clock.moveTo(first, 12);
        const auto signedUp = signUp(first);
        if (!signedUp)
            return signedUp;
        for (int month = 0; month < 3; ++month) {
            const auto done = oneMonth(first.plusMonths(month));
            if (!done)
                return done;
        }
        return exportDocuments();
    }

    void report() const
    {
        std::printf("%lld customers, %lld usage events, %lld invoices in %s\n",
                    static_cast<long long>(m_customers.size()), static_cast<long long>(m_events),
                    static_cast<long long>(m_exported), m_house.directory().invoices().c_str());
        for (const auto& [currency, sum] : m_billed)
            std::printf("  billed %s %s\n", currency.c_str(), sum.toText().c_str());
    }

private:
    Result<void> signUp(LocalDate first)
    {
        for (const demo::Customer& customer : m_customers) {
            const Invoicing& invoicing = m_house.invoicing();
            const auto tenant = createTenant({m_house.storage(), m_clock, m_house.ids(), m_house.tenants()},
                                             customer.tenant, "demo");
            if (!tenant)
                return tenant.error();
            const auto subscription =
                createSubscription({m_house.storage(), m_clock, m_house.ids(), invoicing.catalog},
                                   {customer.tenant.id, customer.plan, first, first}, "demo");
            if (!subscription)
                return subscription.error();
        }
        return {};
    }

    Result<void> oneMonth(LocalDate firstDay)
    {
        m_clock.moveTo(firstDay.plusMonths(1), 0);
        for (const demo::Customer& customer : m_customers) {
            const auto sent = send(demo::usageOfMonth(customer, firstDay, m_random));
            if (!sent)
                return sent;
        }
        const auto settled = settleAll();
        if (!settled)
            return settled;
        // Past the grace of the westernmost customer.
        m_clock.moveTo(firstDay.plusMonths(1).plusDays(1), 6);
        Result<void> problem;
        const auto closed = closeDuePeriods(
            m_house.invoicing(), [&](const SubscriptionId&, const Error& error) { problem = error; });
        if (!closed)
            return closed.error();
        if (!problem)
            return problem;
        const auto drawn = drawAll();
        return drawn ? m_house.checkpointer().write(m_house.storage(), m_clock.now()) : drawn;
    }

    Result<void> send(const std::vector<UsageEvent>& events)
    {
        constexpr std::size_t batch = 500;
        Result<void> answer;
        for (std::size_t at = 0; at < events.size(); at += batch) {
            const auto end = std::min(at + batch, events.size());
            std::vector<UsageEvent> some(events.begin() + static_cast<std::ptrdiff_t>(at),
                                         events.begin() + static_cast<std::ptrdiff_t>(end));
            for (const UsageEvent& event : some) {
                const auto valid =
                    validateEvent(event, *m_house.meters(), {}, m_clock.now(), Backfill::Refused);
                if (!valid)
                    return valid;
            }
            const auto submitted =
                m_intake.submit(std::move(some), [&](const Result<JournalPosition>& position) {
                    if (!position)
                        answer = position.error();
                });
            if (!submitted)
                return submitted;
        }
        m_events += static_cast<std::int64_t>(events.size());
        return answer;
    }

    Result<void> settleAll()
    {
        while (true) {
            const auto report = m_house.settler().settle(5'000);
            if (!report)
                return report.error();
            if (report->events == 0)
                return {};
            m_intake.settled(report->events);
        }
    }

    Result<void> drawAll()
    {
        UndrawnDocuments undrawn;
        DocumentDrawer drawer({m_house.storage(), m_house.documents(), m_renderer, m_clock, m_house.ids(),
                               undrawn, [&](const TenantId& tenant, const InvoiceId& invoice) {
                                   return m_house.snapshot(tenant, invoice);
                               }});
        Result<void> problem;
        const auto drawn = drawer.drawSome(
            1'000, [&](const InvoiceId&, const Error& error, std::int64_t) { problem = error; });
        return drawn ? problem : drawn.error();
    }

    Result<void> exportDocuments()
    {
        std::filesystem::create_directories(m_house.directory().invoices());
        storage::InvoiceFilter filter;
        filter.limit = 10'000;
        const auto rows = readValue(m_house.storage(), Scope::allTenants("demo"),
                                    [&](Work& work) { return storage::listInvoices(work, filter); });
        if (!rows)
            return rows.error();
        for (const storage::InvoiceRow& row : *rows) {
            const auto exported = exportOne(row);
            if (!exported)
                return exported;
        }
        return {};
    }

    Result<void> exportOne(const storage::InvoiceRow& row)
    {
        const auto pdf = m_house.documents().read(row.tenant, row.id);
        if (!pdf)
            return pdf.error();
        const std::filesystem::path file =
            m_house.directory().invoices() / (fileNameOf(*row.number) + ".pdf");
        std::ofstream out(file, std::ios::binary);
        out << *pdf;
        out.close();
        if (!out)
            return Error{ErrorCode::FileUnwritable, file.string()};
        ++m_exported;
        const std::string currency(row.total.currency().code());
        const auto place = m_billed.try_emplace(currency, Money::zero(row.total.currency())).first;
        const auto sum = place->second.plus(row.total);
        if (!sum)
            return sum.error();
        place->second = *sum;
        return {};
    }

    House& m_house;
    DemoClock& m_clock;
    Random& m_random;
    AtOnce m_executor;
    Intake m_intake;
    documents::RenderProcess m_renderer;
    std::vector<demo::Customer> m_customers = demo::customers();
    std::int64_t m_events = 0;
    std::int64_t m_exported = 0;
    std::map<std::string, Money> m_billed;
};

} // namespace

int demoCommand(const std::vector<std::string>& words)
{
    const auto options = Options::parse(words, {"data-dir", "config"}, {});
    if (!options)
        return refuse("demo", options.error());
    const auto configuration = configurationOf(*options);
    if (!configuration)
        return refuse("demo", configuration.error());
    DemoClock clock;
    DemoRandom random;
    clock.moveTo(*LocalDate::create(2026, 8, 1), 0);
    const auto house = House::open(*configuration, {clock, random});
    if (!house)
        return refuse("demo", house.error());
    Demo demo(**house, clock, random);
    const auto done = demo.run();
    if (!done)
        return refuse("demo", done.error());
    demo.report();
    return 0;
}

} // namespace billing::app
