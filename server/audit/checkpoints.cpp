#include "server/audit/checkpoints.h"

#include "server/audit/canonical.h"
#include "server/audit/checkpoint_file.h"
#include "server/audit/hex.h"
#include "server/secrets/sha256.h"

#include <nlohmann/json.hpp>

namespace billing::audit {

namespace {

using Json = nlohmann::ordered_json;

Result<std::string> hexField(const Json& object, const char* name, std::size_t size)
{
    const auto found = object.find(name);
    if (found == object.end() || !found->is_string())
        return Error{ErrorCode::CheckpointBroken, name};
    auto bytes = fromHex(found->get_ref<const std::string&>());
    if (!bytes || bytes->size() != size)
        return Error{ErrorCode::CheckpointBroken, name};
    return std::move(*bytes);
}

Result<std::int64_t> numberField(const Json& object, const char* name)
{
    const auto found = object.find(name);
    if (found == object.end() || !found->is_number_integer())
        return Error{ErrorCode::CheckpointBroken, name};
    return found->get<std::int64_t>();
}

Result<storage::AuditHead> parseHead(const Json& object)
{
    const auto chain = object.find("chain");
    if (chain == object.end() || !chain->is_string())
        return Error{ErrorCode::CheckpointBroken, "chain"};
    const auto seq = numberField(object, "seq");
    if (!seq)
        return seq.error();
    const auto hash = hexField(object, "hash", 32);
    if (!hash)
        return hash.error();
    return storage::AuditHead{chain->get<std::string>(), *seq, *hash};
}

std::string lineHash(std::string_view line)
{
    return secrets::toBytes(secrets::sha256(line));
}

Error atLine(std::size_t number, const char* why)
{
    return {ErrorCode::CheckpointBroken, "line " + std::to_string(number), why};
}

} // namespace

std::string signedBytes(const Checkpoint& checkpoint)
{
    CanonicalText text("enis-billing audit checkpoint v1");
    text.add(checkpoint.number);
    text.add(checkpoint.at.micros());
    text.add(static_cast<std::int64_t>(checkpoint.heads.size()));
    for (const storage::AuditHead& head : checkpoint.heads) {
        text.add(head.chain);
        text.add(head.seq);
        text.add(head.hash);
    }
    text.add(checkpoint.previous);
    return text.bytes();
}

std::string toLine(const Checkpoint& checkpoint)
{
    Json heads = Json::array();
    for (const storage::AuditHead& head : checkpoint.heads)
        heads.push_back({{"chain", head.chain}, {"seq", head.seq}, {"hash", toHex(head.hash)}});
    const Json line{{"n", checkpoint.number},
                    {"at", checkpoint.at.micros()},
                    {"heads", std::move(heads)},
                    {"previous", toHex(checkpoint.previous)},
                    {"signature", toHex(checkpoint.signature)}};
    return line.dump();
}

Result<Checkpoint> parseLine(std::string_view line)
{
    const Json object = Json::parse(line, nullptr, false);
    if (!object.is_object())
        return Error{ErrorCode::CheckpointBroken, "line", "no JSON object"};
    const auto number = numberField(object, "n");
    const auto at = numberField(object, "at");
    const auto previous = hexField(object, "previous", 32);
    const auto signature = hexField(object, "signature", 64);
    if (!number)
        return number.error();
    if (!at)
        return at.error();
    if (!previous)
        return previous.error();
    if (!signature)
        return signature.error();
    const auto heads = object.find("heads");
    if (heads == object.end() || !heads->is_array())
        return Error{ErrorCode::CheckpointBroken, "heads"};
    Checkpoint checkpoint{*number, Instant::fromMicros(*at), {}, *previous, *signature};
    for (const Json& head : *heads) {
        auto parsed = parseHead(head);
        if (!parsed)
            return parsed.error();
        checkpoint.heads.push_back(std::move(*parsed));
    }
    return checkpoint;
}

Result<std::vector<Checkpoint>> readCheckpoints(const std::filesystem::path& file,
                                                const secrets::AuditPublicKey& key)
{
    const auto lines = readLines(file);
    if (!lines)
        return lines.error();
    std::vector<Checkpoint> checkpoints;
    std::string previous = firstPreviousHash();
    for (const std::string& line : lines->whole) {
        const std::size_t number = checkpoints.size() + 1;
        auto checkpoint = parseLine(line);
        if (!checkpoint)
            return atLine(number, "not a checkpoint");
        if (checkpoint->number != static_cast<std::int64_t>(number) || checkpoint->previous != previous)
            return atLine(number, "does not follow the line before");
        if (!key.verifies(signedBytes(*checkpoint), checkpoint->signature))
            return atLine(number, "the signature does not hold");
        previous = lineHash(line);
        checkpoints.push_back(std::move(*checkpoint));
    }
    return checkpoints;
}

Checkpointer::Checkpointer(std::filesystem::path file, secrets::AuditKey key)
    : m_file(std::move(file))
    , m_key(std::move(key))
{
}

Result<Checkpointer::Tail> Checkpointer::readTail() const
{
    const auto checkpoints = readCheckpoints(m_file, m_key.publicKey());
    if (!checkpoints)
        return checkpoints.error();
    const auto lines = readLines(m_file);
    if (!lines)
        return lines.error();
    if (lines->whole.size() != checkpoints->size())
        return Error{ErrorCode::CheckpointBroken, m_file.string(), "changed while it was read"};
    if (checkpoints->empty())
        return Tail{0, {}, firstPreviousHash(), 0};
    return Tail{checkpoints->back().number, checkpoints->back().heads, lineHash(lines->whole.back()),
                lines->wholeSize};
}

bool Checkpointer::isAsLeft() const
{
    std::error_code none;
    return m_tail && m_tail->number > 0 && std::filesystem::file_size(m_file, none) == m_tail->fileSize;
}

Result<void> Checkpointer::found(Storage& storage, Instant at)
{
    return writeLine(storage, at, First::Allowed);
}

Result<void> Checkpointer::write(Storage& storage, Instant at)
{
    return writeLine(storage, at, First::Refused);
}

Result<void> Checkpointer::writeLine(Storage& storage, Instant at, First first)
{
    if (!isAsLeft()) {
        auto tail = readTail();
        if (!tail)
            return tail.error();
        if (tail->number < m_lastNumber)
            return Error{ErrorCode::CheckpointBroken, m_file.string(), "lines that were written are gone"};
        m_tail = std::move(*tail);
    }
    auto heads = readValue(storage, Scope::allTenants("audit checkpoint"),
                           [](Work& work) { return storage::auditHeads(work); });
    if (!heads)
        return heads.error();
    if (m_tail->heads == *heads)
        return {};
    if (m_tail->number == 0 && first == First::Refused)
        return Error{ErrorCode::CheckpointBroken, m_file.string(), "no checkpoint is left"};
    Checkpoint next{m_tail->number + 1, at, std::move(*heads), m_tail->lineHash, {}};
    next.signature = m_key.sign(signedBytes(next));
    const std::string line = toLine(next);
    const std::uint64_t wholeSize = m_tail->fileSize;
    m_tail.reset(); // whatever a failed write leaves behind is read again
    if (const auto written = appendLineAt(m_file, wholeSize, line); !written)
        return written;
    m_tail = Tail{next.number, std::move(next.heads), lineHash(line), wholeSize + line.size() + 1};
    m_lastNumber = next.number;
    return {};
}

} // namespace billing::audit
