#include "console/widgets/calendar_popup.h"

#include "console/widgets/icons.h"
#include "console/widgets/tokens.h"

#include <QBoxLayout>
#include <QCalendarWidget>
#include <QPainter>
#include <QTextCharFormat>
#include <QToolButton>

namespace billing::console {

QDate dateOf(LocalDate day)
{
    return {day.year(), day.month(), day.day()};
}

std::optional<LocalDate> dayOf(const QDate& date)
{
    if (!date.isValid() || date.year() < CalendarPopup::yearLeast || date.year() > CalendarPopup::yearMost)
        return std::nullopt;
    const auto day = LocalDate::create(date.year(), date.month(), date.day());
    return day ? std::optional(*day) : std::nullopt;
}

CalendarPopup::CalendarPopup(QWidget& field, std::optional<LocalDate> day)
    : QFrame(&field, Qt::Popup)
    , m_month(new Label(TypeRole::Strong))
    , m_calendar(new QCalendarWidget)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setAccessibleName(tr("Calendar"));
    setLocale(field.locale());
    dressCalendar();
    if (day)
        m_calendar->setSelectedDate(dateOf(*day));
    connect(m_calendar, &QCalendarWidget::clicked, this, &CalendarPopup::choose);
    connect(m_calendar, &QCalendarWidget::activated, this, &CalendarPopup::choose);
    connect(m_calendar, &QCalendarWidget::currentPageChanged, this, &CalendarPopup::showMonth);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::small, space::small, space::small, space::small);
    column->setSpacing(space::tight);
    column->addWidget(makeHead());
    column->addWidget(m_calendar);
    showMonth();
    m_calendar->setFocus(Qt::PopupFocusReason);
}

QWidget* CalendarPopup::makeHead()
{
    const auto button = [this](Glyph glyph, const QString& name, void (QCalendarWidget::*turn)()) {
        auto* made = new QToolButton;
        made->setIcon(icon(glyph));
        made->setToolTip(name);
        made->setAccessibleName(name);
        made->setFocusPolicy(Qt::TabFocus);
        connect(made, &QToolButton::clicked, m_calendar, turn);
        return made;
    };
    auto* head = new QWidget;
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(space::small, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_month, 1);
    row->addWidget(button(Glyph::Up, tr("A year earlier"), &QCalendarWidget::showPreviousYear));
    row->addWidget(button(Glyph::Down, tr("A year later"), &QCalendarWidget::showNextYear));
    row->addWidget(button(Glyph::Previous, tr("A month earlier"), &QCalendarWidget::showPreviousMonth));
    row->addWidget(button(Glyph::Next, tr("A month later"), &QCalendarWidget::showNextMonth));
    return head;
}

// Without what Qt gives it of its own: a bar with green arrows, weekends in red, the week's number.
void CalendarPopup::dressCalendar()
{
    m_calendar->setNavigationBarVisible(false);
    m_calendar->setVerticalHeaderFormat(QCalendarWidget::NoVerticalHeader);
    m_calendar->setLocale(locale());
    m_calendar->setFirstDayOfWeek(locale().firstDayOfWeek());
    m_calendar->setDateRange(QDate(yearLeast, 1, 1), QDate(yearMost, 12, 31));
    QTextCharFormat days = m_calendar->headerTextFormat();
    days.setForeground(palette().text());
    m_calendar->setHeaderTextFormat(days);
    for (const Qt::DayOfWeek day : {Qt::Saturday, Qt::Sunday}) {
        QTextCharFormat weekend = m_calendar->weekdayTextFormat(day);
        weekend.setForeground(palette().text());
        m_calendar->setWeekdayTextFormat(day, weekend);
    }
}

void CalendarPopup::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), colour(Token::Raised, palette()));
    painter.setPen(colour(Token::Edge, palette()));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void CalendarPopup::showMonth()
{
    m_month->setText(tr("%1 %2", "month and year")
                         .arg(locale().standaloneMonthName(m_calendar->monthShown()))
                         .arg(m_calendar->yearShown()));
}

void CalendarPopup::choose(const QDate& date)
{
    const std::optional<LocalDate> day = dayOf(date);
    close();
    if (day)
        Q_EMIT chosen(*day);
}

} // namespace billing::console
