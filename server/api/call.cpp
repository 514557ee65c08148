#include "server/api/call.h"

#include <algorithm>

namespace billing::api {

namespace {

std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lower;
}

/// The type alone or with charset=utf-8.
bool isOfType(std::string_view contentType, const std::string& type)
{
    std::string text = lowered(contentType);
    text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
    return text == type || text == type + ";charset=utf-8" || text == type + ";charset=\"utf-8\"";
}

bool isJson(std::string_view contentType)
{
    return isOfType(contentType, "application/json");
}

} // namespace

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
    const auto contentType = request.header("Content-Type");
    if (!contentType || !isJson(*contentType))
        return Error{ErrorCode::UnsupportedMediaType, "Content-Type", "expected application/json"};
    return {};
}

Result<void> Call::requireMergePatch() const
{
    const auto contentType = request.header("Content-Type");
    if (!contentType || !(isJson(*contentType) || isOfType(*contentType, "application/merge-patch+json")))
        return Error{ErrorCode::UnsupportedMediaType, "Content-Type",
                     "expected application/merge-patch+json"};
    return {};
}

Result<void> Call::maySee(const TenantId& tenant) const
{
    if (principal.tenant && *principal.tenant != tenant)
        return Error{ErrorCode::NotFound, "tenant_id"};
    return {};
}

} // namespace billing::api
