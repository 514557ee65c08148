// What the list of invoices is narrowed to: text, status, the days it was issued on, one customer. The fields
// stand in the place's row of filters; how they are set can be told in words. They keep their values until
// they are cleared. GUI thread.
#pragma once

#include "console/models/invoice_list_model.h"
#include "console/widgets/date_field.h"

#include <QTimer>

class QComboBox;
class QToolButton;

namespace billing::console {

class InvoiceFilters : public QWidget
{
    Q_OBJECT

public:
    /// The search field is the place's own and outlives it.
    explicit InvoiceFilters(QLineEdit& search, QWidget* parent = nullptr);

    InvoiceListModel::Filter filter() const;
    bool isSet() const { return filter() != InvoiceListModel::Filter(); }
    /// A line for each that is set: "Status: Void". And what cannot be found with them together.
    QStringList words() const;

    /// Only that customer's. Empty: all.
    void showTenant(const QString& tenantId, const QString& legalName);
    void clear();

    /// The customer, as a button that lets go of it, in a row of its own that is hidden without one.
    QWidget& tenantRow() { return *m_tenantRow; }
    QToolButton& tenantChip() { return *m_tenant; }
    DateField& from() { return *m_from; }
    DateField& to() { return *m_to; }

Q_SIGNALS:
    void changed();

private:
    void tellChange();

    QLineEdit& m_search;
    QComboBox* m_status;
    DateField* m_from;
    DateField* m_to;
    QToolButton* m_clear;
    QToolButton* m_tenant;
    QWidget* m_tenantRow;
    QTimer m_typed;
    std::optional<TenantId> m_tenantId;
    QString m_tenantName;
};

} // namespace billing::console
