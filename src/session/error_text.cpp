// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The user's words: errors by code, numbers with the digits that a reader needs.
#include "session/error_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <array>
#include <cmath>

namespace lathe::session {
namespace {

struct ErrorText {
    Q_DECLARE_TR_FUNCTIONS(lathe::session::ErrorText)
};

QString number(double value, int decimals) {
    return QLocale().toString(value, 'f', decimals);
}

QString sentence(QString text) {
    text = text.trimmed();
    if (text.isEmpty())
        return text;
    text[0] = text[0].toUpper();
    static const QString ends = QStringLiteral(".!?:。！？");
    if (!ends.contains(text.back()))
        text += QLatin1Char('.');
    return text;
}

}  // namespace

QString errorText(const Error& error) {
    const QString what = sentence(QString::fromStdString(error.message));
    switch (error.code) {
        case ErrorCode::Canceled:
            return ErrorText::tr("Stopped. Nothing was changed.");
        case ErrorCode::InvalidInput:
        case ErrorCode::Parse:
            return what.isEmpty() ? ErrorText::tr("The input cannot be used.") : what;
        case ErrorCode::NotFound:
            return what.isEmpty() ? ErrorText::tr("It is not there.") : ErrorText::tr("Not found. %1").arg(what);
        case ErrorCode::Io:
            return ErrorText::tr(
                       "Reading or writing failed. %1 Check that the disk has room and that you may write there.")
                .arg(what);
        case ErrorCode::Unsupported:
            return ErrorText::tr("Lathe cannot do this yet. %1").arg(what);
        case ErrorCode::OutOfMemory:
            return ErrorText::tr("Not enough memory. %1 A smaller batch, shorter texts or a smaller model need less.")
                .arg(what);
        case ErrorCode::Diverged:
            return ErrorText::tr("Training went astray. %1 A lower learning rate or a longer warm-up usually helps.")
                .arg(what);
        case ErrorCode::Busy:
            return ErrorText::tr("Another program has this project open. Close it there, or open it here read-only.");
        case ErrorCode::Internal:
            return ErrorText::tr("Something went wrong inside Lathe. %1").arg(what);
    }
    return what;
}

QString compactNumber(double value) {
    if (!std::isfinite(value))
        return QStringLiteral("–");
    static constexpr std::array<const char*, 5> units = {"", "k", "M", "G", "T"};
    std::size_t unit = 0;
    double scaled = value;
    // 999.95 would be shown as 1000.0: the next unit begins where rounding reaches it.
    while (std::abs(scaled) >= 999.5 && unit + 1 < units.size()) {
        scaled /= 1000;
        ++unit;
    }
    if (unit == 0)
        return number(scaled, scaled == std::floor(scaled) ? 0 : (std::abs(scaled) < 10 ? 2 : 1));
    return number(scaled, std::abs(scaled) < 99.95 ? 1 : 0) + QChar(0x202F) + QLatin1String(units[unit]);
}

QString percent(double share) {
    if (!std::isfinite(share))
        return QStringLiteral("–");
    return ErrorText::tr("%1 %").arg(number(share * 100, 1));
}

QString duration(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0)
        return QStringLiteral("–");
    if (seconds < 9.95)
        return ErrorText::tr("%1 s").arg(number(seconds, 1));
    const auto whole = static_cast<qint64>(std::llround(seconds));
    if (whole < 60)
        return ErrorText::tr("%1 s").arg(whole);
    if (whole < 3600)
        return whole % 60 == 0 ? ErrorText::tr("%1 min").arg(whole / 60)
                               : ErrorText::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
    const qint64 minutes = (whole + 30) / 60;
    return minutes % 60 == 0 ? ErrorText::tr("%1 h").arg(minutes / 60)
                             : ErrorText::tr("%1 h %2 min").arg(minutes / 60).arg(minutes % 60);
}

}  // namespace lathe::session
