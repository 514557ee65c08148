#include "shared/usage_client/billing_usage/known_meters.h"

#include "shared/wire/paths.h"
#include "shared/wire/plan_json.h"

#include <fstream>
#include <iterator>

namespace billing::client {

Result<std::unique_ptr<MeterIndex>> metersOfFile(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file.is_open() || file.bad())
        return Error{ErrorCode::FileUnreadable, path};
    const auto catalog = wire::decodeCatalog(text);
    if (!catalog)
        return Error{catalog.error().code, path,
                     "no price list: " + catalog.error().subject + " " + catalog.error().detail};
    return std::make_unique<MeterIndex>(catalog->meters);
}

std::unique_ptr<MeterIndex> metersOfServer(BillingAPIClient& client, std::string& notice)
{
    const auto answer = client.get(wire::paths::plans);
    if (!answer) {
        notice = toText(answer.error());
        return nullptr;
    }
    if (answer->status != 200) {
        notice = answer->status == 403 ? "the token may not read the price list"
                                       : "the server answered " + std::to_string(answer->status);
        return nullptr;
    }
    const auto catalog = wire::decodeCatalog(answer->body);
    if (catalog)
        return std::make_unique<MeterIndex>(catalog->meters);
    notice = "the server's price list is of another version";
    return nullptr;
}

} // namespace billing::client
