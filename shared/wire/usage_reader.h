// How the usage codecs (usage_json.cpp, cloud_event_json.cpp) read a body straight from simdjson, without
// building a tree: every part is either looked at here or passed over, and then the whole body is looked at
// strictly. Inside the room only. One reader per body; each thread keeps a parser of its own.
#pragma once

#include "shared/wire/json_reader.h"
#include "shared/wire/json_text.h"
#include "shared/wire/raw_usage_event.h"

#include <memory>
#include <simdjson.h>
#include <string>

namespace billing::wire {

namespace ondemand = simdjson::ondemand;

/// Whether the reading itself went well; what is wrong with a well-formed event is kept in RawEvent.
enum class Read
{
    Done,
    Broken
};

class EventReader
{
public:
    /// names: what the fields are called in refusals.
    explicit EventReader(const std::array<std::string_view, FieldCount>& names = fieldNames)
        : m_names(names)
    {
    }

    /// True when some value was passed over: simdjson has not looked inside it.
    bool passedOver() const { return m_passedOver; }
    void passOver() { m_passedOver = true; }

    /// An event of our own form.
    Read readEvent(ondemand::value value, RawEvent& event);
    Read readEvent(ondemand::object object, RawEvent& event);

    /// One field of text; Value may also be a number, whose digits are kept as written.
    Read readText(ondemand::value value, Field field, RawEvent& event);
    Read readDimensions(ondemand::value value, RawEvent& event);

    /// Whether the value is of that type; if not, it is passed over and refused as WrongType, unless it is
    /// null, which counts as absent. Broken when there is no value at all.
    Read expect(ondemand::value& value, ondemand::json_type type, std::optional<Error>& refusal,
                std::string_view subject, bool& matches);

private:
    Read readDimension(std::string_view name, ondemand::value value, RawEvent& event);

    const std::array<std::string_view, FieldCount>& m_names;
    bool m_passedOver = false;
};

/// A body with the padding simdjson wants, and the parser that reads it.
struct Parsing
{
    std::string padded;
    ondemand::parser parser;

    bool open(std::string_view body, ondemand::document& document)
    {
        padded.assign(body);
        padded.append(simdjson::SIMDJSON_PADDING, ' ');
        return !parser.iterate(padded.data(), body.size(), padded.size()).get(document);
    }
};

/// Bodies beyond it get a parser of their own, so that one large batch does not stay in memory for ever.
inline constexpr std::size_t keptParserBytes = 1 << 20;

/// Calls read(document) with the body opened. Refuses InvalidUtf8, TooDeep, MalformedJson: read says whether
/// the body is broken, and reader whether parts of it were passed over, which are then looked at strictly.
template <class ReadDocument>
Result<void> readBody(std::string_view body, const EventReader& reader, ReadDocument&& read)
{
    static thread_local Parsing kept;
    std::unique_ptr<Parsing> own = body.size() > keptParserBytes ? std::make_unique<Parsing>() : nullptr;
    Parsing& parsing = own ? *own : kept;

    ondemand::document document;
    const char* rest = nullptr;
    const bool done = !body.starts_with("\xEF\xBB\xBF") && parsing.open(body, document) &&
                      read(document) == Read::Done &&
                      document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS;
    if (done && !reader.passedOver())
        return {};
    if (auto checked = checkJson(body); !checked)
        return checked.error();
    return done ? Result<void>() : Error{ErrorCode::MalformedJson, "body"};
}

/// Whether the first character that is no space is this one.
bool startsWith(std::string_view body, char first);

/// A well-formed body that is not what was expected ("an object") is of the wrong type; anything else is
/// refused as what it is.
Error refusalOfOther(std::string_view body, std::string_view expected);

/// Calls readItem(value) for each element up to maxItems and passes over the rest; count tells all of them.
template <class ReadItem>
Read readItems(ondemand::array array, std::size_t maxItems, std::size_t& count, EventReader& reader,
               ReadItem&& readItem)
{
    for (auto element : array) {
        ondemand::value item;
        if (std::move(element).get(item))
            return Read::Broken;
        if (++count > maxItems) {
            reader.passOver();
            continue;
        }
        if (readItem(item) == Read::Broken)
            return Read::Broken;
    }
    return Read::Done;
}

/// EmptyBatch or TooManyItems, or nothing.
std::optional<Error> refusalOfCount(std::size_t count, std::size_t maxItems, std::string_view subject);

} // namespace billing::wire
