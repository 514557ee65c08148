// English as the sources hold it, with its plurals: "%n invoice(s)" is "1 invoice" or "2 invoices". Other
// languages bring a translation file instead. Any thread.
#pragma once

#include <QTranslator>

namespace billing::console {

class EnglishPlurals : public QTranslator
{
    Q_OBJECT

public:
    using QTranslator::QTranslator;

    QString translate(const char* context, const char* source, const char* disambiguation,
                      int n) const override;
    bool isEmpty() const override { return false; }
};

} // namespace billing::console
