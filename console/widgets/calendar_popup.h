// A month below the field it is for, to choose a day from: arrows and Page keys move, Return chooses, Escape
// closes. It deletes itself when it closes. GUI thread.
#pragma once

#include "console/widgets/labels.h"
#include "shared/kernel/local_date.h"

#include <QDate>
#include <QFrame>

#include <optional>

class QCalendarWidget;

namespace billing::console {

QDate dateOf(LocalDate day);
/// Nothing outside the years below.
std::optional<LocalDate> dayOf(const QDate& date);

class CalendarPopup : public QFrame
{
    Q_OBJECT

public:
    static constexpr int yearLeast = 1970;
    static constexpr int yearMost = 9999;

    /// Opens at that day, else at today.
    CalendarPopup(QWidget& field, std::optional<LocalDate> day);

Q_SIGNALS:
    void chosen(billing::LocalDate day);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* makeHead();
    void dressCalendar();
    void showMonth();
    void choose(const QDate& date);

    Label* m_month;
    QCalendarWidget* m_calendar;
};

} // namespace billing::console
