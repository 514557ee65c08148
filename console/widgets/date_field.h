// A day, or none: written as people write it, chosen from a calendar, stepped with the arrow keys. What is
// not a day is marked as such when the field is left, and counts as none. GUI thread.
#pragma once

#include "shared/kernel/local_date.h"

#include <QLineEdit>
#include <QLocale>

#include <optional>

namespace billing::console {

/// In ISO 8601 ("2026-11-22"), as formatDate() writes it, or in the locale's own figures, the year with two
/// digits or four. Nothing for what is no day between 1970 and 9999.
std::optional<LocalDate> dayFrom(const QString& text, const QLocale& locale);

class DateField : public QLineEdit
{
    Q_OBJECT

public:
    /// The name stands in the empty field.
    explicit DateField(const QString& name, QWidget* parent = nullptr);

    std::optional<LocalDate> day() const { return m_day; }
    void setDay(std::optional<LocalDate> day);
    /// There is text that is no day, and the field was left with it.
    bool isMistaken() const { return m_isMistaken; }
    /// Also by Alt with the down arrow, and F4.
    void openCalendar();

Q_SIGNALS:
    void dayChanged();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void take(std::optional<LocalDate> day);
    void readText();
    void finish();
    void setMistaken(bool isMistaken);

    QString m_name;
    std::optional<LocalDate> m_day;
    bool m_isMistaken = false;
};

} // namespace billing::console
