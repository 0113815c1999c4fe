// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of Train, Evaluate and Chat share: projects to learn from, runs that take a second. Thread: GUI.
#pragma once

#include <QSignalSpy>

#include "gui/support/gui_support.h"
#include "pages/page.h"
#include "session/session.h"
#include "session/train_controller.h"

namespace lathe::test {

/// A page of the registry, shown in a window of its own.
template <class T>
std::unique_ptr<T> makePage(session::Session& session, const char* id, QSize size = {1208, 700}) {
    const auto registry = pages::makePageRegistry();
    auto* page = registry.find(id)->create(session, nullptr);
    page->resize(size);
    page->show();
    page->activate({});
    return std::unique_ptr<T>(qobject_cast<T*>(page));
}

/// Question/answer pairs, enough for a model that writes.
inline QString makeAnswerProject(const QString& folder, int pairs = 40) {
    auto project = corpus::Project::create(folder.toStdString());
    if (!project)
        qFatal("%s", project.error().message.c_str());
    auto store = project->connect();
    const auto source = store ? (*store)->addSource({}) : Result<corpus::SourceId>(fail(store.error()));
    std::vector<corpus::NewSample> batch;
    for (int i = 0; i < pairs; ++i) {
        corpus::NewSample sample;
        sample.text = "Where is card number " + std::to_string(i) + "?";
        sample.answer = "Card number " + std::to_string(i) + " is on its way and comes within five days.";
        sample.line = i + 1;
        batch.push_back(std::move(sample));
    }
    if (!source || !(*store)->addSamples(*source, batch))
        qFatal("the answers could not be written");
    return QString::fromStdString(project->folder().string());
}

/// Trains to the end and waits. \returns the run's id, empty when it did not finish.
inline QString trainAndWait(session::Session& session, const char* model, const Json& options = Json::object()) {
    session::TrainController controller(session);
    if (!controller.start(QString::fromLatin1(model), QStringLiteral("full"), options, QString::fromLatin1(model)))
        return {};
    if (!QTest::qWaitFor([&] { return !controller.isActive(); }, 120000))
        return {};
    if (controller.state() != session::TrainController::State::Finished)
        qWarning("training ended with: %s", qPrintable(controller.errorText()));
    return controller.state() == session::TrainController::State::Finished ? controller.runId() : QString();
}

/// One layer, 32 wide: seconds on any machine.
inline Json tinyShape() {
    return {{"layers", 1}, {"hidden_size", 32}, {"heads", 2}, {"vocab_size", 300}, {"precision", "float32"}};
}

}  // namespace lathe::test
