#include "console/screens/list_face.h"

#include "console/models/session.h"

#include <QBoxLayout>
#include <QStackedLayout>

namespace billing::console {

namespace {

bool isAway(const Error& error)
{
    return error.code == ErrorCode::Offline || error.code == ErrorCode::DeadlineExceeded;
}

QString codeOf(const Error& error)
{
    return QString::fromUtf8(toText(error).c_str());
}

} // namespace

PanelText panelOf(const Error& error)
{
    const Refusal refusal = refusalOf(error);
    return {isAway(error) ? PanelKind::Offline : PanelKind::Failed, refusal.headline, refusal.advice,
            codeOf(error), ListFace::tr("&Try again")};
}

ListFace::ListFace(PagedModel& model, QWidget* parent)
    : QWidget(parent)
    , m_model(model)
    , m_notice(new NoticeBar)
    , m_faces(new QStackedLayout)
    , m_table(new RecordTable)
    , m_panel(new StatePanel)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_notice);
    column->addLayout(m_faces, 1);
    m_faces->addWidget(m_table);
    m_faces->addWidget(m_panel);
    m_table->setModel(&m_model);
    connect(&m_model, &PagedModel::stateChanged, this, &ListFace::showState);
    connect(&m_model, &PagedModel::rowsInserted, this, &ListFace::showState);
    connect(&m_model, &PagedModel::rowsInserted, m_table,
            [this](const QModelIndex&, int first, int last) { m_table->fitColumns(first, last); });
    connect(m_notice, &NoticeBar::actionTriggered, &m_model, &PagedModel::retry);
    connect(m_panel, &StatePanel::actionTriggered, this, [this] {
        if (m_model.state() == ListState::Empty)
            Q_EMIT emptyActionTriggered();
        else
            m_model.retry();
    });
    showState();
}

void ListFace::setEmptyWords(const EmptyWords& words)
{
    m_empty = words;
    showState();
}

void ListFace::showPanel(const PanelText& text)
{
    m_notice->hide();
    m_panel->setText(text);
    m_faces->setCurrentWidget(m_panel);
}

void ListFace::showState()
{
    const bool hasRows = m_model.rowCount() > 0;
    switch (m_model.state()) {
    case ListState::Idle:
        return showPanel({PanelKind::Empty, tr("Signed out"), tr("Sign in to see this list."), {}, {}});
    case ListState::Loading:
        return showPanel({PanelKind::Loading, tr("Loading"), {}, {}, {}});
    case ListState::Empty:
        return showPanel({PanelKind::Empty, m_empty.headline, m_empty.advice, {}, m_empty.action});
    case ListState::Ready:
        m_notice->hide();
        break;
    case ListState::Offline:
    case ListState::Failed: {
        const Error error = m_model.error().value_or(Error{ErrorCode::Internal});
        if (!hasRows)
            return showPanel(panelOf(error));
        if (isAway(error)) // the frame says so, for every place at once
            m_notice->hide();
        else
            m_notice->tell(NoticeKind::Failure,
                           tr("The list could not be brought up to date: %1").arg(refusalOf(error).headline),
                           tr("&Try again"));
        break;
    }
    }
    m_faces->setCurrentWidget(m_table);
}

} // namespace billing::console
