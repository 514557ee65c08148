#include "shared/wire/attention_json.h"

#include "shared/wire/json_write.h"

namespace billing::wire {

namespace {

OrderedJson toJson(const AttentionItem& item)
{
    OrderedJson subject = OrderedJson::object();
    for (const auto& [name, value] : item.subject)
        subject[name] = value;
    OrderedJson json{{"kind", item.kind}};
    if (item.tenant)
        json["tenant_id"] = item.tenant->text();
    json["subject"] = std::move(subject);
    json["code"] = item.code;
    json["reason"] = item.reason;
    json["attempts"] = item.attempts;
    json["first_at"] = item.firstAt.toText();
    json["last_at"] = item.lastAt.toText();
    if (item.nextTryAt)
        json["next_try_at"] = item.nextTryAt->toText();
    return json;
}

} // namespace

std::string encodeAttention(std::span<const AttentionItem> items, std::span<const AttentionCount> counts,
                            std::string_view nextCursor)
{
    OrderedJson json{{"items", OrderedJson::array()}, {"counts", OrderedJson::object()}};
    for (const AttentionItem& item : items)
        json["items"].push_back(toJson(item));
    for (const AttentionCount& count : counts)
        json["counts"][std::string(count.kind)] = count.count;
    if (!nextCursor.empty())
        json["next_cursor"] = nextCursor;
    return dump(json);
}

} // namespace billing::wire
