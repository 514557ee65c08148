#include "console/widgets/date_field.h"

#include "console/widgets/calendar_popup.h"
#include "console/widgets/icons.h"
#include "console/widgets/tokens.h"
#include "shared/format/date.h"

#include <QAction>
#include <QKeyEvent>
#include <QPainter>

namespace billing::console {

namespace {

constexpr int longest = 40;
constexpr int fieldWidth = 144;

/// Of the patterns that say the year with two digits, which Qt takes for the 1900s.
QDate inThisCentury(const QDate& date)
{
    return date.isValid() && date.year() < CalendarPopup::yearLeast ? date.addYears(100) : date;
}

QString withFullYear(QString pattern)
{
    return pattern.contains(QLatin1String("yyyy"))
               ? pattern
               : pattern.replace(QLatin1String("yy"), QLatin1String("yyyy"));
}

QString withShortYear(QString pattern)
{
    return pattern.replace(QLatin1String("yyyy"), QLatin1String("yy"));
}

} // namespace

std::optional<LocalDate> dayFrom(const QString& text, const QLocale& locale)
{
    QString words = format::withoutDirectionMarks(text).simplified();
    words.replace(QChar::Nbsp, QLatin1Char(' '));
    if (const auto iso =
            LocalDate::parse(words.toStdString())) // QDate::fromString takes what follows for a time
        return dayOf(dateOf(*iso));
    const QString figures = format::withoutDirectionMarks(locale.dateFormat(QLocale::ShortFormat));
    const QLocale english(QLocale::English);
    for (const QDate& date :
         {locale.toDate(words, withFullYear(figures)), locale.toDate(words, QStringLiteral("dd.MM.yyyy")),
          english.toDate(words, QStringLiteral("MMM d, yyyy")),
          english.toDate(words, QStringLiteral("d MMM yyyy")),
          inThisCentury(locale.toDate(words, withShortYear(figures)))})
        if (const auto day = dayOf(date))
            return day;
    return std::nullopt;
}

DateField::DateField(const QString& name, QWidget* parent)
    : QLineEdit(parent)
    , m_name(name)
{
    setPlaceholderText(name);
    setAccessibleName(name);
    setClearButtonEnabled(true);
    setMaxLength(longest);
    setFixedWidth(fieldWidth);
    QAction* calendar = addAction(icon(Glyph::Calendar), LeadingPosition);
    calendar->setText(tr("Choose from a calendar (F4)"));
    connect(calendar, &QAction::triggered, this, &DateField::openCalendar);
    connect(this, &QLineEdit::textChanged, this, &DateField::readText);
    connect(this, &QLineEdit::editingFinished, this, &DateField::finish);
    setMistaken(false);
}

void DateField::setDay(std::optional<LocalDate> day)
{
    take(day);
    setText(m_day ? format::formatDate(*m_day, locale()) : QString());
    setCursorPosition(0);
    setMistaken(false);
}

void DateField::take(std::optional<LocalDate> day)
{
    if (std::exchange(m_day, day) != day)
        Q_EMIT dayChanged();
}

// What is still being written is no mistake yet, and the day before stays meanwhile.
void DateField::readText()
{
    setMistaken(false);
    const QString words = text().trimmed();
    if (words.isEmpty())
        take(std::nullopt);
    else if (const auto day = dayFrom(words, locale()))
        take(day);
}

void DateField::finish()
{
    const QString words = text().trimmed();
    const auto day = dayFrom(words, locale());
    if (day || words.isEmpty())
        return setDay(day);
    take(std::nullopt);
    setCursorPosition(0); // so that its beginning is seen
    setMistaken(true);
}

void DateField::setMistaken(bool isMistaken)
{
    m_isMistaken = isMistaken;
    const QString example = format::formatDate(LocalDate::create(2026, 10, 31).value(), locale());
    const QString advice =
        isMistaken ? tr("This is no date. Write it like %1 or 2026-10-31.").arg(example) : m_name;
    setToolTip(advice);
    setAccessibleDescription(isMistaken ? advice : QString());
    update();
}

void DateField::openCalendar()
{
    auto* popup = new CalendarPopup(*this, m_day);
    connect(popup, &CalendarPopup::chosen, this, [this](LocalDate day) { setDay(day); });
    popup->move(mapToGlobal(QPoint(0, height() + space::hair)));
    popup->show();
}

void DateField::keyPressEvent(QKeyEvent* event)
{
    const bool isDown = event->key() == Qt::Key_Down;
    if (event->key() == Qt::Key_F4 || (isDown && event->modifiers() == Qt::AltModifier))
        return openCalendar();
    if ((isDown || event->key() == Qt::Key_Up) && m_day && !m_isMistaken)
        return setDay(dayOf(dateOf(*m_day).addDays(isDown ? -1 : 1)).value_or(*m_day));
    QLineEdit::keyPressEvent(event);
}

void DateField::paintEvent(QPaintEvent* event)
{
    QLineEdit::paintEvent(event);
    if (!m_isMistaken)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour(Token::DangerInk, palette()), measure::focusRing));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius::control, radius::control);
}

} // namespace billing::console
