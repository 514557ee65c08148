// A field for the path of a file, with a button that asks for it. GUI thread.
#pragma once

#include <QWidget>

class QLineEdit;
class QToolButton;

namespace billing::console {

class FileField : public QWidget
{
    Q_OBJECT

public:
    /// The name is read out and heads the file dialog; the filter is a QFileDialog's.
    FileField(const QString& name, const QString& filter, QWidget* parent = nullptr);

    QString path() const;
    void setPath(const QString& path);

Q_SIGNALS:
    void edited();

private:
    void choose();

    QString m_name;
    QString m_filter;
    QLineEdit* m_path;
};

} // namespace billing::console
