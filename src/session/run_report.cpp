// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/run_report.h"

#include <QCoreApplication>

#include <algorithm>

#include "session/session.h"
#include "train/run_export.h"

namespace lathe::session {
namespace {

/// The words of train/exports, declared for the translators; looked up as they come.
[[maybe_unused]] constexpr const char* kWords[] = {
    QT_TRANSLATE_NOOP("report words", "Settings"),
    QT_TRANSLATE_NOOP("report words", "Outcome"),
    QT_TRANSLATE_NOOP("report words", "Curves"),
    QT_TRANSLATE_NOOP("report words", "Curves of the pre-training"),
    QT_TRANSLATE_NOOP("report words", "What happened"),
    QT_TRANSLATE_NOOP("report words", "Best dev accuracy"),
    QT_TRANSLATE_NOOP("report words", "Best dev macro-F1"),
    QT_TRANSLATE_NOOP("report words", "Lowest dev loss"),
    QT_TRANSLATE_NOOP("report words", "Steps"),
    QT_TRANSLATE_NOOP("report words", "Seconds"),
    QT_TRANSLATE_NOOP("report words", "Loss"),
    QT_TRANSLATE_NOOP("report words", "Accuracy"),
    QT_TRANSLATE_NOOP("report words", "Macro-F1"),
    QT_TRANSLATE_NOOP("report words", "Learning rate"),
    QT_TRANSLATE_NOOP("report words", "Gradient norm"),
    QT_TRANSLATE_NOOP("report words", "Tokens a second"),
    QT_TRANSLATE_NOOP("report words", "training"),
    QT_TRANSLATE_NOOP("report words", "dev"),
};

}  // namespace

Result<> saveRun(Session& session, const QString& run, const QString& target) {
    LATHE_TRY(const auto runs, session.store().runs());
    const auto found = std::ranges::find(runs, run.toStdString(), &corpus::Run::id);
    if (found == runs.end())
        return fail(ErrorCode::NotFound, "this run is not in the project any more");
    LATHE_TRY(const auto exported, train::exportedRun(session.project(), *found));
    LATHE_CHECK(train::exportRun(exported, target.toStdString(), [](const char* english) {
        return QCoreApplication::translate("report words", english).toStdString();
    }));
    return {};
}

}  // namespace lathe::session
