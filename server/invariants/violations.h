// Gathers what is wrong, in bounded memory: of each invariant the first hundred violations by name, the rest
// as a number.
#pragma once

#include "shared/kernel/result.h"

#include <map>
#include <string>
#include <vector>

namespace billing {

struct Violation
{
    std::string invariant; ///< "I1", as ../shared/reference/reliability.md numbers them
    std::string subject;   ///< "invoice:inv_..."
    std::string detail;

    friend bool operator==(const Violation&, const Violation&) = default;
};

class Violations
{
public:
    static constexpr std::int64_t mostNamed = 100;

    void add(Violation violation);
    /// A check's refusal: damaged rows are a violation of what it checked, everything else stays a refusal.
    Result<void> settle(std::string_view invariant, const Result<void>& check);
    /// In order of invariant, as found; at its end what was only counted.
    std::vector<Violation> take();

private:
    struct Found
    {
        std::vector<Violation> named;
        std::int64_t others = 0;
    };
    std::map<int, Found> m_found; ///< by the invariant's number
};

} // namespace billing
