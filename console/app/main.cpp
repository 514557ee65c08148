// billing-console: the finance team's desktop.
#include "console/app/console_application.h"

#include <QApplication>

#include <cstdio>

int main(int argc, char** argv)
{
    QApplication::setApplicationName(QStringLiteral("billing-console"));
    QApplication::setApplicationDisplayName(QStringLiteral("ENIS Billing"));
    QApplication::setHighDpiScaleFactorRoundingPolicy(Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
    QStringList words;
    for (int at = 0; at < argc; ++at)
        words << QString::fromLocal8Bit(argv[at]);
    const auto options = billing::console::parseOptions(words);
    if (!options) {
        std::fprintf(stderr, "billing-console: %s\n%s", billing::toText(options.error()).c_str(),
                     qPrintable(billing::console::usageText()));
        return 2;
    }
    if (options->help) {
        std::fputs(qPrintable(billing::console::usageText()), stdout);
        return 0;
    }
    QApplication application(argc, argv);
    return billing::console::runConsole(*options);
}
