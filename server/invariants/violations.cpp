#include "server/invariants/violations.h"

#include <charconv>

namespace billing {

namespace {

/// 8 for "I8": so that I8 stands before I13.
int numberOf(std::string_view invariant)
{
    int number = 0;
    if (!invariant.empty())
        std::from_chars(invariant.data() + 1, invariant.data() + invariant.size(), number);
    return number;
}

} // namespace

void Violations::add(Violation violation)
{
    Found& found = m_found[numberOf(violation.invariant)];
    if (static_cast<std::int64_t>(found.named.size()) < mostNamed)
        found.named.push_back(std::move(violation));
    else
        ++found.others;
}

Result<void> Violations::settle(std::string_view invariant, const Result<void>& check)
{
    if (check || check.error().code != ErrorCode::StorageCorrupt)
        return check;
    add({std::string(invariant), check.error().subject, toText(check.error())});
    return {};
}

std::vector<Violation> Violations::take()
{
    std::vector<Violation> all;
    for (auto& [number, found] : m_found) {
        const std::string invariant = found.named.front().invariant;
        std::move(found.named.begin(), found.named.end(), std::back_inserter(all));
        if (found.others > 0)
            all.push_back({invariant, "more", std::to_string(found.others) + " more violations"});
    }
    m_found.clear();
    return all;
}

} // namespace billing
