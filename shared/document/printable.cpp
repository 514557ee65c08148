#include "shared/document/printable.h"

#include "shared/document/characters.h"

#include <QStringList>
#include <QTextBoundaryFinder>

#include <algorithm>
#include <bitset>
#include <iterator>

namespace billing::document {

namespace {

constexpr std::size_t marksOfLetter = 8;
constexpr std::size_t lettersOfCluster = 6; ///< which no line can break inside

using Codes = std::vector<char32_t>;

/// What plain text is made of, one bit for each character of the first plane.
const std::bitset<0x10000>& plainCharacters()
{
    static const auto set = [] {
        std::bitset<0x10000> plain;
        for (char32_t code = 0x20; code < 0x10000; ++code)
            plain[code] =
                covers(invoiceSans, code) && isSeen(code) && !QChar::isMark(code) && !isRightToLeft(code);
        plain[u'\n'] = true;
        plain[0x00AD] = true;
        return plain;
    }();
    return set;
}

bool isPlain(const QString& text)
{
    const auto& plain = plainCharacters();
    return std::all_of(text.begin(), text.end(), [&plain](QChar unit) { return plain[unit.unicode()]; });
}

/// Line ends of every kind as '\n'. Positions do not move, but for the '\r' of a "\r\n", which is taken out.
QString withLineFeeds(QString text)
{
    text.replace(QStringLiteral("\r\n"), QStringLiteral("\n"));
    for (QChar& unit : text)
        if (unit == QLatin1Char('\r') || unit == QChar(0x0B) || unit == QChar(0x0C) || unit == QChar(0x85) ||
            unit == QChar(QChar::LineSeparator) || unit == QChar(QChar::ParagraphSeparator))
            unit = QLatin1Char('\n');
    return text;
}

Codes codesOf(QStringView text)
{
    Codes codes;
    for (qsizetype at = 0; at < text.size(); ++at) {
        const bool pair = at + 1 < text.size() && text[at].isHighSurrogate() && text[at + 1].isLowSurrogate();
        codes.push_back(pair ? QChar::surrogateToUcs4(text[at], text[at + 1]) : text[at].unicode());
        at += pair ? 1 : 0;
    }
    return codes;
}

void append(QString& text, char32_t code)
{
    text += QChar::fromUcs4(code);
}

/// Writes one line, cluster by cluster.
class Writer
{
public:
    explicit Writer(const Codes& line)
        : m_hasRightToLeft(std::any_of(line.begin(), line.end(), isRightToLeft))
    {
        m_line.plain = false;
    }

    void write(const Codes& cluster, bool asCode)
    {
        Codes shown;
        Codes hidden;
        sort(cluster, asCode, shown, hidden);
        const std::optional<FaceNumber> face = chooseFace(shown, hidden);
        if (face) {
            closeCodes();
            if (needsBreak(shown, *face)) {
                append(m_line.text, scriptBreak);
                extendRun(invoiceSans);
            }
            for (const char32_t code : shown) // a face that lacks an invisible character has no work for it
                if (isSeen(code) || covers(*face, code))
                    append(m_line.text, code);
            extendRun(*face);
            rememberScript(shown, *face);
            m_before = shown.back();
        }
        for (const char32_t code : hidden)
            writeCode(code);
    }

    Printable finish(bool rightToLeft)
    {
        closeCodes();
        m_line.rightToLeft = rightToLeft;
        m_line.hasRightToLeft = m_hasRightToLeft;
        return std::move(m_line);
    }

    const Codes& written() const { return m_codes; }

private:
    /// Whether an invisible character has work to do behind what stands before it.
    bool works(char32_t code, char32_t before) const
    {
        if (isJoiner(code))
            return before != 0 && takesJoiner(before);
        if (isVariationSelector(code))
            return before != 0 && isSeen(before) && !QChar::isSpace(before);
        if (isMongolianSelector(code))
            return QChar::script(before) == QChar::Script_Mongolian;
        if (isDirectionMark(code) || isIsolate(code)) // isolates without their other half come as codes
            return m_hasRightToLeft;
        if (code == 0x200B)
            return writesWithoutSpaces(before);
        return code == 0x00AD;
    }

    /// Between a script that needs a font of its own and signs in another: the signs would be taken as part
    /// of it, also those before its first letter.
    bool needsBreak(const Codes& shown, FaceNumber face) const
    {
        const auto letter = std::find_if_not(shown.begin(), shown.end(), isOfNoScript);
        if (letter == shown.end())
            return face != invoiceSans && face != m_letterFace && needsOwnFont(m_letter);
        return m_letter == 0 && m_hasOtherSigns && needsOwnFont(*letter);
    }

    void rememberScript(const Codes& shown, FaceNumber face)
    {
        const auto letter = std::find_if_not(shown.rbegin(), shown.rend(), isOfNoScript);
        if (letter != shown.rend()) {
            m_letter = *letter;
            m_letterFace = face;
        } else if (face != invoiceSans && face != m_letterFace) {
            m_hasOtherSigns = true;
            if (needsOwnFont(m_letter))
                m_letter = scriptBreak;
        }
    }

    void sort(const Codes& cluster, bool asCode, Codes& shown, Codes& hidden) const
    {
        std::size_t marks = 0, letters = 0;
        for (const char32_t code : cluster) {
            const char32_t before = shown.empty() ? m_before : shown.back();
            const bool seen = isSeen(code) || works(code, before);
            if (isVariationSelector(code) && works(code, before) && !asCode)
                continue; // it asks for a form of what it follows, and a face has one
            const bool mark = QChar::isMark(code) && !isMongolianSelector(code);
            const bool lost =
                mark ? shown.empty() || QChar::isSpace(shown[0]) || ++marks > marksOfLetter
                     : isSeen(code) && (++letters > lettersOfCluster ||
                                        (isNumberSign(code) && isNumberSign(before) && !shown.empty()));
            (asCode || !seen || lost ? hidden : shown).push_back(code);
        }
    }

    static Codes inked(const Codes& codes)
    {
        Codes seen;
        std::copy_if(codes.begin(), codes.end(), std::back_inserter(seen), isSeen);
        return seen;
    }

    /// For the whole cluster, else for its first character: then the others become hidden ones.
    std::optional<FaceNumber> chooseFace(Codes& shown, Codes& hidden) const
    {
        if (shown.empty())
            return std::nullopt;
        Codes seen = inked(shown);
        if (seen.empty()) // an invisible character alone stands in its neighbour's face if it can
            return std::all_of(shown.begin(), shown.end(),
                               [&](char32_t code) { return covers(m_face, code); })
                       ? m_face
                       : invoiceSans;
        if (const auto face = faceOf(seen))
            return face;
        const char32_t base = seen[0];
        const auto face = faceOf({base});
        Codes rest;
        if (face)
            std::copy_if(shown.begin(), shown.end(), std::back_inserter(rest),
                         [&](char32_t code) { return isSeen(code) && !covers(*face, code); });
        else
            rest = seen;
        hidden.insert(hidden.begin(), rest.begin(), rest.end());
        std::erase_if(shown, [&](char32_t code) { return !face || (isSeen(code) && !covers(*face, code)); });
        return face;
    }

    std::optional<FaceNumber> faceOf(const Codes& seen) const
    {
        const bool builtIn =
            std::all_of(seen.begin(), seen.end(), [](char32_t code) { return covers(invoiceSans, code); });
        return builtIn ? std::optional(invoiceSans) : faceWith(seen, m_face);
    }

    void extendRun(FaceNumber face)
    {
        const int end = static_cast<int>(m_line.text.size());
        const int start = m_line.runs.empty() ? 0 : m_line.runs.back().start + m_line.runs.back().length;
        if (!m_line.runs.empty() && m_line.runs.back().face == face)
            m_line.runs.back().length = end - m_line.runs.back().start;
        else if (end > start)
            m_line.runs.push_back({start, end - start, face});
        m_face = face;
    }

    /// Codes beside each other share their brackets, and an isolate where text could run the other way.
    void writeCode(char32_t code)
    {
        if (!m_inCodes && m_hasRightToLeft)
            append(m_line.text, leftToRightIsolate);
        m_line.text += m_inCodes ? QLatin1Char(' ') : QChar(u'‹');
        m_line.text += codeOf(code);
        m_inCodes = true;
        m_letter = U'U';
        m_before = 0;
        if (std::find(m_codes.begin(), m_codes.end(), code) == m_codes.end())
            m_codes.push_back(code);
    }

    void closeCodes()
    {
        if (!m_inCodes)
            return;
        m_line.text += QChar(u'›');
        if (m_hasRightToLeft)
            append(m_line.text, popIsolate);
        m_inCodes = false;
        const FaceNumber face = m_face;
        extendRun(invoiceSans);
        m_face = face;
    }

    bool m_hasRightToLeft;
    bool m_inCodes = false;
    FaceNumber m_face = invoiceSans; ///< of the last cluster
    char32_t m_before = 0;           ///< the last character shown
    char32_t m_letter = 0;           ///< the last one that has a script
    FaceNumber m_letterFace = invoiceSans;
    bool m_hasOtherSigns = false; ///< signs in a face behind Invoice Sans
    Printable m_line = {};
    Codes m_codes = {};
};

/// UAX 9, P2 and P3: the first strong character outside of isolates decides.
bool startsRightToLeft(const Codes& codes)
{
    int depth = 0;
    for (const char32_t code : codes) {
        if (isIsolate(code))
            depth = std::max(depth + (code == popIsolate ? -1 : 1), 0);
        const QChar::Direction direction = QChar::direction(code);
        if (depth == 0 && (direction == QChar::DirR || direction == QChar::DirAL))
            return true;
        if (depth == 0 && direction == QChar::DirL)
            return false;
    }
    return false;
}

/// Where an isolate begins or ends that has no other half in its line.
std::vector<bool> halfIsolates(const QString& line)
{
    std::vector<bool> halves(static_cast<std::size_t>(line.size()), false);
    std::vector<std::size_t> open;
    for (std::size_t at = 0; at < halves.size(); ++at) {
        const char32_t code = line[static_cast<qsizetype>(at)].unicode();
        if (!isIsolate(code))
            continue;
        halves[at] = code != popIsolate || open.empty();
        if (code != popIsolate)
            open.push_back(at);
        else if (!open.empty()) {
            halves[open.back()] = false;
            open.pop_back();
        }
    }
    return halves;
}

/// Also behind marks that Qt takes for clusters of their own, as it does with some of Myanmar, and never
/// within a pair, where it sees an end behind Indic letters.
qsizetype clusterEnd(QTextBoundaryFinder& finder, const QString& line)
{
    do {
        if (finder.toNextBoundary() < 0)
            finder.toEnd();
    } while (finder.position() < line.size() &&
             (line[finder.position()].isMark() || line[finder.position()].isLowSurrogate()));
    return finder.position();
}

struct Written
{
    Printable printable;
    Codes asCodes;
};

Written writeLine(const QString& line, const std::vector<bool>& asCode, bool isPrinted)
{
    const Codes codes = codesOf(line);
    const std::vector<bool> halves = halfIsolates(line);
    Writer writer(codes);
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, line);
    for (qsizetype start = 0; start < line.size(); start = finder.position()) {
        const qsizetype end = clusterEnd(finder, line);
        const auto at = static_cast<std::size_t>(start);
        if (isPrinted && line[start] == QChar(scriptBreak))
            continue; // it was put there, and will be again
        writer.write(codesOf(QStringView(line).mid(start, end - start)),
                     halves[at] || (at < asCode.size() && asCode[at]));
    }
    Printable printable = writer.finish(startsRightToLeft(codes));
    return {std::move(printable), writer.written()};
}

bool mayRunRightToLeft(const QString& text)
{
    const Codes codes = codesOf(text);
    return std::any_of(codes.begin(), codes.end(), isRightToLeft);
}

QString betweenIsolates(char32_t opening, const QString& text)
{
    QString apart;
    append(apart, opening);
    apart += text;
    append(apart, popIsolate);
    return apart;
}

} // namespace

bool Printable::needsReadingText() const
{
    return !hasRightToLeft &&
           std::any_of(runs.begin(), runs.end(), [](const FaceRun& run) { return run.face != invoiceSans; });
}

std::vector<Printable> paragraphsOf(const QString& text)
{
    const QString lines = withLineFeeds(text);
    if (isPlain(lines))
        return {{QString(lines).replace(QLatin1Char('\n'), QChar(QChar::LineSeparator))}};
    std::vector<Printable> paragraphs;
    for (const QString& line : lines.split(QLatin1Char('\n')))
        paragraphs.push_back(writeLine(line, {}, false).printable);
    return paragraphs;
}

Printable withCodes(const Printable& paragraph, const std::vector<bool>& asCode)
{
    return writeLine(paragraph.text, asCode, true).printable;
}

std::vector<char32_t> charactersAsCodes(const QString& text)
{
    std::vector<char32_t> all;
    const QString lines = withLineFeeds(text);
    if (isPlain(lines))
        return all;
    for (const QString& line : lines.split(QLatin1Char('\n')))
        for (const char32_t code : writeLine(line, {}, false).asCodes)
            if (std::find(all.begin(), all.end(), code) == all.end())
                all.push_back(code);
    return all;
}

QString codeOf(char32_t character)
{
    return QStringLiteral("U+") +
           QString::number(static_cast<uint>(character), 16).toUpper().rightJustified(4, QLatin1Char('0'));
}

QString isolated(const QString& text)
{
    return mayRunRightToLeft(text) ? betweenIsolates(firstStrongIsolate, text) : text;
}

QString numberBefore(const QString& number, const QString& word)
{
    const bool apart = mayRunRightToLeft(word);
    return (apart ? betweenIsolates(leftToRightIsolate, number) : number) + QLatin1Char(' ') + word;
}

} // namespace billing::document
