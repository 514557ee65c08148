// What every place looks like: its name, the fields that narrow its list, the actions on it, and below them
// its content. The frame shows one place at a time and offers its actions in the menus. GUI thread.
#pragma once

#include "console/widgets/icons.h"
#include "console/widgets/labels.h"

#include <QAction>

class QHBoxLayout;
class QLineEdit;
class QVBoxLayout;

namespace billing::console {

struct ActionText
{
    QString text; ///< with its mnemonic
    QKeySequence shortcut = {};
    std::optional<Glyph> glyph = {};
    QString name = {}; ///< objectName
};

class Place : public QWidget
{
    Q_OBJECT

public:
    Place(const QString& name, Glyph glyph, QWidget* parent = nullptr);

    QString name() const { return m_name; }
    Glyph glyph() const { return m_glyph; }
    /// For the frame's menu of this place, in order; a nullptr separates.
    const std::vector<QAction*>& menuActions() const { return m_menuActions; }

    /// Reads what is shown anew.
    virtual void refresh() = 0;
    /// Puts the cursor into the search field.
    virtual void find() = 0;

protected:
    QAction* addPlaceAction(const ActionText& text);
    void addSeparator() { m_menuActions.push_back(nullptr); }
    /// A button for the action beside the place's name.
    void addButton(QAction* action);
    void addFilter(QWidget* field);
    /// Below them, across the whole width.
    void addFilterRow(QWidget* row);
    QLineEdit* addSearch(const QString& placeholder);
    void setContent(QWidget* content);
    QVBoxLayout& column() { return *m_column; }

private:
    QString m_name;
    Glyph m_glyph;
    std::vector<QAction*> m_menuActions;
    QVBoxLayout* m_column;
    QHBoxLayout* m_head;
    QHBoxLayout* m_filters;
    QVBoxLayout* m_filterRows;
};

} // namespace billing::console
