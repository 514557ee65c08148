#include "shared/wire/problem.h"

#include "shared/wire/json_reader.h"
#include "shared/wire/json_text.h"
#include "shared/wire/json_write.h"

namespace billing::wire {

namespace {

constexpr std::size_t longestText = 512;

} // namespace

Problem problemOf(const Error& error, int status)
{
    Problem problem;
    problem.status = status;
    problem.code = wireName(error.code);
    problem.title = problem.code;
    std::replace(problem.title.begin(), problem.title.end(), '_', ' ');
    problem.title.front() = static_cast<char>(problem.title.front() - 'a' + 'A');
    problem.detail = excerpt(error.detail, longestText);
    problem.subject = excerpt(error.subject, longestText);
    return problem;
}

std::string toJson(const Problem& problem)
{
    OrderedJson json{{"type", "urn:enis-billing:problem:" + problem.code},
                     {"title", problem.title},
                     {"status", problem.status},
                     {"code", problem.code}};
    if (!problem.detail.empty())
        json["detail"] = problem.detail;
    if (!problem.subject.empty())
        json["subject"] = problem.subject;
    if (problem.index)
        json["index"] = *problem.index;
    return dump(json);
}

Result<Problem> problemFromJson(std::string_view text)
{
    const auto document = JsonDocument::parse(text);
    if (!document)
        return document.error();
    ObjectReader reader(document->root());
    Problem problem;
    const std::int64_t status = reader.requiredInteger("status");
    if (status < 100 || status > 999)
        reader.refuse(ErrorCode::InvalidValue, "status", "expected three digits");
    problem.status = static_cast<int>(status);
    problem.code = reader.optionalString("code", wireName(ErrorCode::Internal));
    problem.title = reader.optionalString("title");
    problem.detail = reader.optionalString("detail");
    problem.subject = reader.optionalString("subject");
    if (reader.has("index"))
        problem.index = reader.requiredInteger("index");
    const auto finished = reader.finish();
    if (!finished && finished.error().code != ErrorCode::UnknownField)
        return finished.error();
    return problem;
}

std::optional<ErrorCode> parseErrorCode(std::string_view name)
{
#define X(enumerator, number, wire)                                                                          \
    if (name == wire)                                                                                        \
        return ErrorCode::enumerator;
    BILLING_ERROR_CODES(X)
#undef X
    return std::nullopt;
}

} // namespace billing::wire
