#include "shared/kernel/id_factory.h"

namespace billing {

namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The lowest `digits` groups of five bits, highest first.
void appendBase32(std::string& text, std::uint64_t bits, int digits)
{
    for (int digit = digits - 1; digit >= 0; --digit)
        text += alphabet[bits >> (5 * digit) & 31];
}

} // namespace

std::string IdFactory::next(std::string_view prefix)
{
    std::string text(prefix);
    text += '_';
    appendBase32(text, static_cast<std::uint64_t>(m_clock.now().micros() / 1000), 10);
    appendBase32(text, m_random.next(), 8);
    appendBase32(text, m_random.next(), 8);
    return text;
}

} // namespace billing
