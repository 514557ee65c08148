#include "server/app/demo_company.h"

#include <array>

namespace billing::demo {

namespace {

Currency currency(std::string_view code)
{
    const auto parsed = Currency::parse(code);
    BILLING_ASSERT(parsed.has_value());
    return *parsed;
}

Tenant tenant(std::string id, std::string name, std::string country, std::string_view money)
{
    return {TenantId(std::move(id)), std::move(name), std::move(country), currency(money), "UTC", "en-US"};
}

struct Metric
{
    std::string_view type;
    Dimensions dimensions;
    std::int64_t perDay; ///< on a usual working day of the Lite plan
};

const std::array<Metric, 9>& metrics()
{
    static const std::array<Metric, 9> all{{
        {"agent_execution", {}, 4'150},
        {"api_request", {}, 412'000},
        {"compute_time", {{"kind", "cpu"}}, 86'000},
        {"compute_time", {{"kind", "gpu_t4"}}, 9'400},
        {"llm_tokens", {{"direction", "input"}, {"model", "gpt4"}}, 1'240'000},
        {"llm_tokens", {{"direction", "output"}, {"model", "gpt4"}}, 231'000},
        {"llm_tokens", {{"direction", "input"}, {"model", "claude"}}, 655'000},
        {"llm_tokens", {{"direction", "output"}, {"model", "claude"}}, 142'000},
        {"llm_tokens", {{"direction", "input"}, {"model", "gpt35"}}, 2'070'000},
    }};
    return all;
}

/// Per cent of a Lite customer's usage that others have.
std::int64_t planPercent(const PlanCode& plan)
{
    return plan.text() == "zero" ? 1 : plan.text() == "shared" ? 9 : plan.text() == "enterprise" ? 900 : 100;
}

bool isWeekend(LocalDate day)
{
    const int weekday = ((day.daysSinceEpoch() % 7) + 7) % 7; // day 0 was a Thursday
    return weekday == 2 || weekday == 3;
}

} // namespace

std::vector<Customer> customers()
{
    std::vector<Customer> all;
    const auto add = [&](Tenant who, std::string zone, Address where, TaxCategory tax) -> Tenant& {
        who.timeZone = std::move(zone);
        who.address = std::move(where);
        who.taxCategory = tax;
        who.email = "accounts@" + who.id.text() + ".example";
        all.push_back({std::move(who), PlanCode("lite"), 100});
        return all.back().tenant;
    };
    add(tenant("northwind-robotics", "Northwind Robotics, Inc.", "US", "USD"), "America/New_York",
        {"200 Hudson Street", "Floor 9", "New York", "NY", "10013"}, TaxCategory::OutOfScope);
    all.back().plan = PlanCode("enterprise");
    add(tenant("cascade-analytics", "Cascade Analytics LLC", "US", "USD"), "America/Los_Angeles",
        {"1411 Fourth Avenue", "Suite 1200", "Seattle", "WA", "98101"}, TaxCategory::OutOfScope);
    all.back().scale = 134;
    add(tenant("harbour-and-pine", "Harbour & Pine Pte. Ltd.", "SG", "USD"), "Asia/Singapore",
        {"61 Robinson Road", "#14-02", "Singapore", "", "068893"}, TaxCategory::OutOfScope);
    all.back().plan = PlanCode("shared");
    all.back().scale = 160;
    Tenant& berlin = add(tenant("fjordlicht", "Fjordlicht Energie GmbH", "DE", "EUR"), "Europe/Berlin",
                         {"Am Sandtorkai 37", "", "Hamburg", "", "20457"}, TaxCategory::Standard);
    berlin.locale = "en-DE";
    berlin.taxIds = {"DE811193231"};
    Tenant& lyon = add(tenant("atelier-lumiere", "Atelier Lumi\u00e8re SAS", "FR", "EUR"), "Europe/Paris",
                       {"12 rue de la R\u00e9publique", "", "Lyon", "", "69002"}, TaxCategory::ReverseCharge);
    lyon.locale = "en-IE";
    lyon.taxIds = {"FR83404833048"};
    all.back().plan = PlanCode("shared");
    Tenant& munich =
        add(tenant("isarwerk", "Isarwerk Maschinenbau AG & Co. KG", "DE", "EUR"), "Europe/Berlin",
            {"Leopoldstra\u00dfe 154", "", "M\u00fcnchen", "", "80804"}, TaxCategory::Standard);
    munich.locale = "en-DE";
    munich.taxIds = {"DE129274202"};
    all.back().plan = PlanCode("enterprise");
    all.back().scale = 61;
    add(tenant("papaya-notes", "Papaya Notes", "US", "USD"), "America/Chicago",
        {"18 Maple Court", "", "Austin", "TX", "78702"}, TaxCategory::OutOfScope);
    all.back().plan = PlanCode("zero");
    Tenant& dublin = add(tenant("liffey-labs", "Liffey Labs Ltd", "IE", "EUR"), "Europe/Dublin",
                         {"5 Grand Canal Square", "", "Dublin", "", "D02 R299"}, TaxCategory::ReverseCharge);
    dublin.locale = "en-IE";
    dublin.taxIds = {"IE6388047V"};
    all.back().scale = 57;
    return all;
}

std::vector<UsageEvent> usageOfMonth(const Customer& customer, LocalDate firstDay, Random& random)
{
    constexpr std::int64_t microsPerDay = 86'400'000'000;
    std::vector<UsageEvent> events;
    for (int day = 0; day < firstDay.daysInMonth(); ++day) {
        const LocalDate date = firstDay.plusDays(day);
        for (const Metric& metric : metrics()) {
            const auto wobble = static_cast<std::int64_t>(random.next() % 41) + 80; // 80 to 120 per cent
            const std::int64_t growth = 100 + 6 * (date.month() - 8);
            std::int64_t value = metric.perDay * planPercent(customer.plan) / 100 * customer.scale / 100;
            value = value * wobble / 100 * growth / 100 / (isWeekend(date) ? 4 : 1);
            if (value == 0)
                continue;
            // Between 08:00 and 16:00 UTC, which is the same day in every customer's zone, from Los Angeles
            // to Singapore.
            const auto time =
                static_cast<std::int64_t>(random.next() % (microsPerDay / 3)) + microsPerDay / 3;
            events.push_back(
                {customer.tenant.id, "kernel-eu-1", date.toText() + "-" + std::to_string(events.size()),
                 std::string(metric.type), Decimal::fromInteger(value),
                 Instant::fromMicros(date.daysSinceEpoch() * microsPerDay + time), metric.dimensions});
        }
    }
    return events;
}

} // namespace billing::demo
