// Which characters a font file has glyphs for, read from its cmap table alone: no font is loaded, so it needs
// no QGuiApplication and costs a few hundred kilobytes at most. Any thread. Source: OpenType 1.9, "cmap",
// formats 4 and 12, and "ttcf".
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace billing::document {

class Coverage
{
public:
    /// Of a file's first face (the faces of a collection that we use have the same characters). Nothing when
    /// it is missing or no font file.
    static std::optional<Coverage> ofFile(const QString& path);

    bool contains(char32_t code) const;

    /// The head table of each face in the file: its checksum tells one font file from another.
    const std::vector<QByteArray>& heads() const { return m_heads; }

private:
    struct Range
    {
        char32_t first, last;
    };

    void readSegments(const QByteArray& table);
    void readGroups(const QByteArray& table);

    std::vector<Range> m_ranges = {}; ///< ascending
    std::vector<QByteArray> m_heads = {};
};

} // namespace billing::document
