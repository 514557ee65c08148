// The form every text of a request has to have, whatever it means: a length, and no control characters.
// Business rules are elsewhere. Used by the codecs of this room; any thread.
#pragma once

#include "shared/kernel/currency.h"
#include "shared/model/ids.h"
#include "shared/wire/json_reader.h"

#include <optional>
#include <string>
#include <string_view>

namespace billing::wire {

/// Bytes a text of a request may have.
inline constexpr std::size_t textLimit = 256;

enum class Presence
{
    Required,
    Optional
};

/// Reads a text. Refuses, through the reader: MissingField, WrongType, TooLong, InvalidValue (empty though
/// required), InvalidCharacter (control characters: C0, DEL, C1).
std::string readText(ObjectReader& reader, std::string_view name, Presence presence);

/// As readText, each of at most 20 texts.
std::vector<std::string> readTexts(ObjectReader& reader, std::string_view name);

/// Refuses MissingField, WrongType, InvalidTenantId, ReservedTenantId; the value then is a placeholder, and
/// reader.finish() says no.
TenantId readTenantId(ObjectReader& reader);

/// Member "currency". Refuses MissingField, WrongType, UnknownCurrency; the value then is a placeholder.
Currency readCurrency(ObjectReader& reader);

/// A total as a string, which may have more digits than a quantity from outside. Refuses MissingField,
/// WrongType, InvalidDecimal, AmountOverflow.
Decimal readTotal(ObjectReader& reader, std::string_view name);

/// [a-z0-9_]{1,64}: codes of plans. Refuses MissingField, WrongType, TooLong, InvalidValue.
std::string readCode(ObjectReader& reader, std::string_view name);

} // namespace billing::wire
