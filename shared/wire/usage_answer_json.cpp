#include "shared/wire/usage_answer_json.h"

#include "shared/wire/json_reader.h"
#include "shared/wire/json_text.h"
#include "shared/wire/problem.h"

namespace billing::wire {

namespace {

constexpr std::array<std::string_view, 5> statusNames{"accepted", "settled", "duplicate", "conflict",
                                                      "rejected"};

EventStatus requiredStatus(ObjectReader& reader)
{
    const std::string name = reader.requiredString("status");
    const auto found = std::find(statusNames.begin(), statusNames.end(), name);
    if (found == statusNames.end()) {
        reader.refuse(ErrorCode::InvalidValue, "status");
        return EventStatus::Rejected;
    }
    return static_cast<EventStatus>(found - statusNames.begin());
}

/// A newer server may send members this version does not know.
Result<void> finishTolerant(const ObjectReader& reader)
{
    auto finished = reader.finish();
    if (!finished && finished.error().code == ErrorCode::UnknownField)
        return {};
    return finished;
}

Result<EventResult> decodeResult(const JsonValue& value, std::size_t index)
{
    ObjectReader reader(value, "results[" + std::to_string(index) + "]");
    EventResult result;
    result.eventId = reader.optionalString("event_id");
    result.status = requiredStatus(reader);
    if (reader.requiredInteger("index") != static_cast<std::int64_t>(index))
        reader.refuse(ErrorCode::InvalidValue, "index", "not in the order sent");
    const std::string code = reader.optionalString("code");
    std::string detail = reader.optionalString("detail");
    std::string subject = reader.optionalString("subject");
    if (!code.empty()) {
        const auto known = parseErrorCode(code);
        result.error = Error{known.value_or(ErrorCode::Internal), std::move(subject),
                             known ? std::move(detail) : code + (detail.empty() ? "" : ": " + detail)};
    }
    if (auto finished = finishTolerant(reader); !finished)
        return finished.error();
    return result;
}

// The hot half of the answer is written by hand: a batch has a thousand results.
void appendResult(std::string& json, const EventResult& result, std::size_t index)
{
    json += '{';
    if (!result.eventId.empty()) {
        json += "\"event_id\":";
        appendJsonString(json, result.eventId);
        json += ',';
    }
    json += "\"status\":\"";
    json += wireName(result.status);
    if (result.error) {
        json += "\",\"code\":\"";
        json += billing::wireName(result.error->code);
    }
    json += '"';
    if (result.error && !result.error->detail.empty()) {
        json += ",\"detail\":";
        appendJsonString(json, result.error->detail);
    }
    if (result.error && !result.error->subject.empty()) {
        json += ",\"subject\":";
        appendJsonString(json, result.error->subject);
    }
    json += ",\"index\":" + std::to_string(index) + '}';
}

} // namespace

std::string_view wireName(EventStatus status)
{
    return statusNames.at(static_cast<std::size_t>(status));
}

std::string encodeUsageAnswer(const UsageAnswer& answer)
{
    std::string json = "{\"results\":[";
    json.reserve(answer.results.size() * 80 + 64);
    for (std::size_t index = 0; index < answer.results.size(); ++index) {
        if (index > 0)
            json += ',';
        appendResult(json, answer.results[index], index);
    }
    json += ']';
    if (answer.position)
        json += ",\"position\":" + std::to_string(answer.position->number());
    if (answer.settled)
        json += *answer.settled ? ",\"settled\":true" : ",\"settled\":false";
    return json + '}';
}

Result<UsageAnswer> decodeUsageAnswer(std::string_view text)
{
    const auto document = JsonDocument::parse(text);
    if (!document)
        return document.error();
    ObjectReader reader(document->root());
    UsageAnswer answer;
    const JsonValue* results = reader.requiredArray("results");
    if (reader.has("position"))
        answer.position = JournalPosition(reader.requiredInteger("position"));
    if (reader.has("settled"))
        answer.settled = reader.optionalBool("settled", false);
    if (auto finished = finishTolerant(reader); !finished)
        return finished.error();
    answer.results.reserve(results->items().size());
    for (std::size_t index = 0; index < results->items().size(); ++index) {
        auto result = decodeResult(results->items()[index], index);
        if (!result)
            return result.error();
        answer.results.push_back(std::move(*result));
    }
    return answer;
}

std::string encodeUsageRecorded(const UsageRecorded& recorded)
{
    std::string json = "{\"event_id\":";
    appendJsonString(json, recorded.eventId);
    json += ",\"recorded\":true,\"position\":" + std::to_string(recorded.position.number());
    if (recorded.status)
        json += ",\"status\":\"" + std::string(wireName(*recorded.status)) + '"';
    return json + '}';
}

Result<UsageRecorded> decodeUsageRecorded(std::string_view text)
{
    const auto document = JsonDocument::parse(text);
    if (!document)
        return document.error();
    ObjectReader reader(document->root());
    UsageRecorded recorded{reader.requiredString("event_id"),
                           JournalPosition(reader.requiredInteger("position"))};
    if (!reader.optionalBool("recorded", false))
        reader.refuse(ErrorCode::InvalidValue, "recorded");
    if (reader.has("status"))
        recorded.status = requiredStatus(reader);
    if (auto finished = finishTolerant(reader); !finished)
        return finished.error();
    return recorded;
}

} // namespace billing::wire
