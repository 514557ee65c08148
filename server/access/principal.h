// Who is asking, and what that allows: what a verified credential leaves behind. A value.
#pragma once

#include "shared/model/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace billing::access {

enum class Scope : std::uint8_t
{
    BillingRead = 1,
    BillingWrite = 2,
    BillingBackfill = 4, ///< events older than the usual window
};

enum class Role : std::uint8_t
{
    Admin,
    Finance,
    Accountant, ///< reads and exports
    Auditor,    ///< reads, the audit log too
};

class Scopes
{
public:
    constexpr Scopes() = default;
    constexpr bool contains(Scope scope) const { return (m_bits & static_cast<std::uint8_t>(scope)) != 0; }
    constexpr void add(Scope scope)
    {
        m_bits = static_cast<std::uint8_t>(m_bits | static_cast<std::uint8_t>(scope));
    }
    constexpr bool empty() const { return m_bits == 0; }

    friend constexpr bool operator==(Scopes, Scopes) = default;

private:
    std::uint8_t m_bits = 0;
};

/// "billing:read billing:write": known names, each once, one space between. Refuses InvalidValue.
Result<Scopes> parseScopes(std::string_view text);
std::string toText(Scopes scopes);

std::optional<Role> parseRole(std::string_view text);
std::string_view toText(Role role);

struct Principal
{
    std::string subject;
    std::optional<TenantId> tenant; ///< bound to one tenant: everything else looks absent
    Scopes scopes;
    std::optional<Role> role;

    /// By scope, or by role: every role reads, admin and finance write; backfill is never implied.
    bool allows(Scope scope) const;

    friend bool operator==(const Principal&, const Principal&) = default;
};

} // namespace billing::access
