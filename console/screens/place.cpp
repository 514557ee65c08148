#include "console/screens/place.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QToolButton>

namespace billing::console {

namespace {

constexpr int searchLeast = 150;
constexpr int searchMost = 280;

} // namespace

Place::Place(const QString& name, Glyph glyph, QWidget* parent)
    : QWidget(parent)
    , m_name(name)
    , m_glyph(glyph)
    , m_column(new QVBoxLayout(this))
    , m_head(new QHBoxLayout)
    , m_filters(new QHBoxLayout)
    , m_filterRows(new QVBoxLayout)
{
    setAccessibleName(name);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    m_head->setContentsMargins(space::huge, space::large, space::large, space::small);
    m_head->setSpacing(space::tight);
    m_filters->setContentsMargins(space::huge, 0, space::large, space::medium);
    m_filters->setSpacing(space::small);
    auto* title = new Label(TypeRole::Headline);
    title->setText(name);
    m_head->addWidget(title);
    m_head->addStretch(1);
    m_filters->addStretch(1);
    m_column->addLayout(m_head);
    // A flat button's own margin left out: its sign stands below the fields' edge.
    m_filterRows->setContentsMargins(space::huge - space::medium, 0, space::large, 0);
    m_column->addLayout(m_filters);
    m_column->addLayout(m_filterRows);
}

QAction* Place::addPlaceAction(const ActionText& text)
{
    auto* action = new QAction(text.text, this);
    action->setObjectName(text.name);
    action->setShortcut(text.shortcut);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    if (text.glyph)
        action->setIcon(icon(*text.glyph));
    addAction(action);
    m_menuActions.push_back(action);
    return action;
}

void Place::addButton(QAction* action)
{
    auto* button = new QToolButton;
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::TabFocus);
    m_head->addWidget(button);
}

void Place::addFilter(QWidget* field)
{
    m_filters->insertWidget(m_filters->count() - 1, field);
}

void Place::addFilterRow(QWidget* row)
{
    m_filterRows->addWidget(row);
}

QLineEdit* Place::addSearch(const QString& placeholder)
{
    auto* search = new QLineEdit;
    search->setPlaceholderText(placeholder);
    search->setAccessibleName(placeholder);
    search->setClearButtonEnabled(true);
    search->setMaxLength(200);
    search->setMinimumWidth(searchLeast);
    search->setMaximumWidth(searchMost);
    search->addAction(icon(Glyph::Search), QLineEdit::LeadingPosition);
    addFilter(search);
    m_filters->setStretchFactor(search, 1000); // what the gap behind the fields gets only after it
    return search;
}

void Place::setContent(QWidget* content)
{
    m_column->addWidget(content, 1);
}

} // namespace billing::console
