#include "shared/document/reading_text.h"

#include <QRegularExpression>
#include <QtEndian>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace billing::document {

namespace {

constexpr int bitsOfChannel = 7;
constexpr std::size_t mostLines = std::size_t{1} << (3 * bitsOfChannel);

ReadingText*& recorder()
{
    thread_local ReadingText* current = nullptr;
    return current;
}

/// A channel of 16 bits whose low byte would repeat the high one: its first bit is turned, the others carry
/// a part of the number.
quint16 numbered(int channel, std::size_t part)
{
    const auto low = static_cast<int>(part & 0x7F) | (~channel & 0x80);
    return static_cast<quint16>(channel << 8 | low);
}

std::optional<std::size_t> partOf(double channel)
{
    const int value = static_cast<int>(std::lround(channel * 65535));
    const bool turned = ((value >> 8) & 0x80) != (value & 0x80);
    return turned ? std::optional(static_cast<std::size_t>(value & 0x7F)) : std::nullopt;
}

/// The number of the line drawn in the colour of "/CSp cs 0.1 0.2 0.3 scn", from 1; 0 is none.
std::size_t numberOf(const QByteArray& operation)
{
    const QList<QByteArray> words = operation.split(' ');
    if (words.size() != 6 || words[5] != "scn")
        return 0;
    std::size_t number = 0;
    for (int channel = 2; channel < 5; ++channel) {
        const auto part = partOf(words[channel].toDouble());
        if (!part)
            return 0;
        number = number << bitsOfChannel | *part;
    }
    return number + 1;
}

QByteArray beginOf(const QString& line)
{
    QByteArray text = "/Span <</ActualText <FEFF";
    for (const QChar unit : line)
        text += QByteArray::number(unit.unicode(), 16).rightJustified(4, '0').toUpper();
    return text + ">>> BDC\n";
}

/// Page content with its numbered texts in spans; unchanged when it has none.
QByteArray withSpans(const QByteArray& content, const std::vector<QString>& lines)
{
    QByteArray result;
    QByteArray between; // since the last text's end: it belongs into the span if the next text does
    std::size_t number = 0, open = 0;
    const auto close = [&] {
        result += open != 0 ? "EMC\n" : "";
        open = 0;
    };
    for (const QByteArray& operation : content.split('\n')) {
        if (operation == "BT") {
            if (number != open)
                close();
            result += between;
            between.clear();
            if (number != open && number <= lines.size())
                result += beginOf(lines[number - 1]);
            open = number <= lines.size() ? number : 0;
        } else if (operation.startsWith("/CSp cs ")) {
            number = numberOf(operation);
        }
        between += operation + '\n';
        if (operation == "ET") {
            result += between;
            between.clear();
        }
    }
    close();
    between.chop(1); // the last line of a split has no end
    return result + between;
}

struct Part
{
    qsizetype start, size;
};

/// A file as its writer made it: objects, each with its number, in the order they lie in.
class File
{
public:
    explicit File(const QByteArray& pdf)
        : m_pdf(pdf)
    {
    }

    /// False when the cross-reference table is not where and as it should be.
    bool read()
    {
        const qsizetype mark = m_pdf.lastIndexOf("startxref\n");
        m_table = mark < 0 ? -1 : m_pdf.mid(mark + 10).split('\n').value(0).toLongLong();
        if (m_table <= 0 || m_pdf.mid(m_table, 7) != "xref\n0 ")
            return false;
        const qsizetype begin = m_pdf.indexOf('\n', m_table + 7) + 1;
        m_count = m_pdf.mid(m_table + 7, begin - m_table - 8).toLongLong();
        m_entries = begin;
        if (m_count <= 0 || begin + m_count * entrySize > m_pdf.size())
            return false;
        for (qsizetype number = 1; number < m_count; ++number)
            m_starts[m_pdf.mid(begin + number * entrySize, 10).toLongLong()] = number;
        return true;
    }

    QByteArray withTexts(const std::vector<QString>& lines)
    {
        findLengths(lines);
        QByteArray result = m_pdf.left(m_starts.begin()->first);
        std::map<qsizetype, qsizetype> places;
        for (auto object = m_starts.begin(); object != m_starts.end(); ++object) {
            places[object->second] = result.size();
            const auto changed = m_changed.find(object->second);
            result += changed != m_changed.end() ? changed->second : m_pdf.mid(object->first, sizeOf(object));
        }
        const qsizetype table = result.size();
        result += m_pdf.mid(m_table, m_entries + entrySize - m_table);
        for (qsizetype number = 1; number < m_count; ++number) {
            const QByteArray place = QByteArray::number(places[number]).rightJustified(10, '0');
            result += place + m_pdf.mid(m_entries + number * entrySize + 10, entrySize - 10);
        }
        const qsizetype trailer = m_entries + m_count * entrySize;
        const qsizetype mark = m_pdf.lastIndexOf("startxref\n");
        return result + m_pdf.mid(trailer, mark - trailer) + "startxref\n" + QByteArray::number(table) +
               "\n%%EOF\n";
    }

private:
    static constexpr qsizetype entrySize = 20;
    using Starts = std::map<qsizetype, qsizetype>;

    qsizetype sizeOf(Starts::const_iterator object) const
    {
        const auto next = std::next(object);
        return (next == m_starts.end() ? m_table : next->first) - object->first;
    }

    /// Content streams that change, and the objects that hold their lengths.
    void findLengths(const std::vector<QString>& lines)
    {
        static const QRegularExpression head(
            QStringLiteral("^\\d+ 0 obj\\n<<\\n/Length (\\d+) 0 R\\n/Filter /FlateDecode\\n>>\\nstream\\n"));
        for (auto object = m_starts.begin(); object != m_starts.end(); ++object) {
            const QByteArray whole = m_pdf.mid(object->first, sizeOf(object));
            const auto match = head.match(QString::fromLatin1(whole.left(100)));
            const qsizetype end = whole.lastIndexOf("\nendstream");
            if (!match.hasMatch() || end < match.capturedLength())
                continue;
            const QByteArray packed = whole.mid(match.capturedLength(), end - match.capturedLength());
            const QByteArray content = unpacked(packed);
            const QByteArray marked = withSpans(content, lines);
            if (content.isEmpty() || marked == content)
                continue;
            const QByteArray repacked = qCompress(marked).mid(4); // without Qt's own length
            const qsizetype lengthNumber = match.captured(1).toLongLong();
            m_changed[object->second] = whole.left(match.capturedLength()) + repacked + whole.mid(end);
            m_changed[lengthNumber] = QByteArray::number(lengthNumber) + " 0 obj\n" +
                                      QByteArray::number(repacked.size()) + "\nendobj\n";
        }
    }

    static QByteArray unpacked(const QByteArray& packed)
    {
        constexpr quint32 guess = 1 << 20; // qUncompress grows from there
        QByteArray sized(4, '\0');
        qToBigEndian(guess, sized.data());
        return qUncompress(sized + packed);
    }

    const QByteArray& m_pdf;
    qsizetype m_table = 0, m_entries = 0, m_count = 0;
    Starts m_starts; ///< object numbers by offset
    std::map<qsizetype, QByteArray> m_changed;
};

} // namespace

ReadingText::ReadingText()
    : m_before(std::exchange(recorder(), this))
{
}

ReadingText::~ReadingText()
{
    recorder() = m_before;
}

QColor ReadingText::colourFor(const QString& line, const QColor& colour)
{
    ReadingText* current = recorder();
    if (!current || current->m_lines.size() >= mostLines)
        return colour;
    const std::size_t number = current->m_lines.size();
    current->m_lines.push_back(line);
    return QColor::fromRgba64(numbered(colour.red(), number >> (2 * bitsOfChannel)),
                              numbered(colour.green(), number >> bitsOfChannel),
                              numbered(colour.blue(), number));
}

Result<void> addReadingText(QByteArray& pdf, const std::vector<QString>& lines)
{
    if (lines.empty())
        return {};
    File file(pdf);
    if (!file.read())
        return Error{ErrorCode::RenderFailed, "document", "not the PDF structure that is known"};
    pdf = file.withTexts(lines);
    return {};
}

} // namespace billing::document
