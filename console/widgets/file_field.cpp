#include "console/widgets/file_field.h"

#include "console/widgets/icons.h"
#include "console/widgets/tokens.h"

#include <QBoxLayout>
#include <QFileDialog>
#include <QLineEdit>
#include <QToolButton>

namespace billing::console {

FileField::FileField(const QString& name, const QString& filter, QWidget* parent)
    : QWidget(parent)
    , m_name(name)
    , m_filter(filter)
    , m_path(new QLineEdit)
{
    auto* button = new QToolButton;
    button->setIcon(icon(Glyph::Folder));
    button->setToolTip(tr("Choose a file"));
    button->setAccessibleName(tr("Choose a file for: %1").arg(name));
    button->setFocusPolicy(Qt::TabFocus);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::tight);
    row->addWidget(m_path, 1);
    row->addWidget(button);
    m_path->setAccessibleName(name);
    setFocusProxy(m_path);
    connect(button, &QToolButton::clicked, this, &FileField::choose);
    connect(m_path, &QLineEdit::textEdited, this, &FileField::edited);
}

QString FileField::path() const
{
    return m_path->text().trimmed();
}

void FileField::setPath(const QString& path)
{
    m_path->setText(path);
}

void FileField::choose()
{
    auto* dialog = new QFileDialog(this, m_name, path(), m_filter);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        setPath(file);
        Q_EMIT edited();
    });
    dialog->open();
}

} // namespace billing::console
