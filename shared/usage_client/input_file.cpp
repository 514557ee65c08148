#include "shared/usage_client/input_file.h"

#include <zlib.h>

namespace billing::client {

namespace {

constexpr std::string_view gzipMagic = "\x1F\x8B";
constexpr std::size_t pieceBytes = 256 * 1024;

struct Magic
{
    std::string_view bytes;
    const char* detail;
};

using namespace std::string_view_literals;

/// UTF-32 before UTF-16, whose mark begins like it.
constexpr std::array<Magic, 8> refusedFormats{{
    {"PK\x03\x04"sv, "a ZIP or Excel file; save it as CSV (UTF-8)"},
    {"\xD0\xCF\x11\xE0"sv, "an old Excel file; save it as CSV (UTF-8)"},
    {"\x28\xB5\x2F\xFD"sv, "packed with zstd; unpack it first, or pack it with gzip"},
    {"\xFD\x37zXZ"sv, "packed with xz; unpack it first, or pack it with gzip"},
    {"\xFF\xFE\0\0"sv, "the text is UTF-32; save it as UTF-8"},
    {"\0\0\xFE\xFF"sv, "the text is UTF-32; save it as UTF-8"},
    {"\xFF\xFE"sv, "the text is UTF-16; save it as UTF-8"},
    {"\xFE\xFF"sv, "the text is UTF-16; save it as UTF-8"},
}};

/// UTF-16 without a mark: every other byte of ASCII text is NUL.
bool looksLikeUtf16(std::string_view text)
{
    return text.size() >= 4 && ((text[0] == '\0' && text[2] == '\0' && text[1] != '\0' && text[3] != '\0') ||
                                (text[1] == '\0' && text[3] == '\0' && text[0] != '\0' && text[2] != '\0'));
}

const char* refusalOf(std::string_view start)
{
    for (const Magic& magic : refusedFormats)
        if (start.starts_with(magic.bytes))
            return magic.detail;
    // A header may begin with the letters of bzip2's mark.
    if (start.starts_with("BZh") &&
        start.substr(std::min<std::size_t>(4, start.size())).starts_with("1AY&SY"))
        return "packed with bzip2; unpack it first, or pack it with gzip";
    return looksLikeUtf16(start) ? "the text is UTF-16; save it as UTF-8" : nullptr;
}

} // namespace

struct InputFile::Unpacking
{
    z_stream stream = {};
    std::string piece = {};
    bool ready = false;    ///< inflateInit2 went well
    bool inMember = false; ///< between a member's first byte and its end

    Unpacking()
    {
        constexpr int gzipOnly = 16 + MAX_WBITS;
        ready = inflateInit2(&stream, gzipOnly) == Z_OK;
        BILLING_ASSERT(ready);
    }
    ~Unpacking() { inflateEnd(&stream); }
    Unpacking(const Unpacking&) = delete;
    Unpacking& operator=(const Unpacking&) = delete;
};

InputFile::InputFile(RawFile file)
    : m_file(std::move(file))
{
}

InputFile::InputFile(InputFile&&) noexcept = default;
InputFile& InputFile::operator=(InputFile&&) noexcept = default;
InputFile::~InputFile() = default;

Result<InputFile> InputFile::open(std::string path)
{
    auto file = RawFile::open(std::move(path));
    if (!file)
        return file.error();
    InputFile input(std::move(*file));
    auto start = input.m_file.next();
    if (!start)
        return start.error();
    if (start->starts_with(gzipMagic)) {
        input.m_unpacking = std::make_unique<Unpacking>();
        if (auto rewound = input.rewind(); !rewound)
            return rewound.error();
        start = input.next();
        if (!start)
            return start.error();
    }
    if (const char* const refused = refusalOf(*start))
        return Error{ErrorCode::MalformedBody, input.name(), refused};
    if (auto rewound = input.rewind(); !rewound)
        return rewound.error();
    return input;
}

Result<void> InputFile::rewind()
{
    if (m_unpacking)
        m_unpacking = std::make_unique<Unpacking>();
    return m_file.rewind();
}

Result<std::string_view> InputFile::next()
{
    return m_unpacking ? unpacked() : m_file.next();
}

Error InputFile::damaged(std::string detail) const
{
    return {ErrorCode::MalformedBody, m_file.name(), "gzip: " + std::move(detail)};
}

Result<std::string_view> InputFile::unpacked()
{
    Unpacking& unpacking = *m_unpacking;
    z_stream& stream = unpacking.stream;
    unpacking.piece.resize(pieceBytes);
    stream.next_out = reinterpret_cast<Bytef*>(unpacking.piece.data());
    stream.avail_out = pieceBytes;
    while (stream.avail_out == pieceBytes) {
        if (stream.avail_in == 0) {
            const auto chunk = m_file.next();
            if (!chunk)
                return chunk.error();
            if (chunk->empty() && unpacking.inMember)
                return damaged("the file ends in the middle; it was not copied whole");
            if (chunk->empty())
                break;
            // zlib does not write through next_in.
            stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(chunk->data()));
            stream.avail_in = static_cast<uInt>(chunk->size());
        }
        unpacking.inMember = true;
        const int status = inflate(&stream, Z_NO_FLUSH);
        if (status == Z_STREAM_END) {
            unpacking.inMember = false;
            inflateReset(&stream);
        } else if (status != Z_OK && status != Z_BUF_ERROR) {
            return damaged(stream.msg ? stream.msg : "damaged");
        }
    }
    unpacking.piece.resize(pieceBytes - stream.avail_out);
    return std::string_view(unpacking.piece);
}

} // namespace billing::client
