#include "shared/document/coverage.h"

#include <QFile>
#include <QtEndian>

#include <algorithm>

namespace billing::document {

namespace {

/// Big-endian numbers of a table; what lies outside reads as 0, so that a broken file is only an empty one.
class Table
{
public:
    explicit Table(const QByteArray& bytes)
        : m_bytes(bytes)
    {
    }

    quint32 word(qsizetype at) const { return read<quint16>(at); }
    quint32 number(qsizetype at) const { return read<quint32>(at); }

private:
    template <typename Number>
    Number read(qsizetype at) const
    {
        if (at < 0 || at + static_cast<qsizetype>(sizeof(Number)) > m_bytes.size())
            return 0;
        return qFromBigEndian<Number>(m_bytes.constData() + at);
    }

    const QByteArray& m_bytes;
};

constexpr qsizetype entrySize = 16; ///< of the table directory
constexpr quint32 mostTables = 200;
constexpr quint32 mostFaces = 64;
constexpr qsizetype mostBytes = 8 * 1024 * 1024;

QByteArray bytesAt(QFile& file, qint64 offset, qsizetype size)
{
    return size <= mostBytes && file.seek(offset) ? file.read(size) : QByteArray();
}

QByteArray tableOf(QFile& file, qint64 face, const char* tag)
{
    const QByteArray start = bytesAt(file, face, 12);
    const quint32 count = std::min(Table(start).word(4), mostTables);
    const QByteArray directory = bytesAt(file, face + 12, static_cast<qsizetype>(count) * entrySize);
    const Table entries(directory);
    for (qsizetype at = 0; at + entrySize <= directory.size(); at += entrySize)
        if (directory.mid(at, 4) == tag)
            return bytesAt(file, entries.number(at + 8), entries.number(at + 12));
    return {};
}

std::vector<qint64> facesOf(QFile& file)
{
    const QByteArray start = bytesAt(file, 0, 12);
    if (!start.startsWith("ttcf"))
        return {0};
    std::vector<qint64> faces;
    const quint32 count = std::min(Table(start).number(8), mostFaces);
    const QByteArray offsets = bytesAt(file, 12, static_cast<qsizetype>(count) * 4);
    for (qsizetype at = 0; at + 4 <= offsets.size(); at += 4)
        faces.push_back(Table(offsets).number(at));
    return faces;
}

/// The subtable with the most characters: format 12 (all of Unicode), else format 4 (its first plane).
QByteArray unicodeSubtable(const QByteArray& cmap)
{
    const Table table(cmap);
    QByteArray best;
    for (quint32 index = 0; index < table.word(2); ++index) {
        const qsizetype offset = table.number(4 + qsizetype{8} * index + 4);
        const quint32 format = table.word(offset);
        if (format == 12)
            return cmap.mid(offset);
        if (format == 4 && best.isEmpty())
            best = cmap.mid(offset);
    }
    return best;
}

} // namespace

std::optional<Coverage> Coverage::ofFile(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const std::vector<qint64> faces = facesOf(file);
    Coverage coverage;
    for (const qint64 face : faces)
        coverage.m_heads.push_back(tableOf(file, face, "head"));
    const QByteArray subtable =
        unicodeSubtable(faces.empty() ? QByteArray() : tableOf(file, faces[0], "cmap"));
    if (Table(subtable).word(0) == 12)
        coverage.readGroups(subtable);
    else
        coverage.readSegments(subtable);
    if (coverage.m_ranges.empty())
        return std::nullopt;
    return coverage;
}

bool Coverage::contains(char32_t code) const
{
    const auto next =
        std::upper_bound(m_ranges.begin(), m_ranges.end(), code,
                         [](char32_t wanted, const Range& range) { return wanted < range.first; });
    return next != m_ranges.begin() && code <= std::prev(next)->last;
}

void Coverage::readGroups(const QByteArray& bytes)
{
    const Table table(bytes);
    const auto held = static_cast<quint32>((bytes.size() - 16) / 12);
    const quint32 count = std::min(table.number(12), held);
    for (qsizetype at = 16; at < 16 + qsizetype{12} * count; at += 12)
        m_ranges.push_back({table.number(at), table.number(at + 4)});
}

void Coverage::readSegments(const QByteArray& bytes)
{
    const Table table(bytes);
    const qsizetype doubled = table.word(6); // segments, times two
    for (qsizetype at = 0; at < doubled; at += 2) {
        const quint32 last = table.word(14 + at);
        const quint32 first = table.word(16 + doubled + at);
        const quint32 delta = table.word(16 + 2 * doubled + at);
        const qsizetype offsetAt = 16 + 3 * doubled + at;
        const quint32 offset = table.word(offsetAt);
        for (quint32 code = first; code <= last && code < 0xFFFF; ++code) {
            const quint32 raw =
                offset == 0 ? code : table.word(offsetAt + offset + qsizetype{2} * (code - first));
            const quint32 glyph = raw == 0 && offset != 0 ? 0 : (raw + delta) & 0xFFFF;
            if (glyph == 0)
                continue;
            if (!m_ranges.empty() && m_ranges.back().last + 1 == code)
                ++m_ranges.back().last;
            else
                m_ranges.push_back({code, code});
        }
    }
}

} // namespace billing::document
