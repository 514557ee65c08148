#include "shared/format/date.h"

#include <QRegularExpression>

namespace billing::format {

namespace {

constexpr char16_t enDash = u'\u2013';

/// "d.M.yy" as the locale has it to "dd.MM.yyyy", without marks and words: "d.MM.yy 'г'." to "dd.MM.yyyy".
QString fullFigures(QString pattern)
{
    static const QRegularExpression words(QStringLiteral(" ?'[^']*'\\.?"));
    pattern.remove(words);
    pattern = withoutDirectionMarks(pattern);
    const auto widen = [&pattern](char16_t letter, qsizetype width) {
        const qsizetype first = pattern.indexOf(QChar(letter));
        const qsizetype last = pattern.lastIndexOf(QChar(letter));
        if (first >= 0)
            pattern.replace(first, last - first + 1, QString(width, QChar(letter)));
    };
    widen(u'd', 2);
    widen(u'M', 2);
    widen(u'y', 4);
    return pattern;
}

/// Patterns of a date with and without its year.
struct Patterns
{
    QString full;
    QString withoutYear;
};

Patterns patternsOf(const QLocale& locale)
{
    const QString figures = locale.dateFormat(QLocale::ShortFormat);
    if (locale.language() != QLocale::English || figures.startsWith(QLatin1Char('y')))
        return {fullFigures(figures), fullFigures(figures)};
    if (figures.startsWith(QLatin1Char('M')))
        return {QStringLiteral("MMM d, yyyy"), QStringLiteral("MMM d")};
    return {QStringLiteral("d MMM yyyy"), QStringLiteral("d MMM")};
}

QString figures(int number, qsizetype width)
{
    return QString::number(number).rightJustified(width, QLatin1Char('0'));
}

/// Not QLocale::toString, which writes the locale's own digits.
QString written(LocalDate date, const QString& pattern, const QLocale& locale)
{
    QString text;
    for (qsizetype at = 0, end = 0; at < pattern.size(); at = end) {
        const QChar letter = pattern[at];
        for (end = at; end < pattern.size() && pattern[end] == letter; ++end) {
        }
        const qsizetype width = end - at;
        if (letter == QLatin1Char('d'))
            text += figures(date.day(), width);
        else if (letter == QLatin1Char('M'))
            text += width > 2 ? locale.monthName(date.month(), QLocale::ShortFormat)
                              : figures(date.month(), width);
        else if (letter == QLatin1Char('y'))
            text += figures(date.year(), width);
        else
            text += pattern.mid(at, width);
    }
    return text.replace(QLatin1Char(' '), QChar(noBreakSpace));
}

} // namespace

QString formatDate(LocalDate date, const QLocale& locale)
{
    return written(date, patternsOf(locale).full, locale);
}

QString formatPeriod(LocalDate first, LocalDate endExclusive, const QLocale& locale)
{
    BILLING_ASSERT(first < endExclusive);
    const LocalDate last = endExclusive.plusDays(-1);
    const Patterns patterns = patternsOf(locale);
    const QString end = written(last, patterns.full, locale);
    if (first == last)
        return end;
    const QString start =
        written(first, first.year() == last.year() ? patterns.withoutYear : patterns.full, locale);
    return start + QChar(noBreakSpace) + QChar(enDash) + QLatin1Char(' ') + end;
}

} // namespace billing::format
