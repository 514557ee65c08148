#include "tests/fuzz/api_grammar.h"

#include <numeric>

namespace billing::fuzz {

namespace {

using Words = std::string_view;

/// A target with the parameters that are given.
class Target
{
public:
    explicit Target(std::string path)
        : m_text("/api/v1/" + std::move(path))
    {
    }
    Target& with(Words name, const std::string& value)
    {
        m_text.append(1, m_hasQuery ? '&' : '?').append(name).append(1, '=').append(percentEncoded(value));
        m_hasQuery = true;
        return *this;
    }
    /// Once in so many.
    Target& perhaps(Choices& choices, std::size_t in, Words name, const std::string& value)
    {
        return choices.once(in) ? with(name, value) : *this;
    }
    const std::string& text() const { return m_text; }

private:
    std::string m_text;
    bool m_hasQuery = false;
};

Asked get(const Target& target)
{
    return {"GET", target.text()};
}

Asked post(Choices& choices, const Target& target, std::string body)
{
    Asked asked{"POST", target.text(), {{"Content-Type", "application/json"}}, std::move(body)};
    if (choices.once(8))
        asked.headers.emplace_back("Idempotency-Key", "key-" + std::to_string(choices.below(4)));
    return asked;
}

std::string member(Words name, const std::string& text)
{
    return '"' + std::string(name) + "\":" + jsonText(text);
}

/// value: a text that is a number, mostly written as a text.
std::string valueMember(Choices& choices)
{
    const std::string value = aDecimal(choices);
    return choices.once(8) ? "\"value\":" + value : member("value", value);
}

std::string dimensions(Choices& choices)
{
    constexpr Words names[] = {"direction", "model", "kind", "class", "region", "", "MODEL"};
    std::string json = "{";
    for (std::size_t count = choices.below(4); count > 0; --count)
        json += (json.size() > 1 ? "," : "") + member(choices.of(names), aText(choices));
    return json + '}';
}

std::string usualDimensions(const std::string& metric)
{
    return metric == "llm_tokens"     ? R"({"direction":"output","model":"gpt4"})"
           : metric == "compute_time" ? R"({"kind":"cpu"})"
                                      : "{}";
}

std::string timestamp(Choices& choices)
{
    constexpr Words recent[] = {"2026-09-15T11:59:59Z",        "2026-09-01T00:00:00+02:00",
                                "2026-08-31T23:59:59.999999Z", "2026-09-14T10:30:00-12:00",
                                "2026-09-15T12:04:59Z",        "2026-08-12T00:00:00+14:00"};
    return choices.byte() % 4 == 3 ? anInstant(choices) : std::string(choices.of(recent));
}

std::string eventId(Choices& choices)
{
    return choices.once(16) ? aText(choices) : "evt-" + std::to_string(choices.below(65'536));
}

std::string event(Choices& choices, const Known& known)
{
    const std::string metric = aMetric(choices);
    std::string json = '{' + member("event_id", eventId(choices)) + ',' +
                       member("tenant_id", aTenant(choices, known)) + ',' + member("metric_type", metric) +
                       ',' + valueMember(choices) + ',' + member("timestamp", timestamp(choices));
    if (choices.once(8))
        json += ',' + member("source", aText(choices));
    return json + ",\"dimensions\":" + (choices.once(3) ? dimensions(choices) : usualDimensions(metric)) +
           '}';
}

std::string cloudEvent(Choices& choices, const Known& known)
{
    const std::string metric = aMetric(choices);
    std::string json = R"({"specversion":"1.0",)" + member("id", eventId(choices)) + ',' +
                       member("source", choices.once(8) ? aText(choices) : "kernel-1") + ',' +
                       member("subject", aTenant(choices, known)) + ',' + member("type", metric) + ',' +
                       member("time", timestamp(choices));
    if (choices.once(8))
        json += ',' + member("datacontenttype", choices.once(2) ? aText(choices) : "application/json");
    if (choices.once(8))
        json += ',' + member("traceparent", aText(choices));
    return json + ",\"data\":{" + valueMember(choices) + ",\"dimensions\":" + usualDimensions(metric) + "}}";
}

std::string events(Choices& choices, const Known& known, Words separator,
                   std::string (*one)(Choices&, const Known&))
{
    std::string all;
    const std::size_t count = choices.once(256) ? choices.below(1'010) : 1 + choices.below(4);
    for (std::size_t i = 0; i < count; ++i)
        all.append(i > 0 ? separator : "").append(one(choices, known));
    return all;
}

Asked usageTo(Choices& choices, const Known& known, const char* path)
{
    Target target(path);
    target.perhaps(choices, 4, "wait", choices.once(8) ? aText(choices) : "settled");
    Asked asked = post(choices, target, {});
    switch (choices.byte() % 6) {
    case 0:
        asked.body = event(choices, known);
        break;
    case 1:
        asked.headers.front().second = "application/x-ndjson";
        asked.body = events(choices, known, "\n", event);
        break;
    case 2:
        asked.headers.front().second = "application/cloudevents+json";
        asked.body = cloudEvent(choices, known);
        break;
    case 3:
        asked.headers.front().second = "application/cloudevents-batch+json";
        asked.body = '[' + events(choices, known, ",", cloudEvent) + ']';
        break;
    default:
        asked.body = R"({"events":[)" + events(choices, known, ",", event) + "]}";
    }
    return asked;
}

Asked postUsage(Choices& choices, const Known& known)
{
    return usageTo(choices, known, "usage");
}

Asked postUsageBatch(Choices& choices, const Known& known)
{
    return usageTo(choices, known, "usage/batch");
}

void perhapsFresh(Choices& choices, const Known& known, Target& target)
{
    if (!choices.once(8))
        return;
    target.with("at_least", choices.once(2) ? aNumber(choices) : choices.of(known.positions));
    target.perhaps(choices, 2, "wait", aNumber(choices));
}

Asked getCurrentUsage(Choices& choices, const Known& known)
{
    constexpr Words periods[] = {"current_billing_period", "current_month", "current_year", "current_day",
                                 ""};
    Target target("usage/current");
    target.with("tenant_id", aTenant(choices, known)).with("metric_type", aMetric(choices));
    if (choices.once(2))
        target.with("period", std::string(choices.of(periods)));
    perhapsFresh(choices, known, target);
    return get(target);
}

Asked getUsage(Choices& choices, const Known& known)
{
    constexpr Words granularities[] = {"day", "hour", "month", "total", "week", "DAY"};
    constexpr Words groups[] = {"model", "direction,model", "kind",      "class", "model,model,direction",
                                ",",     "nothing",         "direction,"};
    Target target("usage/" + percentEncoded(aTenant(choices, known)));
    const auto [from, to] = aSpan(choices);
    target.with("metric_type", aMetric(choices)).with("from", from).with("to", to);
    if (!choices.once(6))
        target.with("granularity", std::string(choices.of(granularities)));
    if (choices.once(4))
        target.with("group_by", choices.once(8) ? aText(choices) : std::string(choices.of(groups)));
    perhapsFresh(choices, known, target);
    return get(target);
}

void perhapsPage(Choices& choices, const Known& known, Target& target)
{
    if (choices.once(3))
        target.with("limit", aNumber(choices));
    if (choices.once(4))
        target.with("cursor", choices.once(4) ? choices.raw(80) : choices.of(known.cursors));
}

std::string aCountry(Choices& choices)
{
    constexpr Words countries[] = {"DE", "US", "MX", "FR", "GR", "EL", "UK", "XI", "ZZ", "Germany", ""};
    return std::string(choices.of(countries));
}

std::string aTaxId(Choices& choices)
{
    constexpr Words ids[] = {
        "DE136695976", "fr 40 303 265 045",    "FR40303265045",  "FR40303265046",  "n/a", "EL094259216",
        "XI110305878", "CHE-116.281.710 MWST", "NO995525828MVA", "EIN 12-3456789", "-"};
    return choices.once(4) ? aText(choices) : std::string(choices.of(ids));
}

constexpr Words categories[] = {"S", "Z", "E", "AE", "G", "O", "X"};

Asked postTenant(Choices& choices, const Known& known)
{
    constexpr Words currencies[] = {"EUR", "USD", "MXN", "JPY", "BHD", "XXX", "eur", ""};
    constexpr Words locales[] = {"en-DE", "ar-AE", "fa-IR", "ja-JP", "C", "xx", "de", ""};
    std::string id = choices.once(4) ? aTenant(choices, known) : "t-" + std::to_string(choices.below(65'536));
    std::string json = '{' + member("tenant_id", id) + ',' +
                       member("legal_name", choices.once(2) ? aText(choices) : "Fjordlicht GmbH") + ',' +
                       member("country", choices.once(2) ? aCountry(choices) : "DE") + ',' +
                       member("currency", choices.once(2) ? std::string(choices.of(currencies)) : "EUR") +
                       ',' + member("time_zone", aZone(choices)) + ',' +
                       member("locale", choices.once(2) ? std::string(choices.of(locales)) : "en-DE");
    if (choices.once(4))
        json += ",\"tax_ids\":[" + jsonText(aTaxId(choices)) + ']';
    if (choices.once(4))
        json += ',' + member("tax_category", std::string(choices.of(categories)));
    if (choices.once(4))
        json +=
            ",\"address\":{" + member("line1", aText(choices)) + ',' + member("city", aText(choices)) + '}';
    if (choices.once(4))
        json += ',' + member("email", aText(choices));
    return post(choices, Target("tenants"), json + '}');
}

Asked getTenants(Choices& choices, const Known& known)
{
    Target target("tenants");
    if (choices.once(3))
        target.with("text", aText(choices));
    perhapsPage(choices, known, target);
    return get(target);
}

Asked getTenant(Choices& choices, const Known& known)
{
    return get(Target("tenants/" + percentEncoded(aTenant(choices, known))));
}

Asked patchTenant(Choices& choices, const Known& known)
{
    std::string members;
    const auto add = [&](const std::string& one) { members += (members.empty() ? "" : ",") + one; };
    if (choices.once(2))
        add(member("legal_name", choices.once(2) ? aText(choices) : "Fjordlicht AG"));
    if (choices.once(4))
        add(member("country", aCountry(choices)));
    if (choices.once(4))
        add("\"tax_ids\":[" + jsonText(aTaxId(choices)) + ']');
    if (choices.once(4))
        add(member("tax_category", std::string(choices.of(categories))));
    if (choices.once(4))
        add("\"address\":{" + member("line1", aText(choices)) + ",\"line2\":null}");
    if (choices.once(8))
        add(member("time_zone", aZone(choices)));
    if (choices.once(16))
        add("\"email\":null");
    Asked asked =
        post(choices, Target("tenants/" + percentEncoded(aTenant(choices, known))), '{' + members + '}');
    asked.method = "PATCH";
    if (choices.once(2))
        asked.headers.front().second = "application/merge-patch+json";
    if (!choices.once(8))
        asked.headers.emplace_back("If-Match", choices.once(4) ? choices.raw(20) : "*");
    return asked;
}

/// The lists of what is strange or set aside.
Asked listed(Choices& choices, const Known& known, const char* path)
{
    Target target(path);
    if (choices.once(3))
        target.with("tenant_id", aTenant(choices, known));
    perhapsPage(choices, known, target);
    return get(target);
}

Asked getConflicts(Choices& choices, const Known& known)
{
    return listed(choices, known, "conflicts");
}

Asked getUnlistedValues(Choices& choices, const Known& known)
{
    return listed(choices, known, "unlisted-values");
}

Asked getNeedsAttention(Choices& choices, const Known& known)
{
    constexpr Words kinds[] = {"document", "period", "dead_letter", "conflict", "unlisted_value",
                               "DOCUMENT", ""};
    Asked asked = listed(choices, known, "needs-attention");
    if (choices.once(3))
        asked.target += std::string(asked.target.find('?') == std::string::npos ? "?" : "&") +
                        "kind=" + std::string(choices.of(kinds));
    return asked;
}

Asked getStanding(Choices& choices, const Known& known)
{
    return get(Target("tenants/" + percentEncoded(aTenant(choices, known)) + "/standing"));
}

Asked postSubscription(Choices& choices, const Known& known)
{
    constexpr Words plans[] = {"shared", "lite", "zero", "enterprise", "air_gapped", "gold", "Lite", ""};
    constexpr Words free[] = {"t-free1", "t-free2", "t-free3"}; // without a contract at the start
    const std::string tenant = choices.once(2) ? aTenant(choices, known) : std::string(choices.of(free));
    std::string json = '{' + member("tenant_id", tenant) + ',' +
                       member("plan", std::string(choices.of(plans))) + ',' +
                       member("starts_on", aDate(choices));
    if (choices.once(3))
        json += ',' + member("bill_from", aDate(choices));
    if (choices.once(8))
        json += ",\"confirm_periods\":" + aNumber(choices);
    return post(choices, Target("subscriptions"), json + '}');
}

Asked getSubscriptions(Choices& choices, const Known& known)
{
    return get(Target("subscriptions").with("tenant_id", aTenant(choices, known)));
}

Asked getPlans(Choices& choices, const Known&)
{
    return get(Target("plans").perhaps(choices, 8, "limit", "1"));
}

Asked postInvoice(Choices& choices, const Known& known)
{
    const auto [start, end] = aPeriod(choices);
    std::string json = '{' + member("tenant_id", aTenant(choices, known)) + ',' +
                       member("period_start", start) + ',' + member("period_end", end);
    if (choices.once(2))
        json += ",\"dry_run\":true";
    return post(choices, Target("invoices"), json + '}');
}

Asked getInvoices(Choices& choices, const Known& known)
{
    constexpr Words states[] = {"draft", "finalised", "void", "paid", ""};
    Target target("invoices");
    if (choices.once(4))
        target.with("tenant_id", aTenant(choices, known));
    if (choices.once(4))
        target.with("status", std::string(choices.of(states)));
    if (choices.once(4))
        target.with("text", aText(choices));
    if (choices.once(4))
        target.with("issued_from", aDate(choices));
    if (choices.once(4))
        target.with("issued_to", aDate(choices));
    perhapsPage(choices, known, target);
    return get(target);
}

Asked getInvoice(Choices& choices, const Known& known)
{
    return get(Target("invoices/" + percentEncoded(anInvoice(choices, known))));
}

Asked getInvoicePdf(Choices& choices, const Known& known)
{
    return get(Target("invoices/" + percentEncoded(anInvoice(choices, known)) + "/pdf"));
}

Asked postFinalise(Choices& choices, const Known& known)
{
    return post(choices, Target("invoices/" + percentEncoded(anInvoice(choices, known)) + "/finalise"), {});
}

Asked getLive(Choices&, const Known&)
{
    return {"GET", "/health/live"};
}

Asked getReady(Choices&, const Known&)
{
    return {"GET", "/health/ready"};
}

constexpr Grammar table[] = {
    {"POST /api/v1/usage", 10, postUsage},
    {"POST /api/v1/usage/batch", 4, postUsageBatch},
    {"GET /api/v1/usage/current", 8, getCurrentUsage},
    {"GET /api/v1/usage/{}", 20, getUsage},
    {"POST /api/v1/tenants", 6, postTenant},
    {"GET /api/v1/tenants", 4, getTenants},
    {"GET /api/v1/tenants/{}", 2, getTenant},
    {"PATCH /api/v1/tenants/{}", 4, patchTenant},
    {"GET /api/v1/conflicts", 2, getConflicts},
    {"GET /api/v1/unlisted-values", 2, getUnlistedValues},
    {"GET /api/v1/needs-attention", 3, getNeedsAttention},
    {"GET /api/v1/tenants/{}/standing", 6, getStanding},
    {"POST /api/v1/subscriptions", 10, postSubscription},
    {"GET /api/v1/subscriptions", 2, getSubscriptions},
    {"GET /api/v1/plans", 1, getPlans},
    {"POST /api/v1/invoices", 10, postInvoice},
    {"GET /api/v1/invoices", 5, getInvoices},
    {"GET /api/v1/invoices/{}", 2, getInvoice},
    {"GET /api/v1/invoices/{}/pdf", 3, getInvoicePdf},
    {"POST /api/v1/invoices/{}/finalise", 5, postFinalise},
    {"GET /health/live", 1, getLive},
    {"GET /health/ready", 1, getReady},
};

/// Cuts, doubles or replaces a few bytes.
void bend(Choices& choices, std::string& text)
{
    if (text.empty())
        return;
    const std::size_t at = choices.below(text.size());
    switch (choices.byte() % 4) {
    case 0:
        text.erase(at, 1 + choices.below(16));
        break;
    case 1:
        text.insert(at, text.substr(at, 1 + choices.below(32)));
        break;
    case 2:
        text.insert(at, choices.raw(8));
        break;
    default:
        text[at] = static_cast<char>(choices.byte());
    }
}

} // namespace

std::span<const Grammar> grammar()
{
    return table;
}

Asked aRequest(Choices& choices, const Known& known)
{
    constexpr int whole = std::accumulate(std::begin(table), std::end(table), 0,
                                          [](int sum, const Grammar& entry) { return sum + entry.weight; });
    int left = static_cast<int>(choices.below(whole));
    const Grammar* entry = table;
    while (left >= entry->weight)
        left -= (entry++)->weight;
    Asked asked = entry->write(choices, known);
    switch (choices.byte() % 64) {
    case 1:
    case 2:
        bend(choices, asked.target);
        break;
    case 3:
    case 4:
        bend(choices, asked.body);
        break;
    case 5: {
        constexpr Words methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"};
        asked.method = choices.of(methods);
        break;
    }
    case 6:
        asked.headers.emplace_back(choices.of(std::array<const char*, 4>{"Content-Type", "Idempotency-Key",
                                                                         "If-Match", "Authorization"}),
                                   aText(choices));
        break;
    case 7:
    case 8:
    case 9:
    case 10:
        asked.caller = static_cast<Caller>(choices.below(8));
        break;
    default:
        break;
    }
    return asked;
}

} // namespace billing::fuzz
