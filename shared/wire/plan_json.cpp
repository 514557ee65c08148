#include "shared/wire/plan_json.h"

#include "shared/wire/json_reader.h"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>

namespace billing::wire {

namespace {

using Json = nlohmann::ordered_json;

template <class Enum, std::size_t size>
using Names = std::array<std::pair<Enum, std::string_view>, size>;

constexpr Names<Activity, 2> activities{{{Activity::Active, "active"}, {Activity::Inactive, "inactive"}}};
constexpr Names<Interval, 2> intervals{{{Interval::Month, "month"}, {Interval::Year, "year"}}};
constexpr Names<Timing, 2> timings{{{Timing::Advance, "advance"}, {Timing::Arrears, "arrears"}}};
constexpr Names<LimitPolicy, 2> limits{{{LimitPolicy::None, "none"}, {LimitPolicy::Hard, "hard"}}};
constexpr Names<ChargeModel, 3> models{
    {{ChargeModel::Flat, "flat"}, {ChargeModel::PerUnit, "per_unit"}, {ChargeModel::Matrix, "matrix"}}};

template <class Enum, std::size_t size>
std::string nameOf(const Names<Enum, size>& names, Enum value)
{
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const auto& entry) { return entry.first == value; });
    BILLING_ASSERT(found != names.end());
    return std::string(found->second);
}

template <class Enum, std::size_t size>
Enum readName(ObjectReader& reader, std::string_view field, const std::string& text,
              const Names<Enum, size>& names)
{
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const auto& entry) { return entry.second == text; });
    if (found != names.end())
        return found->first;
    reader.refuse(ErrorCode::InvalidValue, field, "'" + text + "' is not one of its names");
    return names.front().first;
}

int readCount(ObjectReader& reader, std::string_view field)
{
    const std::int64_t value = reader.requiredInteger(field);
    if (value >= 0 && value <= std::numeric_limits<int>::max())
        return static_cast<int>(value);
    reader.refuse(ErrorCode::InvalidValue, field, "out of range");
    return 0;
}

Error wrongType(const std::string& path, std::string detail)
{
    return {ErrorCode::WrongType, path, std::move(detail)};
}

// An object whose member names are data: dimensions, prices.

Json toJson(const Dimensions& dimensions)
{
    Json json = Json::object();
    for (const Dimension& dimension : dimensions)
        json[dimension.name] = dimension.value;
    return json;
}

Result<Dimensions> readDimensions(const JsonValue* object, const std::string& path)
{
    Dimensions dimensions;
    if (!object)
        return dimensions;
    for (const JsonValue::Member& member : object->members()) {
        if (member.value.kind() != JsonKind::String)
            return wrongType(path + '.' + member.name, "expected a string");
        dimensions.push_back({member.name, member.value.text()});
    }
    std::sort(dimensions.begin(), dimensions.end());
    return dimensions;
}

Result<std::vector<AllowedValues>> readAllowed(const JsonValue* object, const std::string& path)
{
    std::vector<AllowedValues> all;
    if (!object)
        return all;
    for (const JsonValue::Member& member : object->members()) {
        const std::string place = path + '.' + member.name;
        if (member.value.kind() != JsonKind::Array)
            return wrongType(place, "expected an array");
        AllowedValues allowed{member.name, {}};
        for (const JsonValue& value : member.value.items()) {
            if (value.kind() != JsonKind::String)
                return wrongType(place + '[' + std::to_string(allowed.values.size()) + ']',
                                 "expected a string");
            allowed.values.push_back(value.text());
        }
        std::sort(allowed.values.begin(), allowed.values.end());
        all.push_back(std::move(allowed));
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.dimension < b.dimension; });
    return all;
}

Json toJson(const PriceByCurrency& prices)
{
    Json json = Json::object();
    for (const auto& [currency, price] : prices)
        json[std::string(currency.code())] = price.toText();
    return json;
}

Result<PriceByCurrency> readPrices(const JsonValue* object, const std::string& path)
{
    PriceByCurrency prices;
    if (!object)
        return prices;
    for (const JsonValue::Member& member : object->members()) {
        const std::string place = path + '.' + member.name;
        const auto currency = Currency::parse(member.name);
        if (!currency)
            return Error{currency.error().code, place};
        if (member.value.kind() != JsonKind::String && member.value.kind() != JsonKind::Number)
            return wrongType(place, "expected a decimal");
        const auto price = Decimal::parse(member.value.text());
        if (!price)
            return Error{price.error().code, place};
        prices.emplace(*currency, *price);
    }
    return prices;
}

template <class T>
Result<std::vector<T>> readItems(const JsonValue* array, const std::string& path,
                                 Result<T> (*decode)(const JsonValue&, const std::string&))
{
    std::vector<T> items;
    if (!array)
        return items;
    for (const JsonValue& item : array->items()) {
        const std::string place = path + '[' + std::to_string(items.size()) + ']';
        if (item.kind() != JsonKind::Object)
            return wrongType(place, "expected an object");
        Result<T> decoded = decode(item, place);
        if (!decoded)
            return decoded.error();
        items.push_back(std::move(*decoded));
    }
    return items;
}

Json toJson(const Meter& meter);
Json toJson(const MatrixPrice& cell);
Json toJson(const Charge& charge);
Json toJson(const PlanVersion& plan);

template <class T>
Json toJson(const std::vector<T>& items)
{
    Json json = Json::array();
    for (const T& item : items)
        json.push_back(toJson(item));
    return json;
}

// Meters

Json toJson(const Meter& meter)
{
    Json json;
    json["code"] = meter.code.text();
    json["version"] = meter.version;
    json["metric_type"] = meter.metricType;
    json["aggregation"] = wireName(meter.aggregation);
    if (!meter.filter.empty())
        json["filter"] = toJson(meter.filter);
    if (!meter.dimensions.empty())
        json["dimensions"] = meter.dimensions;
    if (!meter.allowed.empty()) {
        Json& allowed = json["allowed_values"] = Json::object();
        for (const AllowedValues& values : meter.allowed)
            allowed[values.dimension] = values.values;
    }
    json["unit"] = meter.unit;
    json["name"] = meter.name;
    json["activity"] = nameOf(activities, meter.activity);
    return json;
}

Result<Meter> meterFrom(const JsonValue& object, const std::string& path)
{
    ObjectReader reader(object, path);
    Meter meter{.code = MeterCode(reader.requiredString("code")),
                .version = readCount(reader, "version"),
                .metricType = reader.requiredString("metric_type")};
    const auto aggregation = parseAggregation(reader.requiredString("aggregation"));
    if (aggregation)
        meter.aggregation = *aggregation;
    else
        reader.refuse(ErrorCode::InvalidValue, "aggregation");
    const JsonValue* filter = reader.optionalObject("filter");
    meter.dimensions = reader.optionalStrings("dimensions");
    const JsonValue* allowed = reader.optionalObject("allowed_values");
    meter.unit = reader.requiredString("unit");
    meter.name = reader.requiredString("name");
    meter.activity = readName(reader, "activity", reader.optionalString("activity", "active"), activities);
    if (const auto done = reader.finish(); !done)
        return done.error();
    auto dimensions = readDimensions(filter, reader.pathOf("filter"));
    if (!dimensions)
        return dimensions.error();
    meter.filter = std::move(*dimensions);
    auto values = readAllowed(allowed, reader.pathOf("allowed_values"));
    if (!values)
        return values.error();
    meter.allowed = std::move(*values);
    return meter;
}

// Plans

Json toJson(const MatrixPrice& cell)
{
    Json json;
    json["match"] = toJson(cell.match);
    json["price"] = toJson(cell.price);
    return json;
}

Result<MatrixPrice> cellFrom(const JsonValue& object, const std::string& path)
{
    ObjectReader reader(object, path);
    const JsonValue* match = reader.requiredObject("match");
    const JsonValue* price = reader.requiredObject("price");
    if (const auto done = reader.finish(); !done)
        return done.error();
    auto dimensions = readDimensions(match, reader.pathOf("match"));
    if (!dimensions)
        return dimensions.error();
    auto prices = readPrices(price, reader.pathOf("price"));
    if (!prices)
        return prices.error();
    return MatrixPrice{std::move(*dimensions), std::move(*prices)};
}

Json toJson(const Charge& charge)
{
    Json json;
    json["code"] = charge.code;
    json["name"] = charge.name;
    json["model"] = nameOf(models, charge.model);
    if (charge.meter)
        json["meter"] = charge.meter->text();
    json["timing"] = nameOf(timings, charge.timing);
    if (charge.included)
        json["included"] = charge.included->toText();
    if (charge.unlimited)
        json["unlimited"] = true;
    json["limit"] = nameOf(limits, charge.limit);
    json["unit_divisor"] = charge.unitDivisor.toText();
    if (!charge.price.empty())
        json["price"] = toJson(charge.price);
    if (!charge.matrix.empty())
        json["matrix"] = toJson(charge.matrix);
    return json;
}

Result<Charge> chargeFrom(const JsonValue& object, const std::string& path)
{
    ObjectReader reader(object, path);
    Charge charge;
    charge.code = reader.requiredString("code");
    charge.name = reader.requiredString("name");
    charge.model = readName(reader, "model", reader.requiredString("model"), models);
    if (const std::string meter = reader.optionalString("meter"); reader.has("meter"))
        charge.meter = MeterCode(meter);
    charge.timing = readName(reader, "timing", reader.optionalString("timing", "arrears"), timings);
    charge.included = reader.optionalDecimal("included");
    charge.unlimited = reader.optionalBool("unlimited", false);
    charge.limit = readName(reader, "limit", reader.optionalString("limit", "none"), limits);
    charge.unitDivisor = reader.optionalDecimal("unit_divisor").value_or(charge.unitDivisor);
    const JsonValue* price = reader.optionalObject("price");
    const JsonValue* matrix = reader.optionalArray("matrix");
    if (const auto done = reader.finish(); !done)
        return done.error();
    auto prices = readPrices(price, reader.pathOf("price"));
    if (!prices)
        return prices.error();
    auto cells = readItems(matrix, reader.pathOf("matrix"), cellFrom);
    if (!cells)
        return cells.error();
    charge.price = std::move(*prices);
    charge.matrix = std::move(*cells);
    return charge;
}

Json toJson(const PlanVersion& plan)
{
    Json json;
    json["code"] = plan.code.text();
    json["version"] = plan.version;
    json["name"] = plan.name;
    json["tier"] = wireName(plan.tier);
    json["interval"] = nameOf(intervals, plan.interval);
    json["activity"] = nameOf(activities, plan.activity);
    json["net_days"] = plan.netDays;
    json["charges"] = toJson(plan.charges);
    return json;
}

Result<PlanVersion> planFrom(const JsonValue& object, const std::string& path)
{
    ObjectReader reader(object, path);
    PlanVersion plan{.code = PlanCode(reader.requiredString("code")),
                     .version = readCount(reader, "version"),
                     .name = reader.requiredString("name")};
    const auto tier = parseTier(reader.requiredString("tier"));
    if (tier)
        plan.tier = *tier;
    else
        reader.refuse(ErrorCode::InvalidValue, "tier");
    plan.interval = readName(reader, "interval", reader.requiredString("interval"), intervals);
    plan.activity = readName(reader, "activity", reader.optionalString("activity", "active"), activities);
    plan.netDays = readCount(reader, "net_days");
    const JsonValue* charges = reader.requiredArray("charges");
    if (const auto done = reader.finish(); !done)
        return done.error();
    auto items = readItems(charges, reader.pathOf("charges"), chargeFrom);
    if (!items)
        return items.error();
    plan.charges = std::move(*items);
    return plan;
}

Result<Catalog> catalogFrom(const JsonValue& object, const std::string& path)
{
    ObjectReader reader(object, path);
    const JsonValue* meterList = reader.requiredArray("meters");
    const JsonValue* planList = reader.requiredArray("plans");
    if (const auto done = reader.finish(); !done)
        return done.error();
    auto meters = readItems(meterList, reader.pathOf("meters"), meterFrom);
    if (!meters)
        return meters.error();
    auto plans = readItems(planList, reader.pathOf("plans"), planFrom);
    if (!plans)
        return plans.error();
    return Catalog{std::move(*meters), std::move(*plans)};
}

template <class T>
Result<T> decode(std::string_view json, Result<T> (*from)(const JsonValue&, const std::string&))
{
    const auto document = JsonDocument::parse(json);
    if (!document)
        return document.error();
    return from(document->root(), {});
}

// Bytes that are not UTF-8 cannot come out of a decoder; replaced rather than thrown over.
std::string write(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

std::string encodeMeter(const Meter& meter)
{
    return write(toJson(meter));
}

std::string encodePlan(const PlanVersion& plan)
{
    return write(toJson(plan));
}

std::string encodeCatalog(const Catalog& catalog)
{
    Json json;
    json["meters"] = toJson(catalog.meters);
    json["plans"] = toJson(catalog.plans);
    return write(json);
}

Result<Meter> decodeMeter(std::string_view json)
{
    return decode(json, meterFrom);
}

Result<PlanVersion> decodePlan(std::string_view json)
{
    return decode(json, planFrom);
}

Result<Catalog> decodeCatalog(std::string_view json)
{
    return decode(json, catalogFrom);
}

} // namespace billing::wire
