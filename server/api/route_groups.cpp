#include "server/api/route_groups.h"

#include "shared/wire/paths.h"

#include <string>

namespace billing::api {

namespace {

bool isBelow(std::string_view pattern, std::string_view path)
{
    return pattern.starts_with(path) && (pattern.size() == path.size() || pattern[path.size()] == '/');
}

} // namespace

Result<RouteGroup> parseRouteGroup(std::string_view name)
{
    if (name == "service")
        return RouteGroup::Service;
    if (name == "user")
        return RouteGroup::User;
    if (name == "public")
        return RouteGroup::Public;
    if (name == "ops")
        return RouteGroup::Ops;
    return Error{ErrorCode::InvalidValue, std::string(name), "expected service, user, public or ops"};
}

RouteGroups groupsOf(std::string_view pattern)
{
    if (!isBelow(pattern, "/api/v1"))
        return {RouteGroup::Ops};
    if (isBelow(pattern, "/api/v1/webhooks"))
        return {RouteGroup::Public};
    const bool kernelAsks = isBelow(pattern, wire::paths::usage) || pattern.ends_with("/standing");
    return kernelAsks ? RouteGroups{RouteGroup::Service, RouteGroup::User} : RouteGroups{RouteGroup::User};
}

} // namespace billing::api
