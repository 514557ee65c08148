#include "shared/model/text_rules.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

namespace billing {

namespace {

/// What a character is to these rules.
enum class Kind
{
    Visible,
    Combining, ///< drawn on the character before it
    Blank,     ///< takes room and shows nothing
    Mark,      ///< LRM, RLM, ALM
    Joiner,
    Selector,
    Control,
    Directional,
    Invisible,
    Private,
    Nothing ///< no character, now or ever
};

struct Range
{
    char32_t first;
    char32_t last;
    Kind kind;
};

/// In order. What is in none of them is visible.
constexpr std::array ranges{
    Range{0x0000, 0x001F, Kind::Control},     Range{0x0020, 0x0020, Kind::Blank},
    Range{0x007F, 0x009F, Kind::Control},     Range{0x00A0, 0x00A0, Kind::Blank},
    Range{0x00AD, 0x00AD, Kind::Invisible},   // soft hyphen
    Range{0x0300, 0x034E, Kind::Combining},   // combining diacritical marks
    Range{0x034F, 0x034F, Kind::Invisible},   // combining grapheme joiner
    Range{0x0350, 0x036F, Kind::Combining},   //
    Range{0x061C, 0x061C, Kind::Mark},        // ALM
    Range{0x115F, 0x1160, Kind::Invisible},   // Hangul fillers
    Range{0x1680, 0x1680, Kind::Blank},       // Ogham space
    Range{0x17B4, 0x17B5, Kind::Invisible},   // Khmer inherent vowels
    Range{0x180B, 0x180D, Kind::Selector},    // Mongolian variation selectors
    Range{0x180E, 0x180E, Kind::Joiner},      // Mongolian vowel separator
    Range{0x180F, 0x180F, Kind::Selector},    //
    Range{0x1AB0, 0x1AFF, Kind::Combining},   // combining diacritical marks extended
    Range{0x1DC0, 0x1DFF, Kind::Combining},   // ... supplement
    Range{0x2000, 0x200A, Kind::Blank},       // en quad to hair space
    Range{0x200B, 0x200B, Kind::Invisible},   // zero width space
    Range{0x200C, 0x200D, Kind::Joiner},      // ZWNJ, ZWJ
    Range{0x200E, 0x200F, Kind::Mark},        // LRM, RLM
    Range{0x2028, 0x2029, Kind::Control},     // line and paragraph separator
    Range{0x202A, 0x202E, Kind::Directional}, // embeddings, overrides
    Range{0x202F, 0x202F, Kind::Blank},       // narrow no-break space
    Range{0x205F, 0x205F, Kind::Blank},       // mathematical space
    Range{0x2060, 0x2065, Kind::Invisible},   // word joiner, invisible operators
    Range{0x2066, 0x2069, Kind::Directional}, // isolates
    Range{0x206A, 0x206F, Kind::Invisible},   // deprecated format characters
    Range{0x20D0, 0x20FF, Kind::Combining},   // ... for symbols
    Range{0x2800, 0x2800, Kind::Blank},       // Braille pattern without dots
    Range{0x3000, 0x3000, Kind::Blank},       // ideographic space
    Range{0x3164, 0x3164, Kind::Invisible},   // Hangul filler
    Range{0xD800, 0xDFFF, Kind::Nothing},     // surrogates, which UTF-8 cannot hold
    Range{0xE000, 0xF8FF, Kind::Private},     //
    Range{0xFDD0, 0xFDEF, Kind::Nothing},     // noncharacters
    Range{0xFE00, 0xFE0F, Kind::Selector},    // variation selectors
    Range{0xFE20, 0xFE2F, Kind::Combining},   // combining half marks
    Range{0xFEFF, 0xFEFF, Kind::Invisible},   // byte order mark
    Range{0xFFA0, 0xFFA0, Kind::Invisible},   // half width Hangul filler
    Range{0xFFF0, 0xFFFC, Kind::Invisible},   // annotation, object replacement
    Range{0x13430, 0x1343F, Kind::Invisible}, // Egyptian hieroglyph format controls
    Range{0x16FE4, 0x16FE4, Kind::Invisible}, // Khitan filler
    Range{0x1BCA0, 0x1BCA3, Kind::Invisible}, // shorthand format controls
    Range{0x1D159, 0x1D159, Kind::Invisible}, // musical symbol null notehead
    Range{0x1D173, 0x1D17A, Kind::Invisible}, // musical format characters
    Range{0x40000, 0xDFFFF, Kind::Nothing},   // planes without characters
    Range{0xE0000, 0xE00FF, Kind::Invisible}, // tag characters
    Range{0xE0100, 0xE01EF, Kind::Selector},  // variation selectors supplement
    Range{0xE01F0, 0xEFFFF, Kind::Nothing},   //
    Range{0xF0000, 0x10FFFF, Kind::Private},  // planes 15 and 16
};

constexpr int combiningLimit = 8;

Kind kindOf(char32_t c)
{
    if ((c & 0xFFFE) == 0xFFFE) // the last two of each plane
        return Kind::Nothing;
    const auto found = std::partition_point(ranges.begin(), ranges.end(),
                                            [&](const Range& range) { return range.last < c; });
    return found != ranges.end() && found->first <= c ? found->kind : Kind::Visible;
}

/// Reads a text character by character (RFC 3629).
class Characters
{
public:
    explicit Characters(std::string_view utf8)
        : m_left(utf8)
    {
    }

    bool atEnd() const { return m_left.empty(); }
    std::size_t bytesLeft() const { return m_left.size(); }

    /// The next character; none when it is malformed: cut short, overlong, a surrogate or beyond U+10FFFF.
    std::optional<char32_t> next()
    {
        const auto lead = byteAt(0);
        const std::size_t length = lead < 0x80             ? 1
                                   : (lead & 0xE0) == 0xC0 ? 2
                                   : (lead & 0xF0) == 0xE0 ? 3
                                   : (lead & 0xF8) == 0xF0 ? 4
                                                           : 0;
        if (length == 0 || length > m_left.size())
            return {};
        constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
        char32_t c = length == 1 ? lead : lead & (0x7FU >> length);
        for (std::size_t at = 1; at < length; ++at) {
            if ((byteAt(at) & 0xC0) != 0x80)
                return {};
            c = (c << 6) | (byteAt(at) & 0x3FU);
        }
        if (c < smallest.at(length) || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
            return {};
        m_left.remove_prefix(length);
        return c;
    }

private:
    unsigned char byteAt(std::size_t at) const { return static_cast<unsigned char>(m_left[at]); }

    std::string_view m_left;
};

std::string_view objectionTo(Kind kind)
{
    switch (kind) {
    case Kind::Control:
        return "which is a control character";
    case Kind::Directional:
        return "which changes the direction of the text around it";
    case Kind::Invisible:
        return "which cannot be seen";
    case Kind::Private:
        return "which is for private use";
    case Kind::Nothing:
        return "which is no character";
    case Kind::Joiner:
        return "which joins nothing visible";
    case Kind::Selector:
        return "which varies nothing visible";
    case Kind::Combining:
        return "which is one combining mark too many";
    case Kind::Visible:
    case Kind::Blank:
    case Kind::Mark:
        break;
    }
    return {};
}

std::string codePoint(char32_t c)
{
    std::array<char, 8> digits{};
    const auto end =
        std::to_chars(digits.data(), digits.data() + digits.size(), static_cast<std::uint32_t>(c), 16).ptr;
    std::string text(digits.data(), end);
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char digit) { return digit >= 'a' ? static_cast<char>(digit - 'a' + 'A') : digit; });
    return "U+" + std::string(text.size() < 4 ? 4 - text.size() : 0, '0') + text;
}

struct Seen
{
    char32_t character;
    Kind kind;
    std::size_t place; ///< from 1
};

Error objection(std::string_view field, const Seen& seen)
{
    return {ErrorCode::InvalidCharacter, std::string(field),
            codePoint(seen.character) + " at character " + std::to_string(seen.place) + ", " +
                std::string(objectionTo(seen.kind))};
}

/// Judges characters by what stands before them.
class Judge
{
public:
    bool allows(const Seen& seen)
    {
        switch (seen.kind) {
        case Kind::Visible:
            m_carries = m_varies = true;
            m_marks = 0;
            break;
        case Kind::Combining:
            m_carries = m_varies = true;
            return ++m_marks <= combiningLimit;
        case Kind::Blank:
        case Kind::Mark:
            m_carries = m_varies = false;
            m_marks = 0;
            break;
        case Kind::Joiner:
            m_varies = false;
            return std::exchange(m_carries, false);
        case Kind::Selector:
            return std::exchange(m_varies, false);
        case Kind::Control:
        case Kind::Directional:
        case Kind::Invisible:
        case Kind::Private:
        case Kind::Nothing:
            return false;
        }
        return true;
    }

private:
    bool m_carries = false; ///< a joiner may follow
    bool m_varies = false;  ///< a variation selector may follow
    int m_marks = 0;
};

} // namespace

Result<void> checkText(std::string_view field, std::string_view utf8)
{
    Characters characters(utf8);
    Judge judge;
    std::optional<Seen> joiner; // waits for a visible character behind it
    for (std::size_t place = 1; !characters.atEnd(); ++place) {
        const auto character = characters.next();
        if (!character)
            return Error{ErrorCode::InvalidUtf8, std::string(field), "at character " + std::to_string(place)};
        const Seen seen{*character, kindOf(*character), place};
        if (joiner && seen.kind != Kind::Visible && seen.kind != Kind::Combining)
            return objection(field, *joiner);
        if (!judge.allows(seen))
            return objection(field, seen);
        joiner = seen.kind == Kind::Joiner ? std::optional(seen) : std::nullopt;
    }
    return joiner ? Result<void>(objection(field, *joiner)) : Result<void>();
}

namespace {

bool holds(std::string_view utf8, Kind kind)
{
    Characters characters(utf8);
    while (!characters.atEnd()) {
        const auto character = characters.next();
        if (!character)
            return false;
        if (kindOf(*character) == kind)
            return true;
    }
    return false;
}

} // namespace

bool hasVisible(std::string_view utf8)
{
    return holds(utf8, Kind::Visible);
}

bool hasSpace(std::string_view utf8)
{
    return holds(utf8, Kind::Blank);
}

Result<void> checkName(std::string_view field, std::string_view utf8)
{
    const auto checked = checkText(field, utf8);
    if (checked && !hasVisible(utf8))
        return Error{ErrorCode::InvalidValue, std::string(field), "needs a character that can be seen"};
    return checked;
}

std::string_view withoutOuterSpaces(std::string_view utf8)
{
    Characters characters(utf8);
    std::size_t first = utf8.size(); // of the first character that is no space
    std::size_t last = utf8.size();  // behind the last one
    while (!characters.atEnd()) {
        const std::size_t at = utf8.size() - characters.bytesLeft();
        const auto character = characters.next();
        if (!character) // not ours to mend: checkText refuses it
            return utf8;
        if (kindOf(*character) == Kind::Blank)
            continue;
        first = std::min(first, at);
        last = utf8.size() - characters.bytesLeft();
    }
    return first == utf8.size() ? utf8.substr(0, 0) : utf8.substr(first, last - first);
}

} // namespace billing
