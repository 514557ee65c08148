// The tenants: searched by the server, one of them in detail beside the list, the way to its invoices. GUI
// thread.
#pragma once

#include "console/models/tenant_list_model.h"
#include "console/screens/list_face.h"
#include "console/screens/place.h"
#include "console/screens/tenants/tenant_pane.h"

#include <QTimer>

class QSplitter;

namespace billing::console {

class TenantsPlace : public Place
{
    Q_OBJECT

public:
    explicit TenantsPlace(QWidget* parent = nullptr);

    void setApi(client::BillingApi* api);
    void refresh() override;
    void find() override;

    TenantListModel& model() { return m_model; }
    ListFace& list() { return *m_list; }
    QSplitter& splitter() { return *m_splitter; }

Q_SIGNALS:
    void invoicesWanted(const QString& tenantId, const QString& legalName);

private:
    void showChosen();
    void showInvoices();
    void setEmptyWords();

    TenantListModel m_model;
    QLineEdit* m_search;
    QTimer m_typed;
    ListFace* m_list;
    TenantPane* m_pane;
    QSplitter* m_splitter;
    QAction* m_open;
};

} // namespace billing::console
