// Strict reading of small JSON documents (requests, plans, snapshots; usage batches have their own faster
// reader). Valid UTF-8 without BOM, no duplicate key at any level, bounded depth; numbers are read as the
// digits written, never as floating point. An ObjectReader collects the first refusal, so that decoders read
// straight down:
//
//     ObjectReader reader(document->root());
//     const std::string plan = reader.requiredString("plan");
//     const LocalDate start = reader.requiredDate("starts_on");
//     if (auto done = reader.finish(); !done)     // also refuses fields nobody asked for, by name
//         return done.error();
//
// Values only, one thread at a time. Source: RFC 8259, RFC 7493 (I-JSON: unique names).
#pragma once

#include "shared/kernel/decimal.h"
#include "shared/kernel/instant.h"
#include "shared/kernel/local_date.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace billing::wire {

enum class JsonKind
{
    Null,
    Bool,
    Number,
    String,
    Array,
    Object
};

/// A node of a parsed document; valid as long as its document.
class JsonValue
{
public:
    struct Member;

    JsonKind kind() const noexcept { return m_kind; }
    bool boolean() const noexcept { return m_boolean; }
    /// A string's content, or a number's digits as written.
    const std::string& text() const noexcept { return m_text; }
    const std::vector<JsonValue>& items() const noexcept { return m_items; }  ///< of an array
    const std::vector<Member>& members() const noexcept { return m_members; } ///< of an object, in order

private:
    friend class JsonBuilder;

    JsonKind m_kind = JsonKind::Null;
    bool m_boolean = false;
    std::string m_text;
    std::vector<JsonValue> m_items;
    std::vector<Member> m_members;
};

struct JsonValue::Member
{
    std::string name;
    JsonValue value;
};

class JsonDocument
{
public:
    static constexpr int depthLimit = 32;
    /// A value takes about 90 bytes of memory however short its text is.
    static constexpr std::size_t valueLimit = 1'000'000;

    /// Refuses, in order: InvalidUtf8, TooDeep, TooManyItems, MalformedJson (also trailing text, a BOM, and
    /// NUL in a string), DuplicateKey (subject: the key).
    static Result<JsonDocument> parse(std::string_view text);

    const JsonValue& root() const noexcept { return *m_root; }

private:
    std::shared_ptr<const JsonValue> m_root;
};

class ObjectReader
{
public:
    /// path names the object in refusals: "lines[3]" makes the subject of a bad amount "lines[3].amount".
    explicit ObjectReader(const JsonValue& object, std::string path = {});

    bool has(std::string_view name) const;

    // Each reads one member. Required ones refuse MissingField; null counts as absent; another type refuses
    // WrongType; a text outside its grammar refuses with the code of its parser. After a refusal they return
    // an empty value.
    std::string requiredString(std::string_view name);
    std::string optionalString(std::string_view name, std::string_view otherwise = {});
    std::int64_t requiredInteger(std::string_view name);
    std::int64_t optionalInteger(std::string_view name, std::int64_t otherwise);
    bool optionalBool(std::string_view name, bool otherwise);
    /// A string, or a number whose digits fit the decimal grammar.
    Decimal requiredDecimal(std::string_view name);
    std::optional<Decimal> optionalDecimal(std::string_view name);
    LocalDate requiredDate(std::string_view name);
    std::optional<LocalDate> optionalDate(std::string_view name);
    Instant requiredInstant(std::string_view name);
    std::optional<Instant> optionalInstant(std::string_view name);
    std::vector<std::string> optionalStrings(std::string_view name);
    /// nullptr when absent (required ones refuse MissingField) or of another kind (refused).
    const JsonValue* requiredObject(std::string_view name);
    const JsonValue* optionalObject(std::string_view name);
    const JsonValue* requiredArray(std::string_view name);
    const JsonValue* optionalArray(std::string_view name);

    /// Records a refusal found by the caller, unless there is one already.
    void refuse(ErrorCode code, std::string_view name, std::string detail = {});
    /// "lines[3].amount"
    std::string pathOf(std::string_view name) const;

    /// The first refusal, else UnknownField for the first member nobody read.
    Result<void> finish() const;

private:
    const JsonValue* take(std::string_view name);
    const JsonValue* required(std::string_view name, JsonKind kind);
    const JsonValue* optional(std::string_view name, JsonKind kind);

    const JsonValue* m_object;
    std::string m_path;
    std::vector<bool> m_read;
    std::optional<Error> m_error;
};

} // namespace billing::wire
