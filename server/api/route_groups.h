// Which routes a listener offers (DESIGN decision 20). What a listener does not offer looks absent there.
//
//     service  the kernel and its agents: usage, standing
//     user     the console: everything below /api/v1 but webhooks
//     public   gateways' callbacks: /api/v1/webhooks
//     ops      /health, /metrics
#pragma once

#include "shared/kernel/result.h"

#include <initializer_list>
#include <string_view>

namespace billing::api {

enum class RouteGroup : unsigned
{
    Service = 1,
    User = 2,
    Public = 4,
    Ops = 8
};

class RouteGroups
{
public:
    constexpr RouteGroups() = default;
    constexpr RouteGroups(std::initializer_list<RouteGroup> groups)
    {
        for (const RouteGroup group : groups)
            add(group);
    }
    static constexpr RouteGroups all()
    {
        return {RouteGroup::Service, RouteGroup::User, RouteGroup::Public, RouteGroup::Ops};
    }

    constexpr void add(RouteGroup group) { m_bits |= static_cast<unsigned>(group); }
    constexpr void remove(RouteGroup group) { m_bits &= ~static_cast<unsigned>(group); }
    constexpr bool has(RouteGroup group) const { return (m_bits & static_cast<unsigned>(group)) != 0; }
    constexpr bool empty() const { return m_bits == 0; }
    constexpr bool meets(RouteGroups other) const { return (m_bits & other.m_bits) != 0; }

    friend constexpr bool operator==(RouteGroups, RouteGroups) = default;

private:
    unsigned m_bits = 0;
};

/// "service", "user", "public" or "ops". Refuses InvalidValue.
Result<RouteGroup> parseRouteGroup(std::string_view name);

/// The groups a route's pattern belongs to, e.g. "/api/v1/tenants/{}/standing".
RouteGroups groupsOf(std::string_view pattern);

} // namespace billing::api
