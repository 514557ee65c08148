// One tenant beside the list: who it is, its tier, what an invoice to it says. GUI thread.
#pragma once

#include "console/widgets/labels.h"
#include "console/widgets/marks.h"
#include "shared/model/tenant.h"

class QGridLayout;
class QPushButton;

namespace billing::console {

class TenantPane : public QWidget
{
    Q_OBJECT

public:
    explicit TenantPane(QWidget* parent = nullptr);

    void setTenant(const Tenant& tenant);
    /// None hides the badge.
    void setTier(std::optional<Tier> tier);

Q_SIGNALS:
    void invoicesWanted();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void addFact(const QString& caption, const QString& text);

    WrappedLabel* m_name;
    TierBadge* m_tier;
    QWidget* m_facts;
    QGridLayout* m_rows;
    QPushButton* m_invoices;
};

} // namespace billing::console
