#include "server/access/principal.h"

#include <array>

namespace billing::access {

namespace {

constexpr std::array<std::pair<std::string_view, Scope>, 3> scopeNames = {{
    {"billing:read", Scope::BillingRead},
    {"billing:write", Scope::BillingWrite},
    {"billing:backfill", Scope::BillingBackfill},
}};

constexpr std::array<std::pair<std::string_view, Role>, 4> roleNames = {{
    {"admin", Role::Admin},
    {"finance", Role::Finance},
    {"accountant", Role::Accountant},
    {"auditor", Role::Auditor},
}};

std::optional<Scope> scopeNamed(std::string_view name)
{
    for (const auto& [known, scope] : scopeNames) {
        if (name == known)
            return scope;
    }
    return std::nullopt;
}

} // namespace

Result<Scopes> parseScopes(std::string_view text)
{
    Scopes scopes;
    while (true) {
        const std::size_t space = text.find(' ');
        const auto scope = scopeNamed(text.substr(0, space));
        if (!scope || scopes.contains(*scope))
            return Error{ErrorCode::InvalidValue, "scope", "not a list of known scopes"};
        scopes.add(*scope);
        if (space == std::string_view::npos)
            return scopes;
        text.remove_prefix(space + 1);
    }
}

std::string toText(Scopes scopes)
{
    std::string text;
    for (const auto& [name, scope] : scopeNames) {
        if (scopes.contains(scope))
            text.append(text.empty() ? "" : " ").append(name);
    }
    return text;
}

std::optional<Role> parseRole(std::string_view text)
{
    for (const auto& [name, role] : roleNames) {
        if (text == name)
            return role;
    }
    return std::nullopt;
}

std::string_view toText(Role role)
{
    return roleNames[static_cast<std::size_t>(role)].first;
}

bool Principal::allows(Scope scope) const
{
    if (scopes.contains(scope))
        return true;
    if (!role)
        return false;
    switch (scope) {
    case Scope::BillingRead:
        return true;
    case Scope::BillingWrite:
        return *role == Role::Admin || *role == Role::Finance;
    case Scope::BillingBackfill:
        return false;
    }
    return false;
}

} // namespace billing::access
