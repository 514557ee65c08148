// The signs that stand for a tier and for an invoice's status, on screen: told apart by shape and letter, not
// by colour alone. A tier's shapes are the paper's (shared/document/tier_badge), with an outline that keeps
// them visible on any surface. GUI thread.
#pragma once

#include "console/widgets/tokens.h"
#include "shared/model/invoice.h"
#include "shared/model/tier.h"

#include <QWidget>

namespace billing::console {

/// The outline of a tier's badge; at least 3:1 against Surface, Window and Selection.
QColor tierOutline(Tier tier, Appearance appearance);
void drawTier(QPainter& painter, Tier tier, const QRectF& box, Appearance appearance);
QString tierName(Tier tier);

QString statusName(InvoiceStatus status); ///< "Draft", "Finalised", "Void", translated
struct StatusLook
{
    Token ink;
    Token surface;
};
StatusLook lookOf(InvoiceStatus status);
/// A pill with a sign and the word: a ring for a draft, a tick for finalised, a cross for void.
void drawStatus(QPainter& painter, InvoiceStatus status, const QRectF& box, Appearance appearance);
QSize statusSize(InvoiceStatus status);

/// A tier's badge with its name beside it.
class TierBadge : public QWidget
{
    Q_OBJECT

public:
    explicit TierBadge(QWidget* parent = nullptr);

    void setTier(Tier tier);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Tier m_tier = Tier::Zero;
};

class StatusPill : public QWidget
{
    Q_OBJECT

public:
    explicit StatusPill(QWidget* parent = nullptr);

    void setStatus(InvoiceStatus status);
    QSize sizeHint() const override { return statusSize(m_status); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    InvoiceStatus m_status = InvoiceStatus::Draft;
};

} // namespace billing::console
