#include "server/api/call.h"

#include "shared/wire/media_type.h"

#include <algorithm>

namespace billing::api {

std::optional<std::string> Call::parameter(std::string_view name) const
{
    for (const auto& [key, value] : request.query)
        if (key == name)
            return value;
    return std::nullopt;
}

Result<void> Call::onlyParameters(std::initializer_list<std::string_view> names) const
{
    for (std::size_t i = 0; i < request.query.size(); ++i) {
        const std::string& key = request.query[i].first;
        const auto earlier = request.query.begin() + static_cast<std::ptrdiff_t>(i);
        const bool repeated = std::any_of(request.query.begin(), earlier,
                                          [&](const auto& other) { return other.first == key; });
        if (repeated || std::find(names.begin(), names.end(), key) == names.end())
            return Error{ErrorCode::UnknownParameter, key, repeated ? "given twice" : ""};
    }
    return {};
}

Result<void> Call::requireJson() const
{
    return requireOneOf({"application/json"});
}

Result<void> Call::requireMergePatch() const
{
    return requireOneOf({"application/merge-patch+json", "application/json"});
}

Result<void> Call::requireOneOf(std::initializer_list<std::string_view> types) const
{
    const auto contentType = request.header("Content-Type");
    const auto media = contentType && request.headers.count("Content-Type") == 1
                           ? wire::parseMediaType(*contentType)
                           : std::nullopt;
    if (!media || std::find(types.begin(), types.end(), media->essence) == types.end())
        return Error{ErrorCode::UnsupportedMediaType, "Content-Type",
                     "expected " + std::string(*types.begin())};
    if (media->foreignCharset())
        return Error{ErrorCode::UnsupportedMediaType, "Content-Type", "the charset must be utf-8"};
    return {};
}

Result<void> Call::maySee(const TenantId& tenant) const
{
    if (principal.tenant && *principal.tenant != tenant)
        return Error{ErrorCode::NotFound, "tenant_id"};
    return {};
}

} // namespace billing::api
